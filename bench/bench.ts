/** One figure of a bench; the run adds the bench's name. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What the machine did meanwhile without Vigil, in the same unit unless the bench says otherwise. */
  readonly calibration: number;
  /** Where it is one: value by calibration. */
  readonly ratio?: number;
  /** What stands in its line besides. */
  readonly more?: Readonly<Record<string, number | boolean>>;
}

/** What a bench is given. */
export interface BenchContext {
  /** A quick pass that shows that the bench works; its figures say nothing. */
  readonly short: boolean;
  /** Where the service leaves a CPU profile, if it is wanted. */
  readonly profileDir?: string;
  /** Where the texts are left whose size is measured, if they are wanted. */
  readonly textsDir?: string;
  /** Progress, for people. */
  note(text: string): void;
  /** What ends with the bench, whatever becomes of it; the last one first. */
  undo(step: () => Promise<unknown>): void;
}

export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;

/** The bench cannot go on; the message says what happened and what to do. */
export class BenchStopped extends Error {}
