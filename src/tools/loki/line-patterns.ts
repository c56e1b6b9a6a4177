import { levelName, lineMessage, traceIn } from './line-message';
import { lineTemplate } from './line-template';
import { isLoud } from './loud-lines';
import { mergedTemplates } from './merge-templates';
import type { ReadLine } from './read-lines';

/** Lines of one window that say the same thing. */
export interface Sightings {
  /** Those that were read. */
  readonly count: number;
  /** How many there are by that; the count itself where all were read. */
  readonly estimate: number;
  /** Each of them names a failure. */
  readonly isLoud: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Who logged them, most first. */
  readonly services: readonly ServiceCount[];
  /** The message of the first of them. */
  readonly example: string;
  /** As they came. */
  readonly lines: readonly string[];
  readonly traceId?: string;
}

export interface ServiceCount {
  readonly name: string;
  readonly count: number;
}

/** What the lines of two windows have in common, and how often each has it. */
export interface LinePattern {
  readonly template: string;
  readonly level?: string;
  readonly now?: Sightings;
  readonly before?: Sightings;
  /** The whole baseline was searched for it, and holds none. */
  readonly isLookedFor?: boolean;
}

/** Labels that say whose stream a line is of, the most telling first. */
const OWNERS = ['service', 'service_name', 'app', 'application', 'component', 'container', 'deployment', 'job', 'host'];
const LEVELS = ['level', 'severity', 'detected_level'];
const TRACES = ['trace_id', 'traceID', 'traceId', 'trace'];

interface Seen {
  readonly ms: number;
  readonly line: string;
  readonly weight: number;
  readonly message: string;
  readonly template: string;
  readonly level?: string;
  readonly service?: string;
  readonly traceId?: string;
}

/** The patterns of both windows together: a template that is merged in the one is merged in the other. In no order. */
export function linePatterns(now: readonly ReadLine[], before: readonly ReadLine[]): LinePattern[] {
  const read = reader();
  const [seenNow, seenBefore] = [now.map(read), before.map(read)];
  const merged = mergedTemplates(templatesOf([...seenNow, ...seenBefore]));
  /* whoever writes the same words with other capitals says the same */
  const keyOf = ({ template, level = '' }: Seen): string => `${level} ${merged.get(template)!.toLowerCase()}`;
  const [byKeyNow, byKeyBefore] = [Map.groupBy(seenNow, keyOf), Map.groupBy(seenBefore, keyOf)];
  const keys = new Set([...byKeyNow.keys(), ...byKeyBefore.keys()]);
  return Array.from(keys, (key) => {
    const [ofNow, ofBefore] = [byKeyNow.get(key), byKeyBefore.get(key)];
    const { template, level } = (ofNow ?? ofBefore)![0]!;
    return {
      template: merged.get(template)!,
      ...(level && { level }),
      ...(ofNow && { now: sightings(ofNow) }),
      ...(ofBefore && { before: sightings(ofBefore) }),
    };
  });
}

function* templatesOf(seen: readonly Seen[]): Generator<string> {
  for (const { template } of seen) yield template;
}

/** The same message has the same template: it is made once. */
function reader(): (read: ReadLine) => Seen {
  const templates = new Map<string, string>();
  return ({ entry: { nanos, line, labels, extracted }, weight }) => {
    const { message, level, traceId } = lineMessage(line);
    const template = templates.get(message) ?? lineTemplate(message);
    templates.set(message, template);
    const beside = { ...extracted, ...labels };
    const first = (names: readonly string[]): string | undefined => names.map((name) => beside[name]).find(Boolean);
    return {
      ms: Number(nanos / 1_000_000n),
      line,
      weight,
      message,
      template,
      level: level ?? levelName(first(LEVELS)),
      service: first(OWNERS),
      traceId: traceIn(first(TRACES)) ?? traceId,
    };
  };
}

/** They come oldest first. */
function sightings(seen: readonly Seen[]): Sightings {
  const [first] = seen;
  const services = Map.groupBy(
    seen.filter(({ service }) => service !== undefined),
    ({ service }) => service!,
  );
  const counts = Array.from(services, ([name, of]) => ({ name, count: of.length }));
  const traceId = seen.find((one) => one.traceId !== undefined)?.traceId;
  return {
    count: seen.length,
    estimate: seen.reduce((sum, { weight }) => sum + weight, 0),
    isLoud: seen.every(({ line }) => isLoud(line)),
    firstMs: first!.ms,
    lastMs: seen.at(-1)!.ms,
    services: counts.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    example: first!.message,
    lines: seen.map(({ line }) => line),
    ...(traceId && { traceId }),
  };
}
