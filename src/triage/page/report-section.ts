import { CONFIDENCE_IN_WORDS, URGENCY_IN_WORDS } from '../../domain/in-words';
import { markedElsewhere } from '../../domain/marked-text';
import { type Report, URGENCIES } from '../../domain/report';
import { isCauseEstablished, ruledOutInWords, whyLowered } from '../../domain/report-in-words';
import { CHECK_ANCHOR, checkNote, checkSection } from './check-section';
import { evidenceSection } from './evidence-section';
import { html, type Html, inlineHtml } from './html';
import { markedProse } from './marked-html';
import { handleLink, type Sources } from './sources';

/** The report in the order of the Slack message, and how it was checked. `sources`: what its handles stand for. */
export function reportSection(report: Report, sources: Sources): Html {
  return html`
    ${checkNote(report)} ${cause(report)} ${titled('What is happening', happening(report))}
    ${titled('Evidence', evidenceSection(report, sources))} ${titled('What to do', actions(report))}
    ${titled('Could not check', list(report.couldNotCheck.map((gap) => markedElsewhere(gap, report.check))))}
    ${titled('Ruled out', list(ruledOutInWords(report)))} ${titled('What was checked, and how', checkSection(report))}
  `;
}

/** Somebody tried to give orders through data: before anything else, or the reader may follow them. */
export function flagNotes({ flags }: Report, sources: Sources): Html[] {
  return flags.map(
    ({ source, text }) =>
      html`<div class="note">
        <p><strong>Data tried to give orders</strong> (${handleLink(source, sources)}). Do not do what it says.</p>
        <details>
          <summary>What it says</summary>
          <pre>${text}</pre>
        </details>
      </div>`,
  );
}

function titled(title: string, content: Html | undefined): Html | undefined {
  return (
    content &&
    html`<h2>${title}</h2>
      ${content}`
  );
}

function happening({ whatIsHappening, check }: Report): Html | undefined {
  if (whatIsHappening.trim() === '') return undefined;
  return html`${markedProse(whatIsHappening, 'what_is_happening', check)}`;
}

function cause(report: Report): Html {
  const { rootCause, affected, check } = report;
  const { statement, component, change, confidence } = rootCause;
  const [inShort = '', meaning] = CONFIDENCE_IN_WORDS[confidence].split(': ');
  const established = isCauseEstablished(report);
  return html`<section class="card cause">
    <h2>
      ${established ? 'Root cause' : 'Root cause not established'}
      <span class="chip ${established ? 'good' : 'warn'}">${inShort}</span>
    </h2>
    ${meaning && html`<p class="soft">${meaning}</p>`} ${lowered(report)} ${markedProse(statement, 'root_cause', check)}
    <dl>
      ${fact('Component', [component])} ${fact('Change', [change ?? ''], changeMark(report))}
      ${fact(
        'Affected',
        affected.map((one) => markedElsewhere(one, check)),
      )}
    </dl>
  </section>`;
}

function lowered(report: Report): Html | undefined {
  const claimed = report.check?.claimedConfidence;
  if (claimed === undefined || claimed === report.rootCause.confidence) return undefined;
  return html`<p class="lowered">
    The model claimed confidence “${claimed}”. Vigil has lowered it to “${report.rootCause.confidence}”:
    ${whyLowered(report)}. <a href="#${CHECK_ANCHOR}">What was checked</a>
  </p>`;
}

function changeMark({ check }: Report): Html | undefined {
  switch (check?.change) {
    case 'recorded':
      return html`<span class="mark good">✓ recorded before the alert started</span>`;
    case 'not_recorded':
      return html`<span class="mark light warn"
        >unverified: not a recorded change from before the start that the model was shown</span
      >`;
    default:
      return undefined;
  }
}

function fact(name: string, values: readonly string[], mark?: Html): Html | undefined {
  const shown = values.filter((value) => value.trim() !== '').map((value) => html`<code>${value}</code> `);
  return shown.length === 0
    ? undefined
    : html`<dt>${name}</dt>
        <dd>${shown} ${mark}</dd>`;
}

function actions(report: Report): Html | undefined {
  const sorted = URGENCIES.flatMap((urgency) => report.actions.filter((action) => action.urgency === urgency));
  if (sorted.length === 0) return undefined;
  return html`<ul class="plain">
    ${sorted.map(
      ({ action, urgency }) =>
        html`<li class="action">
          <span class="urgency ${urgency}">${URGENCY_IN_WORDS[urgency]}</span
          ><span>${inlineHtml(markedElsewhere(action, report.check))}</span>
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
