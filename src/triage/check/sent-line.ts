import type { Handle } from '../../domain/conversation';
import type { PatternKind } from '../../domain/pattern-line';
import type { Figure } from './figure';
import type { Measured } from './fits';
import type { HeadCount } from './head-counts';
import type { LabelPair } from './labels';
import type { MeasuredUnit } from './measured-unit';
import type { Series } from './series';

/** One line of a sent text that can bear something out. */
export interface SentLine {
  readonly handle: Handle;
  readonly text: string;
  /** `rule`: an expression; it says what is measured, over which window and against which threshold, and no value. */
  readonly kind: 'series' | 'words' | 'rule';
  /** The line's own labels and those that its text shares. */
  readonly labels: readonly LabelPair[];
  /** Where names are looked for besides: the line, and the line that it is indented under. */
  readonly names: string;
  readonly series?: Series;
  /** The line tells so many series together, none of them by itself; `each`: all have this value. */
  readonly others?: { readonly count: number; readonly each?: number };
  /** What its values are of, where that is not the expression of its text. */
  readonly unit?: MeasuredUnit;
  readonly figures: readonly Figure[];
  /** How many equal log lines are folded into it. */
  readonly times: number;
  /** Of a line that tells of a pattern of the log: what those lines say. */
  readonly pattern?: { readonly kind: PatternKind; readonly message: string };
}

/** A sent text, read once: what it holds without its head and without lines that give orders. */
export interface ReadText {
  readonly handle: Handle;
  readonly lines: readonly SentLine[];
  /** What its values are of: the query of a result, the expression of a section. */
  readonly expression: string;
  readonly matchers: readonly LabelPair[];
  readonly unit: MeasuredUnit;
  /** Unix seconds of the range or the moment that was asked for. */
  readonly asked?: { readonly from: number; readonly to: number };
  /** How many series or lines our head says were found; a limit that was reached makes it no count. */
  readonly found?: {
    readonly counts: readonly number[];
    readonly atLeast: boolean;
    readonly isOfChanges: boolean;
    /** What each of them counts; of log lines the query says it. */
    readonly heads: readonly HeadCount[];
  };
  /** A section of the opening message. */
  readonly opening: boolean;
  /** Against what the rule of the alert compares, in the unit of its expression. */
  readonly limit?: Measured;
  /** What was concluded of an earlier firing. */
  readonly past?: boolean;
}

/** A value of a result, in the unit of its expression. */
export function measuredValue({ of, perSeconds }: MeasuredUnit, value: number): Measured {
  return { value, of, scales: [of === 'milliseconds' ? 1e-3 : 1], perSeconds, written: false };
}
