import type { ToolResultSeen } from '../test/stand-ins/anthropic-request.ts';

/** The scripted model's eyes: tool results as Vigil sent them, turned back into numbers and log lines. */

export interface SeenSeries {
  readonly handle: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds; undefined where the series had no sample. */
  readonly points: readonly { readonly at: number; readonly value: number | undefined }[];
  /** Of all its points, as the result states it. */
  readonly mean: number;
  /** A literal piece of the result: labels and figures. */
  readonly quote: string;
}

export interface SeenLine {
  readonly handle: string;
  /** Unix seconds; of a line that stands for many, of the first and of the last of them. */
  readonly at: number;
  readonly last: number;
  /** What the line says, and what all lines of the result share: `level`, `msg`, labels and fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** The line as it stands in the result. */
  readonly quote: string;
}

/** A commit that the opening message tells with its diff. */
export interface SeenCommit {
  readonly handle: string;
  readonly revision: string;
  readonly file: string;
  /** The first line that it adds, as it stands there. */
  readonly quote: string;
}

const DURATION_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `[r3] query_metrics …`: the handle at the head. */
export function handleOf(text: string): string {
  return /^\[(\w+)\]/.exec(text)?.[1] ?? '';
}

/** Every series of a range result; none when it is something else. */
export function readSeries({ text }: ToolResultSeen): SeenSeries[] {
  const legend = /^values: \[v v …\] from (\S+) every (\S+),/m.exec(text);
  if (!legend) return [];
  const start = Date.parse(legend[1]!) / 1000;
  const step = durationSeconds(legend[2]!);
  const common = readLabels(/^common labels: .*$/m.exec(text)?.[0] ?? '');
  return [...text.matchAll(/^(.*\{(.*)\} first=[^[]*) \[([^\]]*)\]$/gm)].map(([, quote, labels, values]) => ({
    handle: handleOf(text),
    labels: { ...common, ...readLabels(labels!) },
    points: values!.split(' ').map((value, i) => ({ at: start + i * step, value: numberOf(value) })),
    mean: Number(/ mean=(\S+)/.exec(quote!)?.[1]),
    quote: quote!,
  }));
}

/** Every line of a log result; one that stands for many is one. */
export function readLines({ text }: ToolResultSeen): SeenLine[] {
  const shared = {
    ...readLabels(/^common labels: .*$/m.exec(text)?.[0] ?? ''),
    ...readLabels(/^common fields: .*$/m.exec(text)?.[0] ?? ''),
  };
  return [...text.matchAll(LOG_LINE)].map(([quote, time, labels, rest]) => {
    const [fold = '', last = time] = / \(\d+ times, last at (\S+)\)$/.exec(rest!) ?? [];
    const whole = rest!.slice(0, rest!.length - fold.length);
    const [differing = ''] = / \(differing: .*\)$/.exec(whole) ?? [];
    const said = whole.slice(0, whole.length - differing.length);
    const level = /^(?:info|warn|error) /.exec(said)?.[0] ?? '';
    const tail = FIELDS_AT_END.exec(said)?.[0] ?? '';
    return {
      handle: handleOf(text),
      at: Date.parse(time!) / 1000,
      last: Date.parse(last!) / 1000,
      fields: {
        ...shared,
        ...readLabels(differing),
        ...readLabels(labels ?? ''),
        ...readLabels(tail),
        ...(level && { level: level.trim() }),
        msg: said.slice(level.length, said.length - tail.length).trim(),
      },
      quote,
    };
  });
}

const LOG_LINE = /^(\d{4}-\S+Z) (\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\} )?(.*)$/gm;
const FIELDS_AT_END = /(?:(?:^| )\w+=(?:"(?:[^"\\]|\\.)*"|[^\s"]+))+$/;

/** Every commit of the opening message whose diff stands below it. */
export function readCommits(opening: string): SeenCommit[] {
  const found: SeenCommit[] = [];
  let handle = '';
  let revision = '';
  let file = '';
  for (const line of opening.split('\n')) {
    handle = /^\[(o\d+)\] /.exec(line)?.[1] ?? handle;
    if (line.startsWith('- ')) revision = /^- commit, .* revision "([^"]+)"/.exec(line)?.[1] ?? '';
    const [, added] = /^ {4}\| \+(.*\S.*)$/.exec(line) ?? [];
    if (added === undefined || revision === '') continue;
    if (added.startsWith('++ ')) file = added.replace(/^\+\+ (?:b\/)?/, '');
    else {
      found.push({ handle, revision, file, quote: `+${added}` });
      revision = '';
    }
  }
  return found;
}

/** `a="b"` of labels, and `a=b` of a line's fields. */
export function readLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)=(?:("(?:[^"\\]|\\.)*")|([^\s"{},;)]+))/g)];
  /* of several values of one name the first is the most frequent */
  return Object.fromEntries(
    pairs.toReversed().map(([, name, quoted, bare]) => [name!, quoted ? (JSON.parse(quoted) as string) : bare!]),
  );
}

function numberOf(text: string): number | undefined {
  if (text === '_' || text === 'NaN') return undefined;
  return text.endsWith('Inf') ? undefined : Number(text);
}

function durationSeconds(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)([smh])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * DURATION_SECONDS[unit!]!, 0);
}
