import { startBackend } from './backend-stand-in.ts';
import type { BackendAnswer, BackendRequest, BackendStandIn } from './backend-stand-in.ts';
import { labelKey, matches } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import { evaluate } from './promql-evaluate.ts';
import type { RangeSeries, Series, Value } from './promql-value.ts';
import { typeOf } from './promql-expression.ts';
import type { Expression } from './promql-expression.ts';
import { parsePromql } from './promql-parse.ts';
import { PromqlError } from './promql-tokens.ts';
import { durationSeconds, stepSeconds, unixSeconds } from './query-time.ts';

export type { Sample, Series } from './promql-value.ts';

interface RuleShown {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly [field: string]: unknown;
}

/** As the real server shows it (test/fixtures/prometheus-3.5/rules_alert.json). */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly RuleShown[];
  readonly [field: string]: unknown;
}

export interface PrometheusOptions {
  readonly series?: readonly Series[];
  /** What /api/v1/rules shows, as it stands, except what the request's `type` and `rule_name[]` leave out. */
  readonly ruleGroups?: readonly RuleGroup[];
  /** What /api/v1/alerts shows, as it stands; without it the path is not known, as on a server without rules. */
  readonly alerts?: readonly unknown[];
  /** What /api/v1/metadata tells by metric, as it stands; nothing without it, as on a server that keeps none. */
  readonly metadata?: Readonly<Record<string, readonly unknown[]>>;
  /** What /api/v1/targets shows as active, as it stands, except what the request's `scrapePool` leaves out. */
  readonly targets?: readonly unknown[];
  /** Seconds since 1970 where a request names no time; the wall clock unless told. */
  readonly now?: () => number;
}

export interface PrometheusStandIn extends BackendStandIn {
  /** Replaces every series. */
  set(series: readonly Series[]): void;
}

const NOT_FOUND: BackendAnswer = {
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
};

/** Prometheus: web/api/v1/api.go, "exceeded maximum resolution of 11,000 points per timeseries". */
const MAX_POINTS = 11_000;

/** A Prometheus 3 over the series it is given: instant and range queries of a small PromQL, names, errors. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<PrometheusStandIn> {
  let series = options.series ?? [];
  const now = options.now ?? ((): number => Date.now() / 1000);
  const backend = await startBackend((request) => {
    try {
      return route(request, series, { ...options, now: now() });
    } catch (error) {
      if (error instanceof PromqlError) return failure(error);
      throw error;
    }
  });
  return Object.assign(backend, {
    set: (replacement: readonly Series[]): void => {
      series = replacement;
    },
  });
}

function route(
  request: BackendRequest,
  series: readonly Series[],
  context: Omit<PrometheusOptions, 'now'> & { readonly now: number },
): BackendAnswer {
  const { path, params } = request;
  const values = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path);
  if (values) return success(labelValues(decodeURIComponent(values[1]!), params, series));
  switch (path) {
    case '/api/v1/query':
      return instantQuery(params, series, context.now);
    case '/api/v1/query_range':
      return rangeQuery(params, series);
    case '/api/v1/labels':
      return success([...new Set(selected(params, series).flatMap((labels) => Object.keys(labels)))].sort());
    case '/api/v1/series':
      if (!params.has('match[]')) throw badData('no match[] parameter provided');
      return success(selected(params, series));
    case '/api/v1/rules':
      return success({ groups: ruleGroups(params, context.ruleGroups ?? []) });
    case '/api/v1/alerts':
      return context.alerts ? success({ alerts: context.alerts }) : NOT_FOUND;
    case '/api/v1/metadata':
      return success(metadataOf(params, context.metadata ?? {}));
    case '/api/v1/targets':
      return success({ activeTargets: activeTargets(params, context.targets ?? []), droppedTargets: [] });
    case '/api/v1/status/buildinfo':
      return success({ version: '3.5.3', revision: '', branch: 'HEAD', buildUser: '', buildDate: '', goVersion: '' });
    case '/graph': // where a reader of the demo's report lands who wants to look at the data
      return {
        status: 200,
        contentType: 'text/plain; charset=utf-8',
        body: `This stands in for Prometheus and draws no graphs. A real one shows here:\n\n${params.get('g0.expr')}\n`,
      };
    default:
      return NOT_FOUND;
  }
}

function metadataOf(
  params: URLSearchParams,
  all: Readonly<Record<string, readonly unknown[]>>,
): Readonly<Record<string, readonly unknown[]>> {
  const [metric, limit] = [params.get('metric'), params.get('limit')];
  if (limit !== null && !/^-?\d+$/.test(limit)) throw badData('limit must be a number');
  const told = Object.entries(all).filter(([name]) => !metric || name === metric);
  return Object.fromEntries(limit !== null && Number(limit) >= 0 ? told.slice(0, Number(limit)) : told);
}

function activeTargets(params: URLSearchParams, targets: readonly unknown[]): readonly unknown[] {
  const pool = params.get('scrapePool');
  return pool ? targets.filter((target) => (target as { scrapePool?: unknown }).scrapePool === pool) : targets;
}

function ruleGroups(params: URLSearchParams, groups: readonly RuleGroup[]): RuleGroup[] {
  const [type, names] = [params.get('type'), params.getAll('rule_name[]')];
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter(
        (rule) => (!type || rule.type.startsWith(type)) && (names.length === 0 || names.includes(rule.name)),
      ),
    }))
    .filter(({ rules }) => rules.length > 0);
}

function instantQuery(params: URLSearchParams, series: readonly Series[], now: number): BackendAnswer {
  const time = params.has('time') ? timeParameter(params, 'time') : now;
  checkTimeout(params);
  const value = evaluate(parsePromql(params.get('query') ?? ''), series, time);
  switch (value.type) {
    case 'scalar':
    case 'string':
      return success({ resultType: value.type, result: [time, shown(value.value)] });
    case 'vector':
      return limited(
        'vector',
        value.samples.map((s) => ({ metric: s.labels, value: [time, shown(s.value)] })),
        params,
      );
    case 'matrix':
      return limited('matrix', value.series.map(rangeResult), params);
  }
}

function rangeQuery(params: URLSearchParams, series: readonly Series[]): BackendAnswer {
  const start = timeParameter(params, 'start');
  const end = timeParameter(params, 'end');
  if (end < start) throw badParameter('end', 'end timestamp must not be before start time');
  const step = stepSeconds(params.get('step') ?? '');
  if (step === undefined) {
    throw badParameter('step', `cannot parse "${params.get('step') ?? ''}" to a valid duration`);
  }
  if (step <= 0) {
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((end - start) / step > MAX_POINTS) {
    throw badData(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  checkTimeout(params);
  const expression = parsePromql(params.get('query') ?? '');
  const type = typeOf(expression);
  if (type !== 'scalar' && type !== 'instant vector') {
    throw badParameter('query', `invalid expression type "${type}" for range query, must be Scalar or instant Vector`);
  }
  return limited('matrix', evaluateRange(expression, series, { start, end, step }).map(rangeResult), params);
}

function evaluateRange(
  expression: Expression,
  series: readonly Series[],
  range: { readonly start: number; readonly end: number; readonly step: number },
): RangeSeries[] {
  const found = new Map<string, { labels: Labels; samples: (readonly [number, number])[] }>();
  for (let i = 0; range.start + i * range.step <= range.end; i++) {
    const time = round(range.start + i * range.step);
    for (const { labels, value } of samplesOf(evaluate(expression, series, time))) {
      const one = found.get(labelKey(labels)) ?? { labels, samples: [] };
      one.samples.push([time, value]);
      found.set(labelKey(labels), one);
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function samplesOf(value: Value): readonly { readonly labels: Labels; readonly value: number }[] {
  if (value.type === 'vector') return value.samples;
  return value.type === 'scalar' ? [{ labels: {}, value: value.value }] : [];
}

/** To milliseconds, Prometheus' resolution. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function rangeResult(series: RangeSeries): unknown {
  return { metric: series.labels, values: series.samples.map(([time, value]) => [time, shown(value)]) };
}

/** A value in the envelope: a string, with Go's names for what is no number. */
function shown(value: number | string): string {
  if (value === Infinity) return '+Inf';
  return String(value);
}

