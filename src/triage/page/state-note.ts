import { type Firing, resolutionOf } from '../../domain/alert';
import { assertNever } from '../../domain/errors';
import { momentInWords, truncationInWords } from '../../domain/in-words';
import type { Triage } from '../../domain/triage';
import { endingInWords } from '../../domain/verdict';
import { html, type Html } from './html';

/** An alert that is over needs no one to get up, whatever the report says. */
export function resolvedNote(firings: readonly Firing[]): Html | undefined {
  const resolution = resolutionOf(firings);
  return (
    resolution &&
    html`<div class="note calm">
      <p>
        <strong>The alert has resolved.</strong>${resolution.at ? ` It ended at ${momentInWords(resolution.at)}.` : ''}
      </p>
    </div>`
  );
}

/** The report is about the alerts that were sent: more of the group may fire. */
export function truncationNote({ truncatedAlerts }: Triage): Html | undefined {
  if (!truncatedAlerts) return undefined;
  return html`<div class="note"><p>${truncationInWords(truncatedAlerts)}</p></div>`;
}

/** What a reader must know before the text: why there is none yet, or why it is less than a report. */
export function stateNote(triage: Triage): Html | undefined {
  const sentence = stateInWords(triage);
  return sentence === undefined ? undefined : html`<div class="note"><p>${sentence}</p></div>`;
}

function stateInWords(triage: Triage): string | undefined {
  switch (triage.status) {
    case 'queued':
      return 'The investigation has not begun: it waits for a free worker. Load the page again in a moment.';
    case 'running':
      return 'The investigation is running. Load the page again to see how far it is.';
    case 'waiting':
      return `${waitInWords(triage)}${triage.dueAt ? ` It goes on at ${momentInWords(triage.dueAt)} or earlier.` : ''}`;
    case 'finished':
      return endingInWords(triage.endedBy);
    default:
      return assertNever(triage.status);
  }
}

function waitInWords({ waitReason }: Triage): string {
  switch (waitReason) {
    case 'cool_down':
      return 'This alert had a report a short while ago: the investigation waits for the end of the cool-down.';
    case 'model_unavailable':
      return 'The model cannot be reached: the investigation waits for it. What was found so far is kept.';
    case 'money':
      return "The day's money is spent: the investigation waits for tomorrow's.";
    case undefined:
      return 'The investigation waits.';
    default:
      return assertNever(waitReason);
  }
}
