/** Words of the field that stand for each other in the names of metrics. Few on purpose: a wrong kinship hides the name. */
const KINSHIP: readonly (readonly string[])[] = [
  ['error', 'fail', 'failure', '5xx', 'exception', 'panic', 'reject', 'abort'],
  ['latency', 'duration', 'slow', 'delay', 'response'],
  ['memory', 'mem', 'heap', 'rss', 'oom'],
  ['cpu', 'processor', 'load', 'throttle'],
  ['disk', 'filesystem', 'fs', 'volume', 'storage', 'inode'],
  ['full', 'free', 'avail', 'available', 'used', 'usage', 'capacity'],
  ['restart', 'crash', 'terminated', 'oomkill'],
  ['queue', 'backlog', 'lag', 'pending', 'waiting', 'depth'],
  ['connection', 'conn', 'pool', 'session', 'socket'],
  ['certificate', 'cert', 'tls', 'ssl', 'x509', 'expiry', 'expire', 'expiration', 'notafter'],
  ['traffic', 'request', 'throughput', 'rps', 'qps'],
  ['network', 'net', 'receive', 'transmit'],
  ['version', 'build', 'revision', 'deploy', 'release'],
  ['gc', 'garbage', 'pause'],
  ['retry', 'attempt'],
  ['timeout', 'deadline'],
  ['thread', 'goroutine', 'worker'],
  ['database', 'db', 'sql', 'postgres', 'pg', 'mysql'],
  ['replica', 'replication'],
  ['lock', 'deadlock', 'mutex', 'contention'],
];

/** Errors and slow answers are often told by a label or a part of what counts requests. */
const WEAK: Readonly<Record<string, readonly string[]>> = {
  error: ['request', 'response'],
  latency: ['request'],
};

/** They say how to look, not at what. */
const EMPTY = new Set(
  'a an and at by count for from high how in is low many metric metrics much number of on or per rate ratio second share the to too total what which with'.split(
    ' ',
  ),
);

/** What a word of a question is looked for by: its stem, and those of its kin. */
export interface SearchWord {
  readonly text: string;
  readonly stem: string;
  readonly kin: readonly string[];
  readonly weak: readonly string[];
}

/** The telling words of a question; of one that has none, all of them. At most eight. */
export function searchWords(question: string): SearchWord[] {
  const all = [...new Set(wordsOf(question))];
  const telling = all.filter((word) => !EMPTY.has(word));
  return (telling.length > 0 ? telling : all).slice(0, 8).map((text) => {
    const stem = stemOf(text);
    const kin = KINSHIP_OF_STEM.get(stem) ?? [];
    const weak = [stem, ...kin].flatMap((one) => WEAK[one] ?? []).map(stemOf);
    return { text, stem, kin, weak };
  });
}

/** Lower case, split at everything that is no letter or digit, and where `camelCase` begins a word. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** `queues`, `queued`, `queueing` and `queue` have one stem. */
export function stemOf(word: string): string {
  if (word.length <= 3) return word;
  const bare = word
    .replace(/ies$/, 'y')
    .replace(/(?<=\w{3})(?:ing|ed)$/, '')
    .replace(/(?<=\w{2}[^s])s$/, '');
  return bare.length > 4 ? bare.replace(/e$/, '') : bare;
}

const KINSHIP_OF_STEM: ReadonlyMap<string, readonly string[]> = new Map(
  KINSHIP.flatMap((group) => {
    const stems = group.map(stemOf);
    return stems.map((stem): [string, string[]] => [stem, stems.filter((other) => other !== stem)]);
  }),
);
