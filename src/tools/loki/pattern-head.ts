import { formatTime, type TimeRange } from '../time-input';
import type { ComparedPattern, Coverage, Windows } from './compare-patterns';
import { counted, kindsInWords } from './pattern-text';
import type { AskedWindows } from './pattern-windows';
import { MAX_LINES } from './read-window';

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
  const before = unread === undefined ? read(baseline, windows?.before) : ', not read';
  return [
    `query: ${query}`,
    `range: ${formatTime(range.start)} to ${formatTime(range.end)}${windows?.now.cut ? read(range, windows.now) : ''}`,
    `baseline: ${formatTime(baseline.start)} to ${formatTime(baseline.end)}${before}`,
  ];
}

function read({ end }: TimeRange, coverage: Coverage | undefined): string {
  if (!coverage) return '';
  if (!coverage.cut) return `, ${counted(coverage.lines, 'line')}`;
  const from = new Date(Math.floor((end.getTime() - coverage.minutes * 60_000) / 1000) * 1000);
  return `, its newest ${MAX_LINES} lines, from ${formatTime(from)} on`;
}

/** `result: 14 patterns of 1204 lines: 3 new, 1 risen, 10 the same`. */
export function resultLine(patterns: readonly ComparedPattern[], { now }: Windows): string {
  const cut = now.cut ? `; the limit of ${MAX_LINES} lines is reached: counts are at least` : '';
  return `result: ${counted(patterns.length, 'pattern')} of ${counted(now.lines, 'line')}: ${kindsInWords(patterns)}${cut}`;
}

const NARROW = 'filter by level or text, or shorten the range around the onset';

/** What keeps the two windows from being compared, and what to do about it. */
export function readingNotes({ now, before }: Windows, unread?: string): string[] {
  const notes: string[] = [];
  if (now.cut) {
    notes.push(
      `note: the range holds more lines than were read: first is not the first of all, nothing is called gone; ${NARROW}`,
    );
  }
  if (unread !== undefined)
    notes.push(`note: what is new cannot be told: the baseline could not be read (${unread.trim().replace(/\s*\n\s*/g, ' ')})`);
  else if (before.cut) {
    notes.push(
      `note: the baseline holds more lines than were read: what is not among them may still be old (seen, not new); ${NARROW}`,
    );
  } else if (before.silent) {
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
