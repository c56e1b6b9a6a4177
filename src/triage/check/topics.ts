/** What a text measures, as far as its words tell. */
const TOPICS: readonly (readonly [string, RegExp])[] = [
  ['cpu', /\bcpu|_cpu|\bcores?\b|throttl/i],
  ['memory', /memory|_rss|\brss\b|\bheap|\boom|working_set/i],
  [
    'latency',
    /latenc|duration|\bp9\d|\bp50\b|\bslow|response time|histogram_quantile|quantile|\b(?:takes?|took) (?:~|about |more than |less than |over |under |up to )?\d/i,
  ],
  ['errors', /error|\bfail|failures|failed|"?5\.\.|\b5xx|exception|\b50[0-4]\b|success/i],
  ['requests', /request|traffic|throughput|\brps\b|\bqps\b|\breq\b/i],
  ['disk', /\bdisk|filesystem|_fs_|volume|inode|storage/i],
  ['connections', /connection|\bpool|_conns?\b/i],
  ['restarts', /restart|crash/i],
  ['queue', /queue|\blag\b|_lag|backlog|consumer/i],
  ['network', /network|packet|bandwidth/i],
];

export function topicsOf(text: string): Set<string> {
  return new Set(TOPICS.flatMap(([topic, pattern]) => (pattern.test(text) ? [topic] : [])));
}

/** A claim on CPU is not borne out by a share of errors; where either names no topic nothing is known. */
export function sameTopic(claim: ReadonlySet<string>, line: ReadonlySet<string>): boolean {
  return claim.size === 0 || line.size === 0 || [...claim].some((topic) => line.has(topic));
}

const STOP = new Set(
  'that this with from have been were than then since about their which after before there every where when over under into only more less most some also each other time times minute minutes second seconds hour hours percent rate share value values rose fell instead'.split(
    ' ',
  ),
);

/** The beginnings of the telling words: what `restarted` and `restarts_total` have in common. */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  return new Set(
    words
      .filter((word) => !STOP.has(word))
      .map((word) => word.replace(/(?<=.{3})(?:ed|ings?|ures?|ions?|ies|y|es|e|s)$|(?:ies|y|es|s)$/, '').slice(0, 5)),
  );
}

export function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const stem of a) if (stem.length >= 3 && b.has(stem)) count += 1;
  return count;
}
