import type { Firing } from '../../domain/alert';
import { assertNever } from '../../domain/errors';
import { expenses } from '../../domain/expenses';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import type { Triage } from '../../domain/triage';
import { endingInWords, type Verdict, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import { conversationSection, handlesOf } from './conversation-section';
import { html, type Html, inlineHtml, proseHtml, raw } from './html';
import { PAGE_STYLE } from './page-style';
import { reportSection } from './report-section';

/** The page behind a signed link, whole: the report first, then the conversation behind it. To be sent with PAGE_SECURITY_HEADERS. */
export function triagePage(triage: Triage): string {
  const verdict = verdictOf(triage);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${VERDICT_TITLES[verdict]}: ${triage.alertName}</title>
        <style>${raw(PAGE_STYLE)}</style>
      </head>
      <body>
        <div class="page">
          <header>
            <span class="chip ${CHIP_COLOURS[verdict]}">${VERDICT_TITLES[verdict]}</span>
            <h1>${headline(triage)}</h1>
            <p class="soft">${triage.alertName}${triage.summary && ` · ${triage.summary}`}</p>
          </header>
          <div class="columns">
            <aside>${facts(triage)}</aside>
            <main>
              ${resolvedNote(triage.firings)} ${stateNote(triage)}
              ${triage.report ? reportSection(triage.report, handlesOf(triage.conversations)) : analysis(triage)}
              ${triage.conversations.map(conversationSection)}
              ${alerts(triage.firings)} ${deliveries(triage)}
            </main>
          </div>
        </div>
      </body>
    </html> `.text;
}

const CHIP_COLOURS: Readonly<Record<Verdict, string>> = {
  cause_found: 'good',
  cause_possible: 'warn',
  inconclusive: 'warn',
  analysed: 'warn',
  partial: 'warn',
  failed: 'bad',
  error: 'bad',
  cancelled: '',
  queued: '',
  running: '',
  waiting: 'warn',
};

function headline({ report, alertName }: Triage): Html[] {
  return inlineHtml(report?.headline.trim() || alertName);
}

function facts(triage: Triage): Html {
  const spent = expenses(triage.conversations);
  const starts = triage.firings.map((firing) => firing.startsAt.getTime());
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Severity', triage.severity || 'not given'],
    ['Firing since', starts.length > 0 ? momentInWords(new Date(Math.min(...starts))) : undefined],
    ['Investigated', triage.startedAt && momentInWords(triage.startedAt)],
    ['Took', triage.startedAt && durationInWords(triage.runningMs)],
    ['Attempts', triage.attempts > 1 ? String(triage.attempts) : undefined],
    ['Tool calls', spent && `${spent.toolCalls} (${durationInWords(spent.toolMs)})`],
    ['Tokens', spent && `${countInWords(spent.tokensIn, 'token')} in, ${spent.tokensOut.toLocaleString('en-US')} out`],
    ['Cost', spent && (spent.costUsd === null ? 'no price known' : dollarsInWords(spent.costUsd))],
    ['Model', triage.conversations[0]?.model],
    ['Triage', triage.id],
  ];
  return html`<dl class="card">
    ${rows.map(([name, value]) => (value === undefined ? html`` : html`<dt>${name}</dt><dd>${value}</dd>`))}
  </dl>`;
}

function resolvedNote(firings: readonly Firing[]): Html | undefined {
  if (firings.length === 0 || firings.some((firing) => firing.status === 'firing')) return undefined;
  const ends = firings.flatMap((firing) => firing.endsAt?.getTime() ?? []);
  const at = ends.length > 0 ? ` It ended at ${momentInWords(new Date(Math.max(...ends)))}.` : '';
  return html`<div class="note calm"><p><strong>The alert has resolved.</strong>${at}</p></div>`;
}

/** What a reader must know before the text: why there is none yet, or why it is less than a report. */
function stateNote(triage: Triage): Html | undefined {
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

function analysis({ analysis: text }: Triage): Html | undefined {
  return text ? html`<section class="card">${proseHtml(text)}</section>` : undefined;
}

function alerts(firings: readonly Firing[]): Html | undefined {
  if (firings.length === 0) return undefined;
  return html`<h2>${firings.length === 1 ? 'The alert' : 'The alerts'}</h2>
    ${firings.map(
      (firing) => html`<details>
        <summary>${firing.labels['alertname'] ?? firing.fingerprint} <span class="soft">${firing.status} since ${momentInWords(firing.startsAt)}</span></summary>
        <pre>${JSON.stringify({ labels: firing.labels, annotations: firing.annotations, generator_url: firing.generatorUrl }, null, 2)}</pre>
      </details>`,
    )}`;
}

function deliveries({ deliveries: owed }: Triage): Html | undefined {
  if (owed.length === 0) return undefined;
  return html`<h2>Deliveries</h2>
    <ul>
      ${owed.map(
        ({ channel, kind, state, deliveredAt, reason }) =>
          html`<li>${kind} to ${channel}: ${state.replaceAll('_', ' ')}${deliveredAt && `, ${momentInWords(deliveredAt)}`}${reason && `: ${reason}`}</li>`,
      )}
    </ul>`;
}
