import { cleanText } from '../../domain/outside-text';

/** A piece of a document that is safe to put between tags: only `html` and `raw` make it. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | readonly Html[] | string | number | undefined;

/**
 * A template in which every value is escaped, for text and for attributes in double quotes. Undefined is nothing.
 * Characters that hide or reorder text are taken out: nobody can make the page say what it does not hold.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, string, index) => `${text}${rendered(values[index - 1])}${string}`));
}

/** Our own constant text, as it is. */
export function raw(ownText: string): Html {
  return new Html(ownText);
}

function rendered(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map((piece) => piece.text).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/**
 * Prose of a model: paragraphs, line ends, code and emphasis where it marked some. Links and images stay text.
 * @param lead stands in front of the first one
 */
export function proseHtml(text: string, lead?: Html): Html[] {
  const paragraphs = cleanText(text)
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n{2,}/);
  return paragraphs
    .filter(Boolean)
    .map((paragraph, i) => html`<p class="prose">${i === 0 ? lead : undefined}${inlineHtml(paragraph)}</p>`);
}

/** The same inside of a paragraph. */
export function inlineHtml(text: string): Html[] {
  return text
    .split(/`([^`\n]+)`/)
    .flatMap((piece, index) => (index % 2 === 1 ? [html`<code>${piece}</code>`] : emphasis(piece)));
}

function emphasis(text: string): Html[] {
  return text
    .split(/\*\*([^*\n]+)\*\*|^#{1,6} +(.+)$/m)
    .map((piece, index) => (index % 3 === 0 || !piece ? html`${piece}` : html`<strong>${piece}</strong>`));
}
