import { z } from 'zod';
import { durationInWords } from '../../domain/in-words';
import { asOneLine, commonLabels, formatLabelsWithin, formatNumber, takeLines, withoutLabels } from '../fit';
import type { InstantSeries } from '../metric-result';
import { nearestNames } from '../nearest-names';
import { CEILINGS } from '../result-room';
import { formatTime } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { fitNotes, type ListAnswer } from './envelope';
import { unitOf } from './metric-families';
import { type MetricProfile, profileMetric, type ProfileContext } from './metric-profile';
import { type MetricSelector, readMetricSelector, selectorOfAll } from './metric-selector';
import type { PrometheusAnswer, PrometheusClient } from './prometheus-client';
import { metricName } from './selector';

const MAX_HELP_CHARS = 300;
const MAX_VALUE_CHARS = 60;
/** The labels that all series share, and those of one series of the example's answer. */
const MAX_SAME_CHARS = 500;
const MAX_EXAMPLE_CHARS = 150;
/** Series of the example's answer. */
const MAX_EXAMPLE_SERIES = 3;
/** For the line on what is left out. */
const FOOT_CHARS = 100;
const HOURS_BACK = 6;
const MAX_NEAREST = 6;
/** Of the room, what warnings may have. */
const SHARE_OF_NOTES = 0.2;

const input = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(500)
    .describe('A metric, or a selector with one: http_requests_total{service="checkout"}.'),
});

const DESCRIPTION = `Describes one metric before you query it: type, help, unit, how many series it has now, its labels with their values, how often it is sampled, how old its newest sample is, and one query that suits its type and was run just now.

Use it when you know the name (find_metrics finds it) and not its labels, or when a query found nothing: a wrong label value or a too short window shows here.

Examples of query
- http_requests_total
- http_request_duration_seconds (a histogram by its plain name, or by its _bucket)
- node_filesystem_avail_bytes{instance="node-7:9100"}: only of these series

Comes back: one line a label, "status (2 values): 200 in 12 series, 500 in 3 series", the labels with the fewest values first, those with one value together. No values of the metric itself: use query_metrics, best with the example shown, changed to your need. An unknown name comes back with the nearest names.`;

/** `describe_metric`: what a metric is, and how to ask for it. */
export function describeMetricTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'describe_metric',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.list,
    async run({ query }, { now, signal, roomChars }: ToolContext): Promise<ToolFinding> {
      const selector = readMetricSelector(query);
      if (!selector) return { status: 'failed', text: `query: ${query}\n${NO_SELECTOR}` };
      const head = `query: ${query}\ntime: ${formatTime(now)}`;
      const context = { prometheus, now, signal };
      const profile = await profileMetric(selector, context);
      if (typeof profile === 'string') return { status: 'failed', text: `${head}\n${profile}` };
      if (!profile)
        return { status: 'no_data', text: [head, ...(await notThere(selector, context, roomChars))].join('\n') };
      const labels = labelLines(profile);
      const notes = fitNotes(profile.notes, roomChars * SHARE_OF_NOTES);
      const [top, foot] = [topLines(profile), [...footLines(profile), ...notes]];
      const room = roomChars - [head, ...top, ...foot].join('\n').length - FOOT_CHARS;
      const shown = takeLines(labels, room);
      const left = labels.length - shown.length + profile.unaskedLabels;
      const rest = left > 0 ? [`left out: ${left} more labels. Narrow the selector.`] : [];
      return { status: 'ok', text: [head, ...top, ...shown, ...rest, ...foot].join('\n') };
    },
  };
}

const NO_SELECTOR =
  'query is no metric: write one name, http_requests_total, or one selector with a name, http_requests_total{service="checkout"}, without functions, range or offset. To find a name by words use find_metrics; to evaluate an expression query_metrics.';

function topLines(profile: MetricProfile): string[] {
  const { family, series, spacingSeconds, ageSeconds } = profile;
  const guessed =
    family.isGuessed && family.type !== 'native histogram' ? ' (by its name: this server tells no type)' : '';
  const unit = unitOf(family);
  const each = spacingSeconds === undefined ? '' : `one every ${durationInWords(spacingSeconds * 1000)}`;
  const age = ageSeconds === undefined ? '' : `the newest ${durationInWords(ageSeconds * 1000)} before this time`;
  const samples = [each, age].filter(Boolean).join(', ');
  return [
    `result: ${family.type}${guessed}, ${series} series`,
    `series: ${series} of ${metricName(family.counted)} now`,
    ...(family.help ? [`help: ${asOneLine(family.help, MAX_HELP_CHARS)}`] : []),
    ...(unit ? [`unit: ${asOneLine(unit, 60)}`] : []),
    ...(samples ? [`samples: ${samples}`] : []),
  ];
}

