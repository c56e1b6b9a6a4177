import { z } from 'zod';
import { formatNumber } from '../fit';
import type { PrometheusClient } from '../prometheus/prometheus-client';
import { CEILINGS } from '../result-room';
import { formatDuration, formatTime, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { anomalyText, fullAnomalies, type RankedScope } from './anomaly-text';
import { fetchRows, pointsOf, type Rows } from './fetch-rows';
import { type LookedAtRange, lookedAtRange } from './looked-at-range';
import { readSelector, type Selector } from './plain-selector';
import { rankSeries } from './rank-series';
import { type ChosenScope, chooseScope, MAX_SERIES, selectorsOf } from './scope';

const MAX_POINTS = 120;
/** Of fewer points nothing is said (worker/score-series.ts): `nothing changed` would be a false answer. */
const LEAST_POINTS = 16;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;

const input = z.strictObject({
  query: z.string().min(1).max(4000).nullish().describe('Plain selector, no functions. Default: everything.'),
  service: z.string().min(1).max(200).nullish().describe('Or: all series of one service, whichever label names it.'),
  start: z
    .string()
    .nullish()
    .describe(`Of the time looked at, baseline included: ${TIME_FORMS}. Default 1h before the alert.`),
  end: z.string().nullish().describe('Default now, at most 2h after the alert.'),
  time: z.string().nullish().describe("When trouble began as far as known; a preference. Default the alert's start."),
  step: z.string().nullish().describe(`\`30s\`, \`1m\`. Default from the range; at most ${MAX_POINTS} points.`),
  limit: z.number().int().min(1).max(MAX_LIMIT).nullish().describe(`Findings shown. Default ${DEFAULT_LIMIT}.`),
});

const DESCRIPTION = `Finds which series changed most, and when: levels, ramps, spread, drops to zero, series that vanish or appear. Use it early, when you do not know where to look: the telling series often belongs to another service, a node, a disk, a certificate. Then ask for what it finds with query_metrics_range.

Examples
- {} looks at everything that fits
- {"service": "checkout"}
- {"query": "{namespace=\\"shop\\"}", "start": "-3h"}
- {"query": "http_requests_total{job=\\"shop\\"}", "time": "-25m"}

Plain selectors only: functions drop the names. Counters become rates per second by themselves. Seasons, trends and single spikes are no findings. The range needs a healthy part before the trouble.

Comes back: a line a finding, the clearest first: name{labels} first= last= min= max= mean= changed=TIME from=A to=B. changed= is the onset, exact to a step; of several findings the earliest is nearest to the cause, but a change is no proof of one. At most ${MAX_SERIES} series: small metrics first, no buckets; what was not looked at is said.`;

/** `rank_anomalies`: which series of a scope changed most, and when. */
export function rankAnomaliesTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'rank_anomalies',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.metrics,
    async run(asked, context): Promise<ToolFinding> {
      const { service, query } = asked;
      if (query && service)
        return failed('Give query or service, not both: a label of the selector can name the service.');
      const selector = query ? readSelector(query) : undefined;
      if (selector?.kind === 'refused') return failed(selector.reason);
      const range = lookedAtRange(asked, context);
      if (range.kind === 'refused') return failed(range.reason);
      const head = headOf(range, selector, service);
      const points = pointsOf(range.grid);
      if (points < LEAST_POINTS) return failed(`${head}\n${tooFew(points)}`);
      const selectors = selectorsOf({ query: selector, service: service ?? undefined });
      const scope = await chooseScope(prometheus, selectors, momentsOf(range), context.signal);
      if (scope.kind === 'failed') return failed(`${head}\n${scope.reason}`);
      if (scope.chosen.length === 0) return nothingToLookAt(head, scope);
      const rows = await fetchRows(prometheus, scope.chosen, range.grid, context.signal);
      if (rows.labels.length === 0) {
        const [reason] = rows.reasons;
        return reason === undefined ? noData(head, scope.notes) : failed(`${head}\n${reason}`);
      }
      const ranked = await rank(rows, range, scope, context);
      const text = anomalyText(ranked, asked.limit ?? DEFAULT_LIMIT, context.roomChars - head.length - 1);
      return { status: 'ok', text: `${head}\n${text}`, full: `${head}\n${fullAnomalies(ranked)}` };
    },
  };
}

