import type { Firing } from '../../domain/alert';
import { beginning } from '../../domain/clipped';
import { expenses } from '../../domain/expenses';
import type { EvidenceViewers } from '../../domain/evidence-link';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import type { Urgency } from '../../domain/report';
import { evidenceByWorth } from '../../domain/report-in-words';
import type { Triage } from '../../domain/triage';
import { type Verdict, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import type { CallContext } from './call-section';
import { html, type Html, proseHtml } from './html';
import { markedInline } from './marked-html';
import { pageFrame } from './page-frame';
import { type PageRooms, pageRooms } from './page-room';
import { flagNotes, reportSection } from './report-section';
import { type Sources, sourcesOf } from './sources';
import { storySection } from './story-section';
import { resolvedNote, stateNote, truncationNote } from './state-note';

/**
 * The page behind a signed link, whole: the report first, then the conversation behind it. To be sent with PAGE_SECURITY_HEADERS.
 * @param viewers where the data behind the evidence can be looked at; absent: nowhere
 */
export function triagePage(triage: Triage, viewers?: EvidenceViewers): string {
  const verdict = verdictOf(triage);
  const { report, conversations } = triage;
  const sources = sourcesOf(conversations, viewers);
  const context = contextOf(triage, sources);
  return pageFrame(
    `${VERDICT_TITLES[verdict]}: ${triage.alertName}`,
    html`<header>
        <span class="chip ${CHIP_COLOURS[verdict]}">${VERDICT_TITLES[verdict]}</span>
        ${report && urgencyChip(report.urgency)} ${report && flagNotes(report, sources)} ${heading(triage)}
        <p class="soft">${subtitle(triage)}</p>
      </header>
      <div class="columns">
        <main>
          ${resolvedNote(triage.firings)} ${stateNote(triage)} ${truncationNote(triage)}
          ${report ? reportSection(report, sources) : analysis(triage)}
        </main>
        <aside>${facts(triage)}</aside>
        <div>
          ${conversations.map((conversation, i) => storySection(conversation, context, i > 0))}
          ${alerts(triage.firings, context.rooms)} ${deliveries(triage)}
        </div>
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

function contextOf({ report, firings }: Triage, sources: Sources): CallContext {
  const pieces = report ? evidenceByWorth(report) : [];
  const citedBy = Map.groupBy(
    pieces.map(({ piece: { source } }, i) => ({ source, number: i + 1 })),
    ({ source }) => source,
  );
  return {
    alertStart: startOf(firings),
    citedBy: new Map(Array.from(citedBy, ([source, cited]) => [source, cited.map(({ number }) => number)])),
    sources,
    rooms: pageRooms(),
  };
}

/** How soon somebody must act, in words before anything else. */
const URGENCY_CHIPS: Readonly<Record<Urgency, readonly [words: string, colour: string]>> = {
  now: ['Act now', 'bad'],
  today: ['Act today', 'warn'],
  can_wait: ['Can wait', ''],
  none: ['No hurry', ''],
};

function urgencyChip(urgency: Urgency): Html {
  const [words, colour] = URGENCY_CHIPS[urgency];
  return html`<span class="chip ${colour}">${words}</span>`;
}

/** A heading that fills a telephone tells nothing: what is longer stands below it, whole. */
const LONGEST_HEADING = 160;

function heading({ report, summary, alertName }: Triage): Html {
  const text = report?.headline.trim() ? report.headline : summary?.trim() || alertName;
  const check = text === report?.headline ? report.check : undefined;
  if (text.length <= LONGEST_HEADING) return html`<h1>${markedInline(text, 'headline', check)}</h1>`;
  return html`<h1>${markedInline(`${beginning(text, LONGEST_HEADING)}…`, 'headline', check)}</h1>
    <p>${markedInline(text, 'headline', check)}</p>`;
}

function subtitle(triage: Triage): string {
  const since = firingSince(triage);
  const parts = [triage.alertName, triage.severity || 'severity not given', since && `firing since ${since}`];
  return parts.filter(Boolean).join(' · ');
}

function firingSince({ firings }: Triage): string | undefined {
  const start = startOf(firings);
  return start && momentInWords(start);
}

/** When the first of the alerts began. */
function startOf(firings: readonly Firing[]): Date | undefined {
  if (firings.length === 0) return undefined;
  return new Date(Math.min(...firings.map(({ startsAt }) => startsAt.getTime())));
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

function alerts(firings: readonly Firing[], { exact }: PageRooms): Html | undefined {
  if (firings.length === 0) return undefined;
  return html`<h2>${firings.length === 1 ? 'The alert' : 'The alerts'}</h2>
    ${firings.map((firing) =>
      exact.hold(
        html`<details>
          <summary>
            ${firing.labels['alertname'] ?? firing.fingerprint}
            <span class="soft">${firing.status} since ${momentInWords(firing.startsAt)}</span>
          </summary>
          <pre>
${JSON.stringify({ labels: firing.labels, annotations: firing.annotations, generator_url: firing.generatorUrl }, null, 2)}</pre>
        </details>`,
      ),
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
