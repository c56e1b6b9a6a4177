import { handleOf, readLabels } from '../demo/reading.ts';
import type { ToolResultSeen } from '../test/stand-ins/anthropic-request.ts';

/** The scripted model's eyes for the tools that find things. Each finding quotes the line that it stands in. */

interface Quoted {
  readonly handle: string;
  readonly quote: string;
}

/** A series that changed, of `rank_anomalies`. */
export interface RankedSeries extends Quoted {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A form of log lines that is new or came more often, of `log_patterns`. */
export interface SeenPattern extends Quoted {
  readonly service: string;
  readonly level: string;
  readonly count: number;
  /** One of its messages. */
  readonly msg: string;
  /** The service behind that it complains of. */
  readonly upstream?: string;
}

/** A change from before the start of the alert, of `list_changes`. */
export interface SeenChange extends Quoted {
  readonly kind: string;
  readonly id: string;
  /** Unix seconds. */
  readonly at: number;
  readonly title: string;
  readonly revision?: string;
  readonly version?: string;
}

/** A target that does not answer, of `list_targets`. */
export interface DownTarget extends Quoted {
  readonly service: string;
  /** Unix seconds. */
  readonly since: number;
  readonly error: string;
}

const RANKED = /^([\w:]+)\{(.*?)\} first=\S+ .* changed=\S+ .*$/gm;

/** The clearest change first, as they stand there. */
export function readRanked({ text }: ToolResultSeen): RankedSeries[] {
  const common = readLabels(/^common labels: .*$/m.exec(text)?.[0] ?? '');
  return [...text.matchAll(RANKED)].map(([quote, metric, labels]) => ({
    handle: handleOf(text),
    quote,
    metric: metric!,
    labels: { ...common, ...readLabels(labels!) },
  }));
}

const PATTERN =
  /^(?:new|seen|risen) count=(\d+) .*?first=\S+(?: last=\S+)?(?: level=(\w+))? service="([^"]*)".*?(?: trace=\w+)?: (.*)$/gm;
/** As the services of the shop tell of the one that they ask. */
const COMPLAINT = /(\w+) (?:answered|did not answer)/;

/** Those that the time before did not have, or had seldom. */
export function readPatterns({ text }: ToolResultSeen): SeenPattern[] {
  return [...text.matchAll(PATTERN)].map(([quote, count, level = '', service, message]) => ({
    handle: handleOf(text),
    quote,
    service: service!,
    level,
    count: Number(count),
    msg: message!.split(' | e.g. ').at(-1)!,
    upstream: COMPLAINT.exec(message!)?.[1],
  }));
}

const CHANGE = /^- (\w+), [^(]* before the start \((\S+)\), source "[^"]*", (.*)": (.*)$/gm;

/** The newest first. */
export function readChanges({ text }: ToolResultSeen): SeenChange[] {
  return [...text.matchAll(CHANGE)].map(([quote, kind, at, names, title]) => {
    const name = (of: string): string | undefined => new RegExp(`${of} "([^"]*)"`).exec(`${names}"`)?.[1];
    return {
      handle: handleOf(text),
      quote,
      kind: kind!,
      id: name('id') ?? '',
      at: Date.parse(at!) / 1000,
      title: title!,
      revision: name('revision'),
      version: name('version'),
    };
  });
}

const DOWN = /^\{(.*)\} down since (?:its first sample, )?(\S+), last scrape .*: (.*)$/gm;

export function readDown({ text }: ToolResultSeen): DownTarget[] {
  return [...text.matchAll(DOWN)].map(([quote, labels, since, error]) => ({
    handle: handleOf(text),
    quote,
    service: readLabels(labels!).service ?? '',
    since: Date.parse(since!) / 1000,
    error: error!,
  }));
}