const NAMED_COUNTER = /_(?:total|count|sum)$/;
/** What only grows for a while and is no counter all the same: memory that leaks, a queue that nobody empties. */
const NAMED_GAUGE =
  /_(?:bytes|ratio|percent|celsius|size|length|depth|level|usage|used|free|in_use|pending|waiting|active|current)$/;

/** As `ScoringJob.counters` has it. */
function kindOf(name: string): number {
  return NAMED_COUNTER.test(name) ? 1 : NAMED_GAUGE.test(name) ? 2 : 0;
}

async function rank(
  rows: Rows,
  { grid, time }: LookedAtRange,
  scope: ChosenScope,
  { signal }: ToolContext,
): Promise<RankedScope> {
  const { labels, values, points } = rows;
  const preferred = (time.getTime() - grid.start.getTime()) / 1000 / grid.stepSeconds;
  const job = {
    values,
    points,
    counters: Uint8Array.from(labels, ({ __name__: name = '' }) => kindOf(name)),
    stepSeconds: grid.stepSeconds,
    preferred: Math.max(0, Math.min(points - 1, preferred)),
  };
  const { changes, constant } = await rankSeries(job, signal);
  return {
    grid,
    changes: changes.map((change) => ({ ...change, labels: labels[change.series]! })),
    looked: { series: labels.length, metrics: new Set(labels.map((one) => one.__name__)).size, constant },
    scope,
    notes: [...rows.reasons.map((reason) => `a part could not be fetched: ${reason}`), ...scope.notes, ...rows.notes],
  };
}

/** Moments at which the series are counted: the known start, or the middle, and the end. */
function momentsOf({ grid, time }: LookedAtRange): { start: Date; end: Date } {
  const inside = time > grid.start && time < grid.end;
  return { start: inside ? time : new Date((grid.start.getTime() + grid.end.getTime()) / 2), end: grid.end };
}

function headOf(
  { grid, extendedFrom, widenedFrom }: LookedAtRange,
  selector?: Selector,
  service?: string | null,
): string {
  const scope = service ? `scope: service ${JSON.stringify(service)}` : 'scope: everything';
  const what = selector ? `query: ${selector.text}` : scope;
  const extended = extendedFrom
    ? ` (extended back from ${formatTime(extendedFrom)}: nothing lay before the trouble to compare with)`
    : '';
  const widened =
    widenedFrom === undefined ? '' : ` (asked for ${formatDuration(widenedFrom)}; at most ${MAX_POINTS} points)`;
  return `${what}\nrange: ${formatTime(grid.start)} to ${formatTime(grid.end)}, step ${formatDuration(grid.stepSeconds)}${widened}${extended}`;
}

function nothingToLookAt(head: string, { tooMany, untold, notes }: ChosenScope): ToolFinding {
  const [largest] = tooMany;
  if (largest) {
    const series = formatNumber(largest.series);
    return failed(
      `${head}\n${largest.name} has ${series} series; at most ${MAX_SERIES} are looked at. Add labels to the selector, of one service, namespace or instance.`,
    );
  }
  const only = untold > 0 ? ` Only buckets, constant labels or alerts were found (${untold} metrics).` : '';
  return noData(head, notes, only);
}

function noData(head: string, notes: readonly string[], more = ''): ToolFinding {
  return { status: 'no_data', text: [`${head}\n${NOTHING_THERE}${more}`, ...notes].join('\n') };
}

const NOTHING_THERE =
  'Found nothing: the question worked, and no series of this scope has a sample in the range. Check names and labels, or whether the range lies within what is kept; `up` shows whether the source was alive.';

function tooFew(points: number): string {
  return `That is ${formatNumber(points)} points a series, and no change can be told from fewer than ${LEAST_POINTS}. Nothing was asked: begin the range earlier, or give a smaller step where samples are that close.`;
}

function failed(text: string): ToolFinding {
  return { status: 'failed', text };
}
