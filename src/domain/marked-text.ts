import type { CheckedField, ReportCheck } from './report';

/** What stands behind a figure that code could not bear out. */
export const UNVERIFIED_MARK = '[unverified]';

/** A text of the report with a mark behind each figure that nothing bears out: nobody takes it for a fact. */
export function markedText(text: string, field: CheckedField, check: ReportCheck | undefined): string {
  const doubtful = (check?.figures ?? []).filter(
    (figure) => figure.field === field && figure.verified === 'unverified',
  );
  return doubtful
    .toSorted((a, b) => b.at - a.at)
    .reduce((marked, { text: figure, at }) => {
      const end = at + figure.length;
      return `${marked.slice(0, end)} ${UNVERIFIED_MARK}${marked.slice(end)}`;
    }, text);
}

/** Whether code found a figure in this text that nothing bears out. */
export function isDoubtful(field: CheckedField, check: ReportCheck | undefined): boolean {
  return (check?.figures ?? []).some((figure) => figure.field === field && figure.verified === 'unverified');
}