/** `status (2 values): 200 in 12 series, 500 in 3 series`; labels with one value stand together, as they do not tell series apart. */
function labelLines({ labels, bounds }: MetricProfile): string[] {
  const several = labels.filter(({ cardinality }) => cardinality > 1);
  const single = labels.filter(({ cardinality }) => cardinality <= 1);
  const lines = several.map(({ name, cardinality, values }) => {
    const each = new Set(values.map(({ series }) => series));
    const [only] = each;
    const isEven = each.size === 1 && only !== undefined;
    const shown = values.map(({ value, series }) => {
      return `${shownValue(value)}${isEven || series === undefined ? '' : ` in ${series} series`}`;
    });
    const more = cardinality > shown.length && shown.length > 0 ? ', …' : '';
    const evenly = isEven ? `, ${only} series each` : '';
    return `${asOneLine(name, 80)} (${cardinality} values${evenly}): ${shown.join(', ')}${more}`;
  });
  const same = Object.fromEntries(single.map(({ name, values }) => [name, values[0]?.value ?? '']));
  return [
    ...lines,
    ...(single.length > 0 ? [`the same in all series: ${formatLabelsWithin(same, MAX_SAME_CHARS)}`] : []),
    ...(bounds.length > 0
      ? [`buckets, le (${bounds.length} values): ${bounds.slice(0, 40).map(shownValue).join(' ')}`]
      : []),
  ];
}

/** In quotes where it could be read as something else. */
function shownValue(value: string): string {
  const short = asOneLine(value, MAX_VALUE_CHARS);
  return /^[\w./:+-]+$/.test(short) ? short : JSON.stringify(short);
}

function footLines({ example }: MetricProfile): string[] {
  if (!example) return ['example: none of the usual queries gave an answer now.'];
  const { query, series } = example;
  const common = commonLabels(series.map(({ labels }) => labels));
  const shown = series.slice(0, MAX_EXAMPLE_SERIES).map((one) => valueLine(one, common));
  const more = series.length > shown.length ? ', …' : '';
  return [`example: ${query}`, `its answer: ${series.length} series: ${shown.join(', ')}${more}`];
}

function valueLine({ labels, point: [, value] }: InstantSeries, common: InstantSeries['labels']): string {
  const own = formatLabelsWithin(
    withoutLabels({ ...labels, __name__: '' }, { ...common, __name__: '' }),
    MAX_EXAMPLE_CHARS,
  );
  const number = typeof value === 'number' ? formatNumber(value) : `native histogram of ${formatNumber(value.count)}`;
  return `${own === '{}' ? '' : `${own} `}${number}`;
}

/** Why there is nothing (it ended, its labels are others, or its name is another), and whether all was looked at. */
async function notThere(selector: MetricSelector, context: ProfileContext, roomChars: number): Promise<string[]> {
  const { prometheus, now, signal } = context;
  const { name, matchers } = selector;
  const start = new Date(now.getTime() - HOURS_BACK * 3_600_000);
  const all = selectorOfAll([name, `${name}_count`, `${name}_total`], matchers);
  const [before, names] = await Promise.all([
    prometheus.queryRange(`count(${all})`, { start, end: now, stepSeconds: 300 }, signal),
    prometheus.catalog.labelValues('__name__', { start, end: now }, signal),
  ]);
  const notes = [before, names].flatMap((answer) => (answer.kind === 'failed' ? [] : answer.notes));
  return [absence(selector, before, names), ...fitNotes(notes, roomChars * SHARE_OF_NOTES)];
}

function absence({ name, matchers }: MetricSelector, before: PrometheusAnswer, names: ListAnswer<string>): string {
  const points =
    before.kind === 'result' && before.result.type === 'matrix' ? before.result.series[0]?.points : undefined;
  const last = points?.at(-1);
  if (last) {
    return `Found nothing now: the question worked. It had ${formatNumber(Number(last[1]))} series until about ${formatTime(new Date(last[0] * 1000))} and none since: what exports it is gone or no longer scraped (list_targets).`;
  }
  if (names.kind === 'failed')
    return `Found nothing: no series of this name has a sample now. Its names are not known: ${names.reason}`;
  if (names.items.includes(name)) {
    return matchers.length > 0
      ? 'Found nothing: the metric exists, and none of its series has these labels. Ask for the bare name to see its labels.'
      : `Found nothing: the name is known, but it had no sample in the last ${HOURS_BACK} hours.`;
  }
  const near = nearestNames(name, names.items, MAX_NEAREST).map((one) => asOneLine(metricName(one), 90));
  const nearest = near.length > 0 ? ` The nearest names: ${near.join(', ')}.` : '';
  return `Found nothing: the question worked, and none of ${names.items.length} metrics has this name.${nearest} find_metrics finds names by words.`;
}
