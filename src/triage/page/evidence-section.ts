import { isDoubtful } from '../../domain/marked-text';
import type { Report, ReportCheck, Verification } from '../../domain/report';
import { evidenceByWorth, type ToldEvidence } from '../../domain/report-in-words';
import { html, type Html } from './html';
import { HYPOTHESIS, markedInline } from './marked-html';
import { handleLink, outsideLink, type Sources } from './sources';

/** The pieces of evidence, numbered as everywhere on the page, each with what code found when it looked it up. */
export function evidenceSection(report: Report, sources: Sources): Html {
  if (report.evidence.length === 0) return html`<p>No evidence is cited.</p>`;
  return html`<ol class="evidence">
    ${evidenceByWorth(report).map(
      (told, i) =>
        html`<li id="e${i + 1}">${claimOf(told, report.check, sources)} ${doubtsOf(told)} ${quoteOf(told)}</li>`,
    )}
  </ol>`;
}

function claimOf(told: ToldEvidence, check: ReportCheck | undefined, sources: Sources): Html {
  const { piece, field, verified } = told;
  return html`${verified === 'unverified' && !isDoubtful(field, check) ? HYPOTHESIS : undefined}
    ${markedInline(piece.claim, field, check)}
    <span class="soft">
      (${handleLink(piece.source, sources)}) ${verified ? VERIFICATION_MARKS[verified] : 'as the model cites it'}
      ${outsideLink(sources.linkOf(piece))}
    </span>`;
}

/** What code found when it looked a claim up. */
const VERIFICATION_MARKS: Readonly<Record<Verification, Html>> = {
  quoted: html`<span class="mark good">✓ the quote was checked</span>`,
  derived: html`<span class="mark good">✓ recomputed from quoted numbers</span>`,
  unverified: html`<span class="mark warn">not verified</span>`,
};

function doubtsOf({ piece, doubts }: ToldEvidence): Html | undefined {
  const sentences = piece.doubts && piece.doubts.length > 0 ? piece.doubts : doubts;
  if (sentences.length === 0) return undefined;
  return html`<ul class="doubts">
    ${sentences.map((doubt) => html`<li>${doubt}</li>`)}
  </ul>`;
}

function quoteOf({ piece: { quote, verified } }: ToldEvidence): Html | undefined {
  if (quote.trim() === '') return undefined;
  return html`<pre class="${verified === 'unverified' ? 'quote doubtful' : 'quote'}">${quote}</pre>`;
}
