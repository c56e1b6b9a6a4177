import type { Labels } from '../../domain/alert';
import { formatDuration } from '../../tools/time-input';
import { selectorText, type ExpressionSources, type Selector, type Window } from './expression-sources';
import type { HurriedPrometheus } from './hurried-prometheus';
import { median } from './median';
import { onOneLine } from '../../tools/prometheus/promql-tree';
import { seriesOfAlert } from './series-of-alert';

/** How far apart the samples lie that an expression reads. */
export interface SampleSpacing {
  /** What was looked at, as a person would name it. */
  readonly metric: string;
  /** The usual distance; absent: fewer than two samples in the time looked at. */
  readonly seconds?: number;
}

/** One metric tells for its neighbours: they come from the same scrape. */
const MAX_SELECTORS = 2;
/** Samples are looked for this long before the moment that is given. */
const LOOKED_AT = '10m';
const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A series of each selector: the alert's own where its labels lead to one, else the one with most samples. */
export async function seriesToMeasure(
  { selectors }: ExpressionSources,
  { labels, at }: { readonly labels: Labels; readonly at: Date },
  prometheus: HurriedPrometheus,
): Promise<{ readonly selector: Selector; readonly labels?: Labels }[]> {
  const chosen = [...new Map(selectors.map((one) => [one.metric ?? selectorText(one), one])).values()];
  return Promise.all(
    chosen.slice(0, MAX_SELECTORS).map(async (selector) => {
      const own = matchersOf(labels, (name) => !selector.names.includes(name));
      const most = (more: readonly string[]): string =>
        `topk(1, count_over_time(${selectorText(selector, more)}[${LOOKED_AT}]))`;
      const answer = await prometheus.at(own.length > 0 ? `${most(own)} or ${most([])}` : most([]), at);
      const found = answer.kind === 'series' ? answer.series : [];
      const [best] = [...seriesOfAlert(found, labels), ...found];
      return { selector, ...(best && { labels: best.labels }) };
    }),
  );
}

/** @returns nothing where there was no series to measure */
export async function measureSpacing(
  measured: { readonly selector: Selector; readonly labels?: Labels }[],
  at: Date,
  prometheus: HurriedPrometheus,
): Promise<SampleSpacing[]> {
  const all = await Promise.all(
    measured.map(async ({ selector, labels }): Promise<SampleSpacing[]> => {
      if (!labels) return [];
      const query = `${selectorText(
        selector,
        matchersOf(labels, () => true),
      )}[${LOOKED_AT}]`;
      const answer = await prometheus.samples(query, at);
      if (answer.kind === 'failed') return [];
      const seconds = median(gaps(answer.series[0]?.points.map(([moment]) => moment) ?? []));
      const metric = selector.metric ?? selectorText(selector);
      return [{ metric, ...(seconds !== undefined && { seconds: rounded(seconds) }) }];
    }),
  );
  return all.flat();
}

/** What follows for windows: those that a reader chooses, and the rule's own. */
export function spacingLines(spacings: readonly SampleSpacing[], windows: readonly Window[]): string[] {
  const known = spacings.flatMap(({ metric, seconds }) => (seconds === undefined ? [] : [{ metric, seconds }]));
  const rare = spacings.filter(({ seconds }) => seconds === undefined);
  const byDistance = Map.groupBy(known, ({ seconds }) => seconds);
  const lines = [...byDistance].map(([seconds, group]) => {
    const metrics = group.map(({ metric }) => onOneLine(metric)).join(', ');
    return `samples: one every ${formatDuration(seconds)} (${metrics}): a rate over [${formatDuration(seconds)}] or less finds nothing, over [${formatDuration(4 * seconds)}] and more it is safe`;
  });
  return [
    ...lines,
    ...rare.map(({ metric }) => `samples: fewer than two of ${onOneLine(metric)} in ${LOOKED_AT} around the start`),
    ...known.flatMap(({ metric, seconds }) => windowWarnings(windows, metric, seconds)),
  ];
}

function windowWarnings(windows: readonly Window[], metric: string, spacing: number): string[] {
  const short = windows.filter((window) => window.metric === metric && window.seconds < 4 * spacing);
  const texts = short.map((window) => {
    const needs = NEED_ONE_SAMPLE.test(window.function) ? 1 : 2;
    if (window.seconds >= (needs === 1 ? spacing : 4 * spacing)) return undefined;
    const what =
      window.seconds < needs * spacing ? 'finds nothing, or only by chance' : 'misses when one sample is late';
    return `warning: the rule's own ${window.function}(${metric}[${formatDuration(window.seconds)}]) is short for samples every ${formatDuration(spacing)}: it ${what}`;
  });
  return [...new Set(texts.filter((text): text is string => text !== undefined))];
}

const NEED_ONE_SAMPLE = /_over_time$/;

function matchersOf(labels: Labels, take: (name: string) => boolean): string[] {
  return Object.entries(labels)
    .filter(([name]) => PLAIN_NAME.test(name) && name !== '__name__' && take(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
}

function gaps(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, i) => moment - moments[i]!);
}

/** Scrapes wander by milliseconds. */
function rounded(seconds: number): number {
  return seconds >= 5 ? Math.round(seconds) : Math.max(0.1, Math.round(seconds * 10) / 10);
}
