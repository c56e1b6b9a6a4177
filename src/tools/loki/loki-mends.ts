const OPERATOR = 'No other query mends this: an operator has to look at';

/** What stands in a refusal of Loki, and what to change; the first that fits. */
const MENDS: readonly (readonly [words: string, mend: string])[] = [
  ['no org id', `${OPERATOR} the tenant: this Loki wants one (loki-tenant-id).`],
  [
    'multiple org IDs present',
    `${OPERATOR} loki-tenant-id: it names several tenants, and this Loki takes one a query.`,
  ],
  ['tenant ID', `${OPERATOR} loki-tenant-id: this Loki does not take it as a tenant.`],
  [
    'at least one regexp or equality matcher',
    'Give the selector a label with = or =~ that cannot be empty: {service="checkout"} or {service=~".+"}.',
  ],
  [
    'error parsing regexp',
    'Mend the regular expression (RE2): a literal ( [ { . + * ? needs \\\\ in "…", \\ in backticks; for plain text use |= instead of |~.',
  ],
  [
    'not supported as an instant query',
    'Give a range (start and end), or count the lines: sum(count_over_time({…} [5m])).',
  ],
  ['max entries limit', 'Ask for fewer lines (limit), or count them: sum by (service) (count_over_time({…} [5m])).'],
  ['limit must be a positive', 'Give a limit of at least 1.'],
  ['query time range exceeds the limit', 'Shorten the range to less than that limit: start and end around the onset.'],
  ['must not be before or equal to start', 'Give a start that lies before the end.'],
  ["could not parse '", 'Give the times as RFC 3339 (2026-03-01T12:00:00Z) or relative (-15m).'],
  ['exceeded maximum resolution', 'Give a larger step, or a shorter range.'],
  [
    'maximum number of series',
    'Aggregate: sum by (service) (…), or topk(10, …); after | json every field is a label, so name the ones to keep.',
  ],
  [
    'pipeline error',
    'A value that was unwrapped is no number, or a line could not be parsed: take a numeric field, or add | __error__="" behind it.',
  ],
  [
    'request timed out',
    'Shorten the range, add labels to the selector, or put a line filter (|= "text") before | json.',
  ],
  ['too many outstanding requests', 'Loki is busy. Ask once more, for less: a shorter range, one service.'],
  ['would read too many bytes', 'Shorten the range or add labels to the selector: filters do not lower what is read.'],
  ['missing required matchers', 'Add the labels that it names to the selector, with = or =~.'],
  ['cancelled by the client', 'The query took too long. Shorten the range or add labels to the selector.'],
  [
    'parse error',
    'Mend the query at that place: {service="checkout"} |= "text" | json | level="error" is the order of its parts.',
  ],
  ['page not found', `${OPERATOR} loki-endpoint: what answers there has no Loki API at this path.`],
];

/** What to change after a refusal, in a sentence; undefined where nothing is known of it. */
export function mendFor(status: number, text: string): string | undefined {
  const known = MENDS.find(([words]) => text.includes(words))?.[1];
  if (known || status < 500) return known;
  return 'Loki itself failed, the query may be right. Ask once more, for less: a shorter range, one service.';
}
