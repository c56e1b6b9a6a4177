import type { CheckedField, CheckedFigure, ReportCheck } from '../../domain/report';
import { isDoubtful, withoutForeignMarks } from '../../domain/marked-text';
import { html, type Html, inlineHtml, proseHtml, raw } from './html';

/** Stand for the tags around a figure while its text is made HTML: characters for private use, which no text needs. */
const OPEN = '\ue000';
const CLOSE = '\ue001';

/** A text of the report inside of a paragraph: where a figure stands that nothing bears out, it begins as a hypothesis. */
export function markedInline(text: string, field: CheckedField, check: ReportCheck | undefined): Html[] {
  const pieces = withTags(inlineHtml(withSigns(text, field, check)));
  return isDoubtful(field, check) ? [HYPOTHESIS, ...pieces] : pieces;
}

/** The same as paragraphs. */
export function markedProse(text: string, field: CheckedField, check: ReportCheck | undefined): Html[] {
  return withTags(proseHtml(withSigns(text, field, check), isDoubtful(field, check) ? HYPOTHESIS : undefined));
}

/** What stands in front of a text that nothing bears out. */
export const HYPOTHESIS = html`<strong class="hypothesis">Hypothesis:</strong> `;

function withSigns(whole: string, field: CheckedField, check: ReportCheck | undefined): string {
  const text = withoutForeignMarks(whole);
  let end = 0;
  let signed = '';
  for (const figure of doubtfulFigures(text, field, check)) {
    if (figure.at < end) continue;
    signed += `${plain(text.slice(end, figure.at))}${OPEN}${plain(figure.text)}${CLOSE}`;
    end = figure.at + figure.text.length;
  }
  return signed + plain(text.slice(end));
}

function plain(text: string): string {
  return text.replaceAll(OPEN, '').replaceAll(CLOSE, '');
}

/** What would begin code or emphasis inside of a figure tears its tags apart; the text is called a hypothesis anyway. */
const MARKUP = /[`*#\n]/;

function doubtfulFigures(text: string, field: CheckedField, check: ReportCheck | undefined): readonly CheckedFigure[] {
  return (check?.figures ?? [])
    .filter(
      (figure) =>
        figure.field === field &&
        figure.verified === 'unverified' &&
        text.startsWith(figure.text, figure.at) &&
        !MARKUP.test(figure.text),
    )
    .toSorted((a, b) => a.at - b.at);
}

/** The pieces are escaped already: only the signs become tags. */
function withTags(pieces: readonly Html[]): Html[] {
  return pieces.map(({ text }) =>
    raw(
      text
        .replaceAll(OPEN, '<span class="unproven">')
        .replaceAll(CLOSE, ' <small class="unproven-word">unverified</small></span>'),
    ),
  );
}
