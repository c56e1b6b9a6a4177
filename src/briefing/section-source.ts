import type { Firing } from '../domain/alert';

/** What is looked into. */
export interface BriefingSubject {
  readonly triageId: string;
  readonly alertName: string;
  /** The firing that opened the triage. */
  readonly firing: Firing;
  /** One moment for all sections. */
  readonly now: Date;
}

/** Something that can be known before the model is asked: one section of the opening message. */
export interface SectionSource {
  /** What the section holds, in our words: it stands behind its handle. */
  readonly title: string;
  /** The most characters that its text may have. */
  readonly maxChars: number;
  /**
   * The facts as lines, the same for the same facts. What could not be found out is a line that begins with
   * `not known: ` (sent-texts.ts) and gives the reason. Throws a VigilError whose message says why there is nothing.
   */
  gather(subject: BriefingSubject, signal: AbortSignal): Promise<string>;
}
