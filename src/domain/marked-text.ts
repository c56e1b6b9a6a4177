import type { CheckedField, CheckedFigure, ReportCheck } from './report';

/** What stands behind a figure that code could not bear out. */
export const UNVERIFIED_MARK = '[unverified]';
/** What stands before a text that holds such a figure. */
const HYPOTHESIS = 'Hypothesis, not verified: ';

/** A text of the report with a mark behind each figure that nothing bears out: nobody takes it for a fact. */
export function markedText(text: string, field: CheckedField, check: ReportCheck | undefined): string {
  const ends = new Set(doubtful(field, check).map((figure) => endOf(figure, text)));
  return [...ends]
    .toSorted((a, b) => b - a)
    .reduce((marked, end) => `${marked.slice(0, end)} ${UNVERIFIED_MARK}${marked.slice(end)}`, text);
}

/** The same, said to be a hypothesis when it is one: how every reader is told a text of the report. */
export function toldText(text: string, field: CheckedField, check: ReportCheck | undefined): string {
  return isDoubtful(field, check) && text.trim() !== '' ? HYPOTHESIS + markedText(text, field, check) : text;
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