function labelValues(name: string, params: URLSearchParams, series: readonly Series[]): string[] {
  const values = selected(params, series).flatMap((labels) => labels[name] ?? []);
  return [...new Set(values)].sort();
}

/** Label sets that a `match[]` selects; all of them without one. */
function selected(params: URLSearchParams, series: readonly Series[]): Labels[] {
  for (const name of ['start', 'end']) if (params.has(name)) timeParameter(params, name);
  const selectors = params.getAll('match[]').map((text) => parsePromql(text));
  return series
    .map(({ labels }) => labels)
    .filter(
      (labels) => !selectors.length || selectors.some((s) => s.type === 'selector' && matches(labels, s.matchers)),
    );
}

function timeParameter(params: URLSearchParams, name: string): number {
  const text = params.get(name) ?? '';
  const time = unixSeconds(text);
  if (time === undefined) {
    throw badParameter(name, `invalid time value for '${name}': cannot parse "${text}" to a valid timestamp`);
  }
  return time;
}

function checkTimeout(params: URLSearchParams): void {
  const timeout = params.get('timeout');
  if (timeout !== null && durationSeconds(timeout) === undefined) {
    throw badParameter('timeout', `cannot parse "${timeout}" to a valid duration`);
  }
}

function limited(resultType: string, result: readonly unknown[], params: URLSearchParams): BackendAnswer {
  const limit = Number(params.get('limit') ?? 0);
  if (!limit || result.length <= limit) return success({ resultType, result });
  return success({ resultType, result: result.slice(0, limit) }, ['results truncated due to limit']);
}

function success(data: unknown, warnings?: readonly string[]): BackendAnswer {
  const body = JSON.stringify({ status: 'success', data, ...(warnings && { warnings }) });
  return { status: 200, contentType: 'application/json', body };
}

function failure(error: PromqlError): BackendAnswer {
  const body = JSON.stringify({ status: 'error', errorType: error.errorType, error: error.message });
  return { status: error.status, contentType: 'application/json', body };
}

function badData(message: string): PromqlError {
  return new PromqlError(400, 'bad_data', message);
}

function badParameter(name: string, message: string): PromqlError {
  return badData(`invalid parameter "${name}": ${message}`);
}
