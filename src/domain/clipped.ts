/** The beginning of a text, marked where it was cut, and never half a character of it. */
export function clipped(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars).toWellFormed()} … (cut)`;
}
