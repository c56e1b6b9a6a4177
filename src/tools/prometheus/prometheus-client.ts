import type { BackendTarget } from '../../config/slices';
import { BackendClient, errorText, type BackendAnswer } from '../backend-client';
import { isObject, readMetricResult, type MetricResult } from '../metric-result';
import type { Grid } from '../metric-text';
import { readAlertingRules, type AlertingRule } from './alerting-rules';

export type PrometheusAnswer =
  | {
      readonly kind: 'result';
      readonly result: MetricResult;
      /** Warnings and infos: a partial answer of Thanos shows nowhere else. */
      readonly notes: readonly string[];
      /** The answer as it came. */
      readonly full: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export type RulesAnswer =
  | { readonly kind: 'rules'; readonly rules: readonly AlertingRule[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Prometheus' HTTP API, and of whatever speaks it (Mimir, Thanos, VictoriaMetrics). */
export class PrometheusClient {
  private readonly backend: BackendClient;

  constructor(target: BackendTarget) {
    this.backend = new BackendClient('Prometheus', target);
  }

  async query(query: string, time: Date, signal: AbortSignal): Promise<PrometheusAnswer> {
    return read(await this.backend.post('/api/v1/query', { query, time: seconds(time) }, signal));
  }

  async queryRange(query: string, grid: Grid, signal: AbortSignal): Promise<PrometheusAnswer> {
    const form = { query, start: seconds(grid.start), end: seconds(grid.end), step: String(grid.stepSeconds) };
    return read(await this.backend.post('/api/v1/query_range', form, signal));
  }

  /** The alerting rules of this name, with their alerts that are pending or firing now. */
  async rules(name: string, signal: AbortSignal): Promise<RulesAnswer> {
    const asked = new URLSearchParams({ type: 'alert', 'rule_name[]': name });
    const data = dataOf(await this.backend.get('/api/v1/rules', asked, signal));
    if (data.kind === 'failed') return data;
    const rules = readAlertingRules(data.data, name);
    return rules ? { kind: 'rules', rules } : failed('Prometheus answered with rules in a form that is not known.');
  }
}

function read(answer: BackendAnswer): PrometheusAnswer {
  const data = dataOf(answer);
  if (data.kind === 'failed') return data;
  const result = readMetricResult(data.data);
  if (!result) return failed('Prometheus answered with a kind of result that is not known.');
  const notes = [...notesOf('warning', data.body.warnings), ...notesOf('info', data.body.infos)];
  return { kind: 'result', result, notes, full: data.text };
}

type Failed = Extract<PrometheusAnswer, { kind: 'failed' }>;
interface Data {
  readonly kind: 'data';
  readonly data: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  /** The answer as it came. */
  readonly text: string;
}

/** Out of the envelope that all answers have. */
function dataOf(answer: BackendAnswer): Data | Failed {
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'text') return failed(`Prometheus answered ${answer.status}: ${errorText(answer.text)}`);
  const { status, body, text } = answer;
  if (!isObject(body)) return failed(`Prometheus answered ${status} in a form that is not known.`);
  if (body.status !== 'success') {
    const type = typeof body.errorType === 'string' ? ` ${body.errorType}` : '';
    return failed(`Prometheus answered ${status}${type}: ${errorText(String(body.error ?? 'no reason given'))}`);
  }
  return { kind: 'data', data: body.data, body, text };
}

function failed(reason: string): Failed {
  return { kind: 'failed', reason };
}

/** The first five of a list of sentences, as lines. */
export function notesOf(kind: string, list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  const more = list.length > 5 ? [`${kind}s left out: ${list.length - 5}`] : [];
  return [...list.slice(0, 5).map((text) => `${kind}: ${errorText(String(text))}`), ...more];
}

function seconds(time: Date): string {
  return String(time.getTime() / 1000);
}
