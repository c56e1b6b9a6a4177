import type { BackendTarget } from '../../config/slices';
import type { Labels } from '../../domain/alert';
import { BackendClient, type BackendAnswer } from '../backend-client';
import { isObject, readLabels, readMetricResult, type MetricResult } from '../metric-result';
import type { Grid } from '../metric-text';
import { readAlertingRules, type AlertingRule } from './alerting-rules';
import { dataOf, type Failed, failed, inField, listOf, type ListAnswer, notesIn, seconds } from './envelope';
import { PrometheusCatalog } from './prometheus-catalog';
import type { TimeRange } from '../time-input';

export type PrometheusAnswer =
  | {
      readonly kind: 'result';
      readonly result: MetricResult;
      /** Warnings and infos: a partial answer of Thanos shows nowhere else. */
      readonly notes: readonly string[];
    }
  | Failed;

/** An alert that one of Prometheus' rules holds now. */
export interface RuleAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'firing' | 'pending';
  /** Since when its expression holds, RFC 3339 as it came: earlier than it fires, by the rule's `for`. */
  readonly activeAt: string;
}

/** The alerting rules, or why there are none. */
export type RulesAnswer =
  | { readonly kind: 'rules'; readonly rules: readonly AlertingRule[] }
  | { readonly kind: 'failed'; readonly reason: string };

const SHARE_OF_TIME = 0.9;

/** Prometheus' HTTP API, and of whatever speaks it (Mimir, Thanos, VictoriaMetrics). */
export class PrometheusClient {
  /** What there is to be asked about: names, labels, types, targets. */
  readonly catalog: PrometheusCatalog;
  private readonly backend: BackendClient;

  /**
   * @param timeoutMs so long it works on a query at most, also behind a proxy that does not tell it when we hang up;
   * absent: as long as it is configured to
   */
  constructor(
    target: BackendTarget,
    private readonly timeoutMs?: number,
  ) {
    this.backend = new BackendClient('Prometheus', target);
    this.catalog = new PrometheusCatalog(this.backend);
  }

  /**
   * For what is asked besides: it aborts before the time that a call has is over, so that what is known already can still
   * be given.
   */
  deadline(signal: AbortSignal): AbortSignal {
    if (this.timeoutMs === undefined) return signal;
    return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(this.timeoutMs * SHARE_OF_TIME))]);
  }

  async query(query: string, time: Date, signal: AbortSignal): Promise<PrometheusAnswer> {
    return read(await this.backend.post('/api/v1/query', this.timed({ query, time: seconds(time) }), signal));
  }

  async queryRange(query: string, grid: Grid, signal: AbortSignal): Promise<PrometheusAnswer> {
    const form = { query, start: seconds(grid.start), end: seconds(grid.end), step: String(grid.stepSeconds) };
    return read(await this.backend.post('/api/v1/query_range', this.timed(form), signal));
  }

  /** The alerting rules of this name, with their alerts that are pending or firing now. */
  async rules(name: string, signal: AbortSignal): Promise<RulesAnswer> {
    const asked = new URLSearchParams({ type: 'alert', 'rule_name[]': name });
    const data = dataOf(await this.backend.get('/api/v1/rules', asked, signal));
    if (data.kind === 'failed') return data;
    const rules = readAlertingRules(data.data, name);
    return rules ? { kind: 'rules', rules } : failed('Prometheus answered with rules in a form that is not known.');
  }

  /**
   * The label sets that a selector finds in a range: no sample is read for them.
   * @param limit of them, where the server knows limits (3.x)
   */
  async series(
    selector: string,
    { start, end }: TimeRange,
    signal: AbortSignal,
    limit?: number,
  ): Promise<ListAnswer<Labels>> {
    const form = {
      'match[]': selector,
      start: seconds(start),
      end: seconds(end),
      ...(limit !== undefined && { limit: String(limit) }),
    };
    return listOf(await this.backend.post('/api/v1/series', form, signal), (data) => data, readLabels);
  }

  /** What its rules hold as pending or firing now; servers that evaluate no rules do not know the path. */
  async alerts(signal: AbortSignal): Promise<ListAnswer<RuleAlert>> {
    return listOf(
      await this.backend.get('/api/v1/alerts', new URLSearchParams(), signal),
      inField('alerts'),
      readAlert,
    );
  }

  private timed(form: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.timeoutMs === undefined ? form : { ...form, timeout: `${Math.ceil(this.timeoutMs)}ms` };
  }
}

function read(answer: BackendAnswer): PrometheusAnswer {
  const data = dataOf(answer);
  if (data.kind === 'failed') return data;
  const result = readMetricResult(data.data);
  if (!result) return failed('Prometheus answered with a kind of result that is not known.');
  return { kind: 'result', result, notes: notesIn(data) };
}

function readAlert(raw: unknown): RuleAlert | undefined {
  if (!isObject(raw) || (raw.state !== 'firing' && raw.state !== 'pending')) return undefined;
  const labels = readLabels(raw.labels);
  const annotations = readLabels(raw.annotations) ?? {};
  return labels && { labels, annotations, state: raw.state, activeAt: String(raw.activeAt) };
}
