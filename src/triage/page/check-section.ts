import { countInWords } from '../../domain/in-words';
import type { CheckedField, CheckedFigure, Report, Verification } from '../../domain/report';
import {
  checkInWords,
  evidenceByWorth,
  faultsOf,
  otherFaultsOf,
  type ToldEvidence,
} from '../../domain/report-in-words';
import { html, type Html } from './html';

/** Where on the page it stands what was checked, and how. */
export const CHECK_ANCHOR = 'checked';

/** What a reader must know before the report, when not all of it is borne out by what the model was sent. */
export function checkNote(report: Report): Html | undefined {
  const { check, evidence } = report;
  if (!check) return undefined;
  const figures = check.figures.filter(isUnverified).length;
  const quotes = evidenceByWorth(report).filter(isUnverified).length;
  const parts = [
    ...(figures > 0 ? [`${figures} of its ${countInWords(check.figures.length, 'figure')}`] : []),
    ...(quotes > 0 ? [`${quotes} of its ${countInWords(evidence.length, 'piece')} of evidence`] : []),
  ];
  if (parts.length === 0 && faultsOf(report).length === 0) return undefined;
  const doubted =
    parts.length > 0
      ? `Nothing that the model was sent bears out ${parts.join(' and ')}: what rests on them is marked as a hypothesis.`
      : '';
  return html`<div class="note">
    <p>
      <strong>Not all of this report is verified.</strong> ${doubted} <a href="#${CHECK_ANCHOR}">What was checked</a>
    </p>
  </div>`;
}

/** Every figure with its verdict and the way it was found; folded when all is well. */
export function checkSection(report: Report): Html {
  const { check } = report;
  const told = evidenceByWorth(report);
  if (!check)
    return html`<p class="soft" id="${CHECK_ANCHOR}">
      Vigil has not looked this report up in what the model was sent: take its figures as the model's word.
    </p>`;
  const [doubted, borne] = partition(check.figures, isUnverified);
  return html`<div id="${CHECK_ANCHOR}">
    <p>${checkInWords(report).join(' ')} Code looked them up, no model was asked.</p>
    ${faults(report)} ${doubted.length === 0 ? undefined : figuresList(doubted, told)}
    ${borne.length === 0 ? undefined : foldedList(`The ${countInWords(borne.length, 'figure')} that can be found, and where`, figuresList(borne, told))}
    ${told.length === 0 ? undefined : foldedList('How each quote was found', quotesList(told))}
  </div>`;
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}

function foldedList(title: string, content: Html): Html {
  return html`<details>
    <summary>${title}</summary>
    ${content}
  </details>`;
}

function isUnverified({ verified }: { readonly verified?: Verification }): boolean {
  return verified === 'unverified';
}

/** What the list of doubtful figures below does not tell. */
function faults(report: Report): Html | undefined {
  const all = otherFaultsOf(report);
  if (all.length === 0) return undefined;
  return html`<p><strong>What is still wrong with it:</strong></p>
    <ul>
      ${all.map((fault) => html`<li>${fault}</li>`)}
    </ul>`;
}

const VERDICTS: Readonly<Record<Verification, Html>> = {
  quoted: html`<span class="mark good">✓ quoted</span>`,
  derived: html`<span class="mark good">✓ derived</span>`,
  unverified: html`<span class="mark warn">unverified</span>`,
};

function figuresList(figures: readonly CheckedFigure[], told: readonly ToldEvidence[]): Html {
  return html`<ul class="plain checks">
    ${figures.map(
      ({ field, text, verified, how }) =>
        html`<li>
          <strong>${text}</strong> <span class="soft">in ${fieldInWords(field, told)}</span> ${VERDICTS[verified]}
          <span class="how">${how}</span>
        </li>`,
    )}
  </ul>`;
}

function fieldInWords(field: CheckedField, told: readonly ToldEvidence[]): string {
  const place = told.findIndex((one) => one.field === field);
  if (place !== -1) return `the claim of evidence ${place + 1}`;
  if (field.startsWith('ruled_out.')) return 'what is ruled out';
  return (
    { headline: 'the headline', what_is_happening: 'the description', root_cause: 'the root cause' }[field as string] ??
    field
  );
}

function quotesList(told: readonly ToldEvidence[]): Html {
  return html`<ul class="plain checks">
    ${told.map(
      ({ piece: { source, verified, doubts = [] } }, i) =>
        html`<li>
          <a href="#e${i + 1}">evidence ${i + 1}</a> <span class="soft">from ${source.trim() || 'nowhere'}</span>
          ${verified ? VERDICTS[verified] : html`<span class="soft">not looked up</span>`}
          <span class="how">${doubts.join(' ') || howOf(verified)}</span>
        </li>`,
    )}
  </ul>`;
}

function howOf(verified: Verification | undefined): string {
  if (verified === 'quoted') return 'the quote stands in what was sent under this handle';
  return verified === 'derived' ? 'recomputed from numbers that were sent' : '';
}
