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
 * `new count=12 before=0 first=2026-11-24T12:03:11Z last=… level=error service="payments" trace=95ea…: charge <*> failed | e.g. charge 41 failed`.
 * What others wrote stands last, or as one word in quotes: it cannot pass for a figure before it.
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
  ];
  const told = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const trace = traceId === undefined ? '' : ` trace=${traceId}`;
  return `${kind} ${told.join(' ')}${servicesText(pattern)}${trace}: ${template}${example === undefined ? '' : `${EXAMPLE}${example}`}`;
}

const EXAMPLE = ' | e.g. ';

/** `service="payments"`; of several each with its count: `service="payments":9 service="orders":3 services_left_out=2`. */
function servicesText({ services, otherServices = 0 }: ShownPattern): string {
  const isAlone = services.length === 1 && otherServices === 0;
  const named = services.map(({ name, count }) => ` service="${bare(name)}"${isAlone ? '' : `:${count}`}`).join('');
  return otherServices > 0 ? `${named} services_left_out=${otherServices}` : named;
}

/** Names of services are words; whatever else comes is shown as one, which cannot end the field. */
function bare(name: string): string {
  return name.slice(0, 80).replace(/[^\w./@-]/g, '_');
}

function time(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

const LINE =
  /^(new|risen|gone|fallen|seen|same) count=(\d+)(?: before=(\d+))?(?: rate=([\d.e+]+)\/min)?(?: before_rate=([\d.e+]+)\/min)? first=(\S+)(?: last=(\S+))?(?: level=(\w+))?((?: service="[\w./@-]*"(?::\d+)?)*)(?: services_left_out=(\d+))?(?: trace=([\w-]+))?: (.*)$/;

/** Reads what `patternLine` wrote; undefined for any other line. */
export function readPatternLine(line: string): ShownPattern | undefined {
  const [, kind, count, before, now, rateBefore, first, last, level, services, others, traceId, text] =
    LINE.exec(line) ?? [];
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
    services: readServices(services ?? '', Number(count)),
    ...(others && { otherServices: Number(others) }),
    ...(traceId && { traceId }),
    template: at < 0 ? text : text.slice(0, at),
    ...(at >= 0 && { example: text.slice(at + EXAMPLE.length) }),
  };
}

function readServices(text: string, count: number): ShownPattern['services'] {
  return Array.from(text.matchAll(/"([^"]*)"(?::(\d+))?/g), ([, name, own]) => ({
    name: name!,
    count: own === undefined ? count : Number(own),
  }));
}
