/** How often the lines of a pattern came, beside the time before. `seen`: nothing is known of the time before. */
export type PatternKind = 'new' | 'risen' | 'gone' | 'fallen' | 'seen' | 'same';

/** What lines of a log have in common, as one line tells it to the model. */
export interface ShownPattern {
  readonly kind: PatternKind;
  /** Lines in the range. */
  readonly count: number;
  /** Lines in the baseline; absent where nothing is known of it. */
  readonly before?: number;
  /** Lines a minute in both, where the two were not equally long. */
  readonly perMinute?: { readonly now: string; readonly before?: string };
  /** Of a pattern that is gone those in the baseline. */
  readonly first: Date;
  readonly last: Date;
  readonly level?: string;
  /** Who logged them, most first. */
  readonly services: readonly { readonly name: string; readonly count: number }[];
  /** How many further ones are not named. */
  readonly otherServices?: number;
  readonly traceId?: string;
  /** In one line. */
  readonly template: string;
  /** The message of the first of them, where the template leaves something out of it. */
  readonly example?: string;
}

/**
 * `new count=12 before=0 first=2026-11-24T12:03:11Z last=… level=error service=payments trace=95ea…: charge <*> failed | e.g. charge 41 failed`.
 * Several services with their counts: `service=payments:9,orders:3,+2`. What others wrote stands last, or in a form that
 * holds no space: it cannot pass for a figure before it.
 */
export function patternLine(pattern: ShownPattern): string {
  const { kind, count, before, perMinute, first, last, level, traceId, template, example } = pattern;
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ['count', count],
    ['before', before],
    ['rate', perMinute && `${perMinute.now}/min`],
    ['before_rate', perMinute?.before && `${perMinute.before}/min`],
    ['first', time(first)],
    ['last', count === 1 || first.getTime() === last.getTime() ? undefined : time(last)],
    ['level', level],
    ['service', servicesText(pattern)],
    ['trace', traceId],
  ];
  const told = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return `${kind} ${told.join(' ')}: ${template}${example === undefined ? '' : `${EXAMPLE}${example}`}`;
}

const EXAMPLE = ' | e.g. ';

function servicesText({ services, otherServices = 0 }: ShownPattern): string | undefined {
  const [only, ...others] = services;
  if (!only) return undefined;
  if (others.length === 0 && otherServices === 0) return bare(only.name);
  const named = services.map(({ name, count }) => `${bare(name)}:${count}`).join(',');
  return otherServices > 0 ? `${named},+${otherServices}` : named;
}

/** Names of services hold no space; whatever else comes is shown as a word that cannot end the field. */
function bare(name: string): string {
  return name.slice(0, 80).replace(/[^\w./@-]/g, '_');
}

function time(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

const LINE =
  /^(new|risen|gone|fallen|seen|same) count=(\d+)(?: before=(\d+))?(?: rate=([\d.e+]+)\/min)?(?: before_rate=([\d.e+]+)\/min)? first=(\S+)(?: last=(\S+))?(?: level=(\w+))?(?: service=([^\s:]\S*?))?(?: trace=([\w-]+))?: (.*)$/;

/** Reads what `patternLine` wrote; undefined for any other line. */
export function readPatternLine(line: string): ShownPattern | undefined {
  const [, kind, count, before, now, rateBefore, first, last, level, services, traceId, text] = LINE.exec(line) ?? [];
  if (!kind || !first || text === undefined) return undefined;
  const times = [new Date(first), new Date(last ?? first)] as const;
  if (times.some((one) => Number.isNaN(one.getTime()))) return undefined;
  const at = text.lastIndexOf(EXAMPLE);
  return {
    kind: kind as PatternKind,
    count: Number(count),
    ...(before && { before: Number(before) }),
    ...(now && { perMinute: { now, ...(rateBefore && { before: rateBefore }) } }),
    first: times[0],
    last: times[1],
    ...(level && { level }),
    ...readServices(services ?? '', Number(count)),
    ...(traceId && { traceId }),
    template: at < 0 ? text : text.slice(0, at),
    ...(at >= 0 && { example: text.slice(at + EXAMPLE.length) }),
  };
}

function readServices(text: string, count: number): Pick<ShownPattern, 'services' | 'otherServices'> {
  if (text === '') return { services: [] };
  const parts = text.split(',');
  const others = /^\+(\d+)$/.exec(parts.at(-1)!)?.[1];
  const services = (others ? parts.slice(0, -1) : parts).map((part) => {
    const [, name, own] = /^(.*?)(?::(\d+))?$/.exec(part)!;
    return { name: name!, count: own ? Number(own) : count };
  });
  return { services, ...(others && { otherServices: Number(others) }) };
}
