import type { BackendTarget } from '../../config/slices';
import { BackendClient, errorText, type BackendAnswer } from '../backend-client';
import { isObject, readMetricResult, type MetricResult } from '../metric-result';
import type { Grid } from '../metric-text';

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
}

function read(answer: BackendAnswer): PrometheusAnswer {
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'text') return failed(`Prometheus answered ${answer.status}: ${errorText(answer.text)}`);
  const { status, body, text } = answer;
  if (!isObject(body)) return failed(`Prometheus answered ${status} in a form that is not known.`);
  if (body.status !== 'success') {
    const type = typeof body.errorType === 'string' ? ` ${body.errorType}` : '';
    return failed(`Prometheus answered ${status}${type}: ${errorText(String(body.error ?? 'no reason given'))}`);
  }
  const result = readMetricResult(body.data);
  if (!result) return failed('Prometheus answered with a kind of result that is not known.');
  const notes = [...notesOf('warning', body.warnings), ...notesOf('info', body.infos)];
  return { kind: 'result', result, notes, full: text };
}

function failed(reason: string): PrometheusAnswer {
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
