import { isDoubtful } from '../../domain/marked-text';
import type { Evidence, Report, Verification } from '../../domain/report';
import { html, type Html } from './html';
import { HYPOTHESIS, markedInline } from './marked-html';
import { handleLink, outsideLink, type Sources } from './sources';

/** The pieces of evidence, numbered, each with what code found when it looked it up. */
export function evidenceSection({ evidence, check }: Report, sources: Sources): Html {
  if (evidence.length === 0) return html`<p>No evidence is cited.</p>`;
  return html`<ol class="evidence">
    ${evidence.map(
      (piece, i) =>
        html`<li id="e${i + 1}">
          ${piece.verified === 'unverified' && !isDoubtful(`evidence.${i}`, check) ? HYPOTHESIS : undefined}
          ${markedInline(piece.claim, `evidence.${i}`, check)}
          <span class="soft">
            (${handleLink(piece.source, sources)}) ${piece.verified && VERIFICATION_MARKS[piece.verified]}
            ${outsideLink(sources.get(piece.source)?.url)}
          </span>
          ${doubtsOf(piece)} ${quoteOf(piece)}
        </li>`,
    )}
  </ol>`;
}

/** What code found when it looked a claim up. */
const VERIFICATION_MARKS: Readonly<Record<Verification, Html>> = {
  quoted: html`<span class="mark good">✓ the quote was checked</span>`,
  derived: html`<span class="mark good">✓ recomputed from quoted numbers</span>`,
  unverified: html`<span class="mark warn">not verified</span>`,
};

function doubtsOf({ doubts = [] }: Evidence): Html | undefined {
  if (doubts.length === 0) return undefined;
  return html`<ul class="doubts">
    ${doubts.map((doubt) => html`<li>${doubt}</li>`)}
  </ul>`;
}

function quoteOf({ quote, verified }: Evidence): Html | undefined {
  if (quote.trim() === '') return undefined;
  return html`<pre class="${verified === 'unverified' ? 'quote doubtful' : 'quote'}">${quote}</pre>`;
}
