import type { Firing } from '../../domain/alert';
import { beginning } from '../../domain/clipped';
import { expenses } from '../../domain/expenses';
import type { EvidenceViewers } from '../../domain/evidence-link';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import type { Triage } from '../../domain/triage';
import { type Verdict, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import { conversationSection, sourcesOf } from './conversation-section';
import { html, type Html, inlineHtml, proseHtml } from './html';
import { pageFrame } from './page-frame';
import { reportSection } from './report-section';
import { resolvedNote, stateNote, truncationNote } from './state-note';

/**
 * The page behind a signed link, whole: the report first, then the conversation behind it. To be sent with PAGE_SECURITY_HEADERS.
 * @param viewers where the data behind the evidence can be looked at; absent: nowhere
 */
export function triagePage(triage: Triage, viewers?: EvidenceViewers): string {
  const verdict = verdictOf(triage);
  return pageFrame(
    `${VERDICT_TITLES[verdict]}: ${triage.alertName}`,
    html`<header>
        <span class="chip ${CHIP_COLOURS[verdict]}">${VERDICT_TITLES[verdict]}</span>
        ${heading(headline(triage))}
        <p class="soft">${subtitle(triage)}</p>
      </header>
      <div class="columns">
        <main>
          ${resolvedNote(triage.firings)} ${stateNote(triage)} ${truncationNote(triage)}
          ${triage.report ? reportSection(triage.report, sourcesOf(triage.conversations, viewers)) : analysis(triage)}
        </main>
        <aside>${facts(triage)}</aside>
        <div>${triage.conversations.map(conversationSection)} ${alerts(triage.firings)} ${deliveries(triage)}</div>
      </div>`,
  );
}

const CHIP_COLOURS: Readonly<Record<Verdict, string>> = {
  cause_found: 'good',
  cause_possible: 'warn',
  inconclusive: 'warn',
  analysed: 'warn',
  partial: 'warn',
  no_report: 'bad',
  failed: 'bad',
  error: 'bad',
  cancelled: '',
  queued: '',
  running: '',
  waiting: 'warn',
};

function headline({ report, summary, alertName }: Triage): string {
  return report?.headline.trim() || summary?.trim() || alertName;
}

/** A heading that fills a telephone tells nothing: what is longer stands below it, whole. */
const LONGEST_HEADING = 160;

function heading(text: string): Html {
  if (text.length <= LONGEST_HEADING) return html`<h1>${inlineHtml(text)}</h1>`;
  return html`<h1>${inlineHtml(`${beginning(text, LONGEST_HEADING)}…`)}</h1>
    <p>${inlineHtml(text)}</p>`;
}

function subtitle(triage: Triage): string {
  const since = firingSince(triage);
  const parts = [triage.alertName, triage.severity || 'severity not given', since && `firing since ${since}`];
  return parts.filter(Boolean).join(' · ');
}

function firingSince({ firings }: Triage): string | undefined {
  if (firings.length === 0) return undefined;
  return momentInWords(new Date(Math.min(...firings.map((firing) => firing.startsAt.getTime()))));
}

function facts(triage: Triage): Html {
  const spent = expenses(triage.conversations);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Severity', triage.severity || 'not given'],
    ['Firing since', firingSince(triage)],
    ['Investigated', triage.startedAt && momentInWords(triage.startedAt)],
    ['Took', triage.runningMs > 0 ? durationInWords(triage.runningMs) : undefined],
    ['Attempts', triage.attempts > 1 ? String(triage.attempts) : undefined],
    ['Tool calls', spent && `${spent.toolCalls} (${durationInWords(spent.toolMs)})`],
    ['Tokens', spent && `${countInWords(spent.tokensIn, 'token')} in, ${spent.tokensOut.toLocaleString('en-US')} out`],
    ['Cost', spent && (spent.costUsd === null ? 'no price known' : dollarsInWords(spent.costUsd))],
    ['Model', triage.conversations[0]?.model],
    ['Triage', triage.id],
  ];
  return html`<dl class="card">
    ${rows.map(([name, value]) =>
      value === undefined
        ? html``
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`,
    )}
  </dl>`;
}

function analysis({ analysis: text }: Triage): Html | undefined {
  return text ? html`<section class="card">${proseHtml(text)}</section>` : undefined;
}

function alerts(firings: readonly Firing[]): Html | undefined {
  if (firings.length === 0) return undefined;
  return html`<h2>${firings.length === 1 ? 'The alert' : 'The alerts'}</h2>
    ${firings.map(
      (firing) =>
        html`<details>
          <summary>
            ${firing.labels['alertname'] ?? firing.fingerprint}
            <span class="soft">${firing.status} since ${momentInWords(firing.startsAt)}</span>
          </summary>
          <pre>
${JSON.stringify({ labels: firing.labels, annotations: firing.annotations, generator_url: firing.generatorUrl }, null, 2)}</pre>
        </details>`,
    )}`;
}

function deliveries({ deliveries: owed }: Triage): Html | undefined {
  if (owed.length === 0) return undefined;
  return html`<h2>Deliveries</h2>
    <ul>
      ${owed.map(
        ({ channel, kind, state, deliveredAt, reason }) =>
          html`<li>
            ${kind} to ${channel}:
            ${state.replaceAll('_', ' ')}${deliveredAt && `, ${momentInWords(deliveredAt)}`}${reason && `: ${reason}`}
          </li>`,
      )}
    </ul>`;
}
