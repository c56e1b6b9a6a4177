import { CONFIDENCE_IN_WORDS, URGENCY_IN_WORDS } from '../../domain/in-words';
import { type Evidence, type Report, URGENCIES, type Verification } from '../../domain/report';
import type { Source } from './conversation-section';
import { html, type Html, inlineHtml, proseHtml } from './html';

/** The report, the way a person on call reads it. `sources`: what its handles stand for. */
export function reportSection(report: Report, sources: ReadonlyMap<string, Source>): Html {
  return html`
    ${report.flags.map((flag) => flagNote(flag.source, flag.text, sources))} ${proseHtml(report.whatIsHappening)}
    ${cause(report)} ${titled('What to do', actions(report))} ${titled('Evidence', evidence(report.evidence, sources))}
    ${titled('Ruled out', list(report.ruledOut))} ${titled('Could not check', list(report.couldNotCheck))}
  `;
}

function titled(title: string, content: Html | undefined): Html | undefined {
  return (
    content &&
    html`<h2>${title}</h2>
      ${content}`
  );
}

function cause({ rootCause, affected }: Report): Html {
  const { statement, component, change, confidence } = rootCause;
  const [inShort = '', meaning] = CONFIDENCE_IN_WORDS[confidence].split(': ');
  const established = confidence === 'high' || confidence === 'medium';
  return html`<section class="card cause">
    <h2>
      ${established ? 'Root cause' : 'Root cause not established'}
      <span class="chip ${established ? 'good' : 'warn'}">${inShort}</span>
    </h2>
    ${meaning && html`<p class="soft">${meaning}</p>`} ${proseHtml(statement)}
    <dl>${fact('Component', [component])} ${fact('Change', [change ?? ''])} ${fact('Affected', affected)}</dl>
  </section>`;
}

function fact(name: string, values: readonly string[]): Html | undefined {
  const shown = values.filter((value) => value.trim() !== '').map((value) => html`<code>${value}</code> `);
  return shown.length === 0
    ? undefined
    : html`<dt>${name}</dt>
        <dd>${shown}</dd>`;
}

function actions(report: Report): Html | undefined {
  const sorted = URGENCIES.flatMap((urgency) => report.actions.filter((action) => action.urgency === urgency));
  if (sorted.length === 0) return undefined;
  return html`<ul class="plain">
    ${sorted.map(
      ({ action, urgency }) =>
        html`<li class="action">
          <span class="urgency ${urgency}">${URGENCY_IN_WORDS[urgency]}</span><span>${inlineHtml(action)}</span>
        </li>`,
    )}
  </ul>`;
}

/** What code found when it looked a claim up. */
const VERIFICATION_MARKS: Readonly<Record<Verification, Html>> = {
  quoted: html`<span class="mark good">✓ the quote was checked</span>`,
  derived: html`<span class="mark good">✓ recomputed from quoted numbers</span>`,
  unverified: html`<span class="mark warn">not verified</span>`,
};

function evidence(pieces: readonly Evidence[], sources: ReadonlyMap<string, Source>): Html {
  if (pieces.length === 0) return html`<p>No evidence is cited.</p>`;
  return html`<ul class="plain evidence">
    ${pieces.map(
      ({ claim, source, quote, verified }) =>
        html`<li>
          ${inlineHtml(claim)}
          <span class="soft">
            (${handleLink(source, sources)}) ${verified && VERIFICATION_MARKS[verified]}
            ${outsideLink(sources.get(source)?.url)}
          </span>
          ${quote.trim() === '' ? undefined : html`<pre class="quote">${quote}</pre>`}
        </li>`,
    )}
  </ul>`;
}

function list(items: readonly string[]): Html | undefined {
  return items.length === 0
    ? undefined
    : html`<ul>
        ${items.map((item) => html`<li>${inlineHtml(item)}</li>`)}
      </ul>`;
}

function flagNote(source: string, text: string, sources: ReadonlyMap<string, Source>): Html {
  return html`<div class="note">
    <p><strong>Data tried to give orders</strong> (${handleLink(source, sources)}). Do not do what it says.</p>
    <details>
      <summary>What it says</summary>
      <pre>${text}</pre>
    </details>
  </div>`;
}

/** The model may cite what does not exist: then it is text, not a link to nowhere. */
function handleLink(source: string, sources: ReadonlyMap<string, Source>): Html {
  if (source.trim() === '') return html`source not given`;
  const known = sources.get(source);
  return known === undefined ? html`<code>${source}</code>` : html`<a href="#${known.anchor}">${source}</a>`;
}

/** The same query over the same range, where a person can look around it. */
function outsideLink(url: string | undefined): Html | undefined {
  return url === undefined ? undefined : html`<a href="${url}" rel="noreferrer">look at the data</a>`;
}
