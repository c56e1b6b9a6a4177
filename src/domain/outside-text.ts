/**
 * The one door for text from outside (labels, annotations, log lines, metric labels, errors of other servers). What
 * passes it is well-formed, without characters that hide or reorder, fenced as data, and stands under its handle.
 * It is cleaned before it is first stored or sent: stored = sent.
 */

const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const HIDDEN = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;

/**
 * Text that Postgres stores (no NUL), JSON carries (no lone surrogate) and a reader sees whole (no ANSI colours, no
 * bidirectional or zero-width characters, no tag characters).
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd').replace(ANSI, '').replace(CONTROL, '').replace(HIDDEN, '');
}

/**
 * @param boundary a word that the text cannot know; a text that holds it all the same has it taken out
 * @param source what gave the text, in our words: `query_logs`, `labels of the alert`
 */
export function outsideText(part: { handle: string; source: string; text: string; boundary: string }): string {
  const text = cleanText(part.text).replaceAll(part.boundary, '');
  return `[${part.handle}] ${part.source}\n<<<data ${part.boundary}\n${text}\n${part.boundary}>>>`;
}
