import type { Labels } from '../domain/alert';
import { commonLine } from './fit';
import type { Grid } from './metric-text';

/** A text in its room, and whether it shows every series and every value. */
export interface Fitted {
  readonly text: string;
  readonly isWhole: boolean;
}

export interface MetricRoom {
  readonly roomChars: number;
  /** Of a range query; without it a matrix shows the times it came with. */
  readonly grid?: Grid;
  /** What changed around it comes first, where it lies in the range. */
  readonly startsAt?: Date;
}

/** Characters of the labels of one series in a text. */
export const MAX_NAME_CHARS = 300;
/** Of those that all share, said once. */
const MAX_COMMON_CHARS = 600;

/** How the line on the others ends. */
export const READ_THE_REST =
  '; read_result with this handle shows any of them, a narrower selector or sum by (…) fewer';

/** `result: matrix, 12 series`, and below it the labels that all of them share. */
export function headOf(type: 'vector' | 'matrix', count: number, common: Labels): string {
  return [`result: ${type}, ${count} series`, ...commonLine(common, MAX_COMMON_CHARS)].join('\n');
}
