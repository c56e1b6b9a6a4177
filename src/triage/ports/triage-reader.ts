import type { Triage } from '../../domain/triage';

/** Triages for those who look at them. */
export abstract class TriageReader {
  /** With its firings, conversations and deliveries; undefined when there is none of this id. */
  abstract find(triageId: string): Promise<Triage | undefined>;
}
