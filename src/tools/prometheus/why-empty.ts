import type { Labels } from '../../domain/alert';
import { clipped } from '../../domain/clipped';
import { nearestNames } from '../nearest-names';
import { formatDuration, formatTime, type TimeRange } from '../time-input';
import type { PrometheusClient } from './prometheus-client';
import { type Matcher, type Selector, selectorsOf } from './query-selectors';

/** A query that found nothing. */
export interface EmptyAnswer {
  readonly query: string;
  /** That was asked for; of one moment both ends are the same. */
  readonly range: TimeRange;
  readonly now: Date;
}

/** Two requests at most, and not longer than this: the answer itself is there already. */
const PATIENCE_MS = 3_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So far back Prometheus looks for the last sample of a series. */
const LOOKBACK_SECONDS = 300;
/** Series that are looked at for their labels. */
const MAX_SERIES = 2_000;

/** Why a query found nothing, in a sentence or two; what cannot be found out in time is told as possible. Never fails. */
export async function whyEmpty(asked: EmptyAnswer, prometheus: PrometheusClient, signal: AbortSignal): Promise<string> {
  const { selectors: all, compares, joins } = selectorsOf(asked.query);
  /* what is missing there is no reason */
  const selectors = all.filter(({ takesAway }) => !takesAway);
  if (all.length === 0) return compares ? ONLY_COMPARED : GENERAL;
  if (selectors.length === 0) return absentIsNot(all);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    return (await reasonFor(asked, selectors, { compares, joins, prometheus, signal: patience })) ?? GENERAL;
  } catch {
    /* our own patience, or that of the call: the finding is that nothing was found */
    return GENERAL;
  }
}

/** `absent(x)` gives a value only where nothing matches x. */
function absentIsNot(all: readonly Selector[]): string {
  const shown = all.map(({ text }) => clipped(text, 160)).join(', ');
  return `Found nothing: absent() gives a value only while no series matches: something matches ${shown} at each of these times, or what else stands in the query leaves nothing.`;
}

interface Means {
  readonly compares: boolean;
  readonly joins: boolean;
  readonly prometheus: PrometheusClient;
  readonly signal: AbortSignal;
}

