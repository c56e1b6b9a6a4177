import { formatNumber } from '../fit';
import { formatTime } from '../time-input';
import type { ComparedPattern, Coverage, Windows } from './compare-patterns';
import { counted, kindsInWords } from './pattern-text';
import type { AskedWindows } from './pattern-windows';
import type { Loud } from './read-window';

interface Head {
  readonly query: string;
  readonly asked: AskedWindows;
  /** Absent: nothing was read. */
  readonly windows?: Windows;
  /** Why the baseline was not read. */
  readonly unread?: string;
}

/** What was asked, and which part of it was read. */
export function patternHead({ query, asked: { range, baseline }, windows, unread }: Head): string[] {
  const before = unread === undefined ? read(windows?.before) : ', not read';
  return [
    `query: ${query}`,
    `range: ${formatTime(range.start)} to ${formatTime(range.end)}${windows?.now.sample ? read(windows.now) : ''}`,
    `baseline: ${formatTime(baseline.start)} to ${formatTime(baseline.end)}${before}`,
  ];
}

/** `, sampled: 3000 of 84000 lines, the newest 500 of each 250 s, and all 12 that name a failure`. */
function read(coverage: Coverage | undefined): string {
  if (!coverage) return '';
  const { sample } = coverage;
  if (!sample) return `, ${counted(coverage.lines, 'line')}`;
  const { of, lines, linesEach, lengthMs, unread, count, loud } = sample;
  const all = of === undefined ? 'of more lines' : `of ${of} lines`;
  const missing = unread > 0 ? ` (${unread} of ${count} parts could not be read)` : '';
  const beside = loud ? `, and ${loudRead(loud)}` : '';
  return `, sampled: ${lines} ${all}, the newest ${linesEach} of each ${formatNumber(lengthMs / 1000)} s${missing}${beside}`;
}

function loudRead({ lines, without }: Loud): string {
  if (lines === 0) return 'none names a failure';
  if (!without) return `${lines} of those that name a failure`;
  if (without.length === 0) return `all ${lines} that name a failure`;
  return `${lines} that name a failure, all but for the most frequent kinds of them (${without.length})`;
}

/** `result: 14 patterns of 1204 lines: 3 new, 1 risen, 10 the same`. */
export function resultLine(patterns: readonly ComparedPattern[], { now }: Windows): string {
  return `result: ${counted(patterns.length, 'pattern')} of ${counted(now.lines, 'line')}${now.sample ? ' read' : ''}: ${kindsInWords(patterns)}`;
}

const NARROW = 'filter by level or text, or shorten the range around the onset';

/** What keeps the two windows from being compared, and what to do about it. */
export function readingNotes({ now, before }: Windows, unread?: string): string[] {
  const notes: string[] = [];
  if (now.sample || before.sample) {
    notes.push(
      `note: where a rate stands, the counts are of the sample and the rate is an estimate; without one all lines were read. A rare line that names no failure may be missed: ${NARROW}`,
    );
  }
  if (unread !== undefined)
    notes.push(
      `note: what is new cannot be told: the baseline could not be read (${unread.trim().replace(/\s*\n\s*/g, ' ')})`,
    );
  else if (before.silent) {
    notes.push(
      'note: what is new cannot be told: the source logged nothing in the baseline (it may have been silent, or not yet there); choose another baseline',
    );
  } else if (before.lines === 0) {
    notes.push('note: the source logged in the baseline, and no line of it matched');
  }
  if (now.lines === 0 && before.lines > 0) {
    notes.push(
      now.silent
        ? 'note: the source logged nothing at all in the range: it fell silent, or its logs do not arrive; its metrics (up) tell which'
        : 'note: no line of the range matched, though the source logged in it',
    );
  }
  return notes;
}
