/** What stands in place of a part that differs from line to line. */
const PLACE = '<*>';

/* Each alternative begins with what no other takes, and none looks back: a line of any length costs one pass. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, PLACE],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, PLACE],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, PLACE],
  [/\b0x[0-9a-f]+\b/gi, PLACE],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,128}\b/gi, PLACE],
  [/\d+(?:\.\d+)?/g, PLACE],
];

/**
 * What a line says without its numbers, times, ids and addresses: lines of one template tell the same thing of
 * different cases.
 */
export function lineTemplate(text: string): string {
  return PARTS.reduce((template, [part, place]) => template.replace(part, place), text);
}
