import { createHash } from 'node:crypto';
import type { Firing } from '../../domain/alert';
import { expenses } from '../../domain/expenses';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import type { Triage } from '../../domain/triage';
import { type Verdict, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import { anchorsOf, conversationSection } from './conversation-section';
import { html, type Html, inlineHtml, proseHtml, raw } from './html';
import { PAGE_STYLE } from './page-style';
import { reportSection } from './report-section';
import { resolvedNote, stateNote, truncationNote } from './state-note';

/** Whole here, because the hash is that of every character between the tags. */
const STYLE = raw(`<style>${PAGE_STYLE}</style>`);
const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/**
 * The headers of a triage page. It runs nothing, loads nothing, is framed by nobody, and its address, which opens it,
 * is told to nobody and kept by no cache.
 */
export const PAGE_SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'private, no-store',
  'x-robots-tag': 'noindex, nofollow',
};

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
        ${STYLE}
      </head>
      <body>
        <div class="page">
          <header>
            <span class="chip ${CHIP_COLOURS[verdict]}">${VERDICT_TITLES[verdict]}</span>
            <h1>${headline(triage)}</h1>
            <p class="soft">${subtitle(triage)}</p>
          </header>
          <div class="columns">
            <main>
              ${resolvedNote(triage.firings)} ${stateNote(triage)} ${truncationNote(triage)}
              ${triage.report ? reportSection(triage.report, anchorsOf(triage.conversations)) : analysis(triage)}
            </main>
            <aside>${facts(triage)}</aside>
            <div>${triage.conversations.map(conversationSection)} ${alerts(triage.firings)} ${deliveries(triage)}</div>
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
  no_report: 'bad',
  failed: 'bad',
  error: 'bad',
  cancelled: '',
  queued: '',
  running: '',
  waiting: 'warn',
};

function headline({ report, summary, alertName }: Triage): Html[] {
  return inlineHtml(report?.headline.trim() || summary?.trim() || alertName);
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
    ['Took', triage.startedAt && durationInWords(triage.runningMs)],
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
