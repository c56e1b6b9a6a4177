/** How far a page is looked for: whatever answers with one says so at its beginning. */
const LOOKED_AT_CHARS = 64 * 1024;

/**
 * What no error of a backend has, but every page: a doctype, a closing tag, a tag with attributes, or the page's own tags
 * at the very beginning. A single `<title>` or `<a>` is not enough: patterns of LogQL have such captures, and errors
 * quote them. No part of it can run over the same text twice.
 */
const SIGNS: readonly RegExp[] = [
  /<!doctype\s+html/i,
  /<\/(?:html|head|body|title|style|script|noscript|center|table|form|div|span|p|a|pre|ul|ol|li|h[1-6])>/i,
  /<(?:html|body|meta|link|script|iframe|img|input|form|table|div|span|a|p)\s[^<>]*=/i,
  /^[\s\uFEFF]*<(?:html|head|body|title|meta|script|style|center|h1)[\s>]/i,
];

/** Whether this is a web page, or holds a piece of one. */
export function looksLikeHtml(text: string): boolean {
  const beginning = text.slice(0, LOOKED_AT_CHARS);
  return beginning.includes('<') && SIGNS.some((sign) => sign.test(beginning));
}

/** The text up to its first tag, when a page stands in it: what a page says is not about the query. */
export function withoutHtml(text: string): string {
  if (!looksLikeHtml(text)) return text;
  const said = text.slice(0, text.search(/<[a-z!/]/i)).trim();
  return `${said} [an HTML page, left out]`.trimStart();
}
