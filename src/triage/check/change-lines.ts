import { readChangeLine } from '../../domain/change-line';
import { ALERT_TITLE, ALIVE, DEAD, type SentText } from '../../domain/sent-texts';
import { bodyOf, ourLines, type SentTexts } from './sent-body';

/** Whether a text is an answer of `list_changes`, or a part of one. */
export function isListOfChanges({ source, status }: SentText): boolean {
  return source === 'list_changes' && status !== undefined && status !== 'failed';
}

/**
 * The lines on changes that Vigil wrote: of the opening message, and of what was listed. What others wrote of a change
 * stands behind its names, or indented below it.
 */
export function linesOnChanges(sent: SentTexts): string[] {
  const listed = [...sent.values()].filter(isListOfChanges);
  return [...ourLines(sent).map(({ line }) => line), ...listed.flatMap((one) => bodyOf(one).split('\n'))];
}

/** Whether anybody tells of changes here: it is said so, or some are shown, and nothing says that nobody does. */
export function changesAreRecorded(sent: SentTexts): boolean {
  const lines = linesOnChanges(sent);
  if (lines.some((line) => line.startsWith(`${DEAD}no change was `) || line.startsWith(`${DEAD}changes`))) return false;
  return lines.some((line) => line.startsWith(`${ALIVE}changes`) || readChangeLine(line) !== undefined);
}

/** When the alert began, in Unix milliseconds. */
export function alertStart(sent: SentTexts): number | undefined {
  const alert = [...sent.values()].find(({ source }) => source === ALERT_TITLE);
  const at = Date.parse(/^starts at: (\S+)$/m.exec(alert?.text ?? '')?.[1] ?? '');
  return Number.isNaN(at) ? undefined : at;
}
