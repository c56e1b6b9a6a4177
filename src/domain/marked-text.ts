import type { CheckedField, CheckedFigure, ReportCheck } from './report';

/** What stands behind a figure that code could not bear out. */
export const UNVERIFIED_MARK = '[unverified]';
/** What stands before a text that holds such a figure. */
const HYPOTHESIS = 'Hypothesis, not verified: ';

/** The text without marks that only code gives, such as `[verified]` or `✓`. As long as before: figures stay at their places. */
export function withoutForeignMarks(text: string): string {
  return text
    .replace(/\[([^[\]]{1,40})\]/g, (mark, word: string) => (MARK_WORDS.test(word) ? `(${word})` : mark))
    .replace(/[✓✔✅☑]/g, '·');
}

const MARK_WORDS = /verified|checked|quoted|derived|recomputed/i;

/** A text of the report with a mark behind each figure that nothing bears out: nobody takes it for a fact. */
export function markedText(text: string, field: CheckedField, check: ReportCheck | undefined): string {
  return withMarks(
    withoutForeignMarks(text),
    doubtful(field, check).map((figure) => endOf(figure, text)),
  );
}

/** Shorter ones stand in too many places to be the same figure. Characters. */
const TELLING_FIGURE = 3;

/**
 * A text that has no field of its own (an action, who is affected): the figures that are in doubt elsewhere are so here.
 * @param own figures that are in doubt in this very text, however short
 */
export function markedElsewhere(text: string, check: ReportCheck | undefined, own: readonly string[] = []): string {
  const figures = (check?.figures ?? [])
    .filter(({ verified }) => verified === 'unverified')
    .map((figure) => figure.text);
  const telling = figures.filter((figure) => figure.length >= TELLING_FIGURE && /\d/.test(figure));
  return withMarks(
    withoutForeignMarks(text),
    [...new Set([...telling, ...own])].flatMap((figure) => placesOf(figure, text).map((at) => at + figure.length)),
  );
}

/** The same, said to be a hypothesis when it is one: how every reader is told a text of the report. */
export function toldText(text: string, field: CheckedField, check: ReportCheck | undefined): string {
  return isDoubtful(field, check) && text.trim() !== ''
    ? HYPOTHESIS + markedText(text, field, check)
    : withoutForeignMarks(text);
}

/** Whether code found a figure in this text that nothing bears out. */
export function isDoubtful(field: CheckedField, check: ReportCheck | undefined): boolean {
  return doubtful(field, check).length > 0;
}

function doubtful(field: CheckedField, check: ReportCheck | undefined): CheckedFigure[] {
  return (check?.figures ?? []).filter((figure) => figure.field === field && figure.verified === 'unverified');
}

/** Where the word ends in which the figure stands: `83ms` is marked as a whole. A figure that is not found marks the text's end. */
function endOf({ text: figure, at }: CheckedFigure, text: string): number {
  const start = text.startsWith(figure, at) ? at : text.indexOf(figure);
  if (start === -1 || figure === '') return text.length;
  const end = start + figure.length;
  return end + (/^(?:[\p{L}\p{N}\p{M}%]+|[ \u00a0\u202f]%)/u.exec(text.slice(end))?.[0].length ?? 0);
}

/** Where a figure stands by itself, not as a part of a longer one. */
function placesOf(figure: string, text: string): number[] {
  const places: number[] = [];
  if (figure === '') return places;
  for (let at = text.indexOf(figure); at !== -1; at = text.indexOf(figure, at + figure.length)) {
    const before = text.slice(Math.max(0, at - 3), at);
    const after = text.slice(at + figure.length, at + figure.length + 3);
    if (!/[\p{L}\p{N}][.,]?$/u.test(before) && !/^[.,]?[\p{L}\p{N}]/u.test(after)) places.push(at);
  }
  return places;
}

function withMarks(text: string, places: readonly number[]): string {
  const ends = [...new Set(places)].toSorted((a, b) => a - b);
  const pieces = [...ends, text.length].map((end, i) => text.slice(ends[i - 1] ?? 0, end));
  return pieces.join(` ${UNVERIFIED_MARK}`);
}