async function reasonFor(
  { range, now }: EmptyAnswer,
  selectors: readonly Selector[],
  means: Means,
): Promise<string | undefined> {
  const { prometheus, signal } = means;
  const metrics = [...new Set(selectors.flatMap(({ metric }) => metric ?? []))];
  if (metrics.length === 0) return selectors.length === 1 ? ofLabels(selectors[0]!, range, means) : undefined;
  const wide = { start: new Date(range.start.getTime() - DAY_MS), end: later(now, range.end) };
  const found = await prometheus.series(byName(metrics), wide, signal, MAX_SERIES);
  if (found.kind === 'failed') return undefined;
  const still = selectors.filter(({ isMoved }) => !isMoved);
  const narrowest = still.toSorted((a, b) => b.matchers.length - a.matchers.length)[0];
  const span = { range, now };
  /* a part of the list says nothing of what is not on it */
  if (found.notes.length > 0 || found.items.length >= MAX_SERIES)
    return narrowest && whenItHasData(narrowest, { ...span, own: undefined }, means);
  const missing = metrics.find((metric) => !found.items.some(({ __name__: name }) => name === metric));
  if (missing !== undefined) return noSuchMetric(missing, wide, means);
  for (const selector of still) {
    const own = found.items.filter(({ __name__: name }) => name === selector.metric);
    const reason = selector.metric === undefined ? undefined : labelsThatDiffer(selector, own);
    if (reason) return reason;
  }
  const own = found.items.filter(({ __name__: name }) => name === narrowest?.metric);
  return narrowest && whenItHasData(narrowest, { ...span, own }, means);
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function byName(metrics: readonly string[]): string {
  const plain = metrics.every((metric) => /^[a-zA-Z_:][\w:]*$/.test(metric));
  return plain && metrics.length > 1
    ? `{__name__=~"${metrics.join('|')}"}`
    : `{__name__=${JSON.stringify(metrics[0])}}`;
}

async function noSuchMetric(metric: string, range: TimeRange, { prometheus, signal }: Means): Promise<string> {
  const shown = clipped(metric, 100);
  const names = await prometheus.catalog.labelValues('__name__', range, signal);
  if (names.kind === 'items' && names.notes.length > 0) return GENERAL;
  if (names.kind === 'failed')
    return `Found nothing: no series is called ${shown} ${LOOKED_AT}. find_metrics finds names by words.`;
  if (names.items.includes(metric)) {
    return `Found nothing: ${shown} exists, but has no sample from a day before this range until now: its data ends before it.`;
  }
  const near = nearestNames(metric, names.items, 5).map((name) => clipped(name, 100));
  const instead =
    near.length > 0 ? `Near it: ${near.join(', ')}` : 'No name is near it: find_metrics finds names by words';
  return `Found nothing: no metric is called ${shown} (${names.items.length} names looked at, ${LOOKED_AT}). ${instead}.`;
}

/** What existed at another time only is not seen here. */
const LOOKED_AT = 'from a day before this range until now';

/** A matcher that no series of the metric fulfils, or several that none fulfils together. */
function labelsThatDiffer({ metric, matchers }: Selector, series: readonly Labels[]): string | undefined {
  const shown = clipped(metric ?? '', 100);
  const alone = matchers.find((matcher) => !series.some((labels) => mayFulfil(labels, matcher)));
  if (alone) {
    const values = valuesOf(series, alone.label);
    const has =
      values === '' ? `has no label ${alone.label}; its labels: ${namesOf(series)}` : `has ${alone.label}: ${values}`;
    return `Found nothing: ${shown} exists, but no series of it has ${told(alone)} (${LOOKED_AT}). It ${has}.`;
  }
  if (matchers.length < 2 || series.some((labels) => matchers.every((matcher) => mayFulfil(labels, matcher))))
    return undefined;
  return `Found nothing: ${shown} exists, and each of these labels does, but no series has all of them together: ${matchers.map(told).join(', ')} (${LOOKED_AT}). Leave one out.`;
}

function told({ label, operator, value }: Matcher): string {
  return `${label}${operator}${JSON.stringify(clipped(value, 80))}`;
}

/** Of a pattern only a choice of plain names is looked at: the rest the server knows. */
function mayFulfil(labels: Labels, { label, operator, value }: Matcher): boolean {
  const own = labels[label] ?? '';
  if (operator === '=') return own === value;
  if (operator === '!=') return own !== value;
  const names = value.split('|');
  if (!names.every((name) => /^[\w-]*$/.test(name))) return true;
  return names.includes(own) === (operator === '=~');
}

const MAX_VALUES = 8;

function valuesOf(series: readonly Labels[], label: string): string {
  const values = [...new Set(series.flatMap((labels) => labels[label] ?? []))].sort();
  const more = values.length > MAX_VALUES ? ` and ${values.length - MAX_VALUES} more` : '';
  return (
    values
      .slice(0, MAX_VALUES)
      .map((value) => JSON.stringify(clipped(value, 60)))
      .join(', ') + more
  );
}

function namesOf(series: readonly Labels[]): string {
  const names = new Set(series.flatMap((labels) => Object.keys(labels).filter((name) => name !== '__name__')));
  return (
    [...names]
      .sort()
      .slice(0, 20)
      .map((name) => clipped(name, 60))
      .join(', ') || 'none'
  );
}

async function ofLabels(
  { matchers, text }: Selector,
  range: TimeRange,
  { prometheus, signal }: Means,
): Promise<string | undefined> {
  const matcher = matchers.find(({ operator }) => operator === '=');
  if (!matcher) return undefined;
  const day = { start: new Date(range.start.getTime() - DAY_MS), end: range.end };
  const values = await prometheus.catalog.labelValues(matcher.label, day, signal);
  if (values.kind === 'failed' || values.notes.length > 0 || values.items.includes(matcher.value)) return undefined;
  const near = nearestNames(matcher.value, values.items, 5);
  const shown = (near.length > 0 ? near : values.items.slice(0, MAX_VALUES)).map((value) =>
    JSON.stringify(clipped(value, 60)),
  );
  const has =
    shown.length === 0
      ? 'No series had that label then'
      : `It has ${values.items.length} values, ${near.length > 0 ? 'near it' : 'for example'}: ${shown.join(', ')}`;
  return `Found nothing: no label ${matcher.label} is ${JSON.stringify(clipped(matcher.value, 80))} in this range or the day before it (${clipped(text, 100)}). ${has}.`;
}

interface Span {
  readonly range: TimeRange;
  readonly now: Date;
  /** The series of the metric, for their labels; absent where not all are known. */
  readonly own?: readonly Labels[];
}

/** One question for three stretches of time: how many samples lie in the range, and whether some lie before or behind. */
async function whenItHasData(selector: Selector, { range, now, own }: Span, means: Means): Promise<string | undefined> {
  const length = Math.round((range.end.getTime() - range.start.getTime()) / 1000);
  const inside = length + Math.max(LOOKBACK_SECONDS, selector.windowSeconds ?? 0);
  const sinceEnd = Math.max(0, Math.round((now.getTime() - range.end.getTime()) / 1000));
  const named = (value: string, when: string): string => `label_replace(${value}, "when", "${when}", "", "")`;
  const { metric } = selector;
  const patterns = selector.matchers.filter(({ operator }) => operator === '=~' || operator === '!~');
  const asksForAll = metric !== undefined && patterns.length > 0 && own !== undefined;
  const parts = [
    ...(asksForAll ? [named(`count(last_over_time({__name__=${JSON.stringify(metric)}}[${inside}s]))`, 'all')] : []),
    named(`max(count_over_time(${selector.text}[${inside}s]))`, 'in'),
    named(`count(last_over_time(${selector.text}[1h] offset ${inside}s))`, 'before'),
    ...(sinceEnd > 0
      ? [named(`count(last_over_time(${selector.text}[${Math.min(sinceEnd, 3600)}s] offset -${sinceEnd}s))`, 'after')]
      : []),
  ];
  const answer = await means.prometheus.query(parts.join(' or '), range.end, means.signal);
  if (answer.kind === 'failed' || answer.result.type !== 'vector') return undefined;
  const values = new Map(answer.result.series.map(({ labels, point }) => [labels.when, Number(point[1])]));
  const shown = clipped(selector.text, 160);
  const samples = values.get('in') ?? 0;
  if (samples > 0) return insideReason(selector, { samples, inside, shown, ...means });
  const ends = `${formatTime(range.start)} to ${formatTime(range.end)}`;
  if (values.has('after') && values.has('before'))
    return `Found nothing: ${shown} has data before and after this range (${ends}), and none in it: a gap. up shows whether its source was alive.`;
  if (values.has('after'))
    return `Found nothing: ${shown} has data now, but none in this range (${ends}): its data begins after the range. Ask for a later one.`;
  if (values.has('before'))
    return `Found nothing: ${shown} had data until shortly before this range (${ends}) and none in it: its data ends before the range. up shows whether its source was alive.`;
  if (metric === undefined) return undefined;
  if (!asksForAll || !values.has('all'))
    return `Found nothing: ${shown} has no sample in this range (${ends}), nor in the hour before it.`;
  const lists = patterns.map(({ label }) => `${label}: ${valuesOf(own, label) || 'on none of its series'}`);
  return `Found nothing: ${clipped(metric, 100)} exists, but no series of it has ${patterns.map(told).join(', ')} here. It has ${lists.join('; ')}.`;
}

interface InsideFacts {
  readonly samples: number;
  /** Seconds in which they were counted. */
  readonly inside: number;
  readonly shown: string;
  readonly compares: boolean;
  readonly joins: boolean;
}

/** The samples are there: a window was too short for them, or what was done with them left nothing. */
function insideReason(
  { windowSeconds, needsTwo }: Selector,
  { samples, inside, shown, compares, joins }: InsideFacts,
): string {
  const spacing = Math.max(1, Math.round(inside / samples));
  if (needsTwo && windowSeconds !== undefined && windowSeconds < 2 * spacing) {
    const enough = Math.max(60, Math.ceil((4 * spacing) / 60) * 60);
    return `Found nothing: the window of ${formatDuration(windowSeconds)} is too short: samples of ${shown} are about ${formatDuration(spacing)} apart, and a rate needs two in a window. Use [${formatDuration(enough)}].`;
  }
  const compared = 'the comparison let none pass: ask for the same without it to see the values';
  const joined =
    'what is done with them leaves none: the two sides of an operator share no labels, or a set operator took them away';
  const why = !compares ? joined : joins ? `${compared}; or ${joined}` : compared;
  return `Found nothing: ${shown} has samples here, but ${why}.`;
}

const ONLY_COMPARED = 'Found nothing: the comparison let no value pass.';
const GENERAL =
  'Found nothing: the query worked. No metric has this name, no series has these labels, none had a sample then, or a comparison let none pass: ask for the bare metric name; up shows whether its source was alive.';
