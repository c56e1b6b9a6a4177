import type { Labels } from '../../domain/alert';
import type { Confidence, ReportCheck } from '../../domain/report';
import type { EndedBy, Outcome } from '../../domain/triage';

/** What came of a triage that has ended. */
export interface EarlierTriage {
  readonly id: string;
  readonly fingerprint: string;
  /** Of the firing that it looked into. */
  readonly labels: Labels;
  readonly completedAt: Date;
  readonly outcome: Outcome;
  readonly endedBy?: EndedBy;
  /** Absent: it ended without one. */
  readonly conclusion?: {
    readonly headline: string;
    readonly component: string;
    readonly change: string | null;
    readonly confidence: Confidence;
    readonly check?: ReportCheck;
  };
}

/** The triages that have ended; those that were cancelled before they began are none. */
export abstract class TriageHistory {
  /** Of this fingerprint first, then others of this alert name; newest first; without `triageId`; at most `limit`. */
  abstract earlier(
    of: { readonly triageId: string; readonly fingerprint: string; readonly alertName: string },
    limit: number,
  ): Promise<readonly EarlierTriage[]>;
}
