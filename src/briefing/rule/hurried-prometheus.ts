import type { InstantSeries, MetricResult, RangeSeries } from '../../tools/metric-result';
import type { Grid } from '../../tools/metric-text';
import type { PrometheusAnswer, PrometheusClient, RulesAnswer } from '../../tools/prometheus/prometheus-client';

/** Series, or why there are none; no series is an answer too. */
export type SeriesAnswer<Series> =
  | { readonly kind: 'series'; readonly series: readonly Series[]; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** Prometheus for one section: each step has its own deadline, so that what came before is shown when a later one is slow. */
export class HurriedPrometheus {
  private readonly beganAt = performance.now();

  constructor(
    private readonly prometheus: PrometheusClient,
    private readonly signal: AbortSignal,
    /** Counted from now. */
    private deadlineMs: number,
  ) {}

  /** From here on each answer has to be there by this time after the beginning. */
  until(deadlineMs: number): void {
    this.deadlineMs = deadlineMs;
  }

  rules(name: string): Promise<RulesAnswer> {
    return this.inTime((signal) => this.prometheus.rules(name, signal));
  }

  /** One number without labels is a series without labels. */
  async at(query: string, time: Date): Promise<SeriesAnswer<InstantSeries>> {
    return seriesOf(await this.inTime((signal) => this.prometheus.query(query, time, signal)), instantSeries);
  }

  /** The samples as they are stored: `selector[10m]` at one moment. */
  async samples(query: string, time: Date): Promise<SeriesAnswer<RangeSeries>> {
    return seriesOf(await this.inTime((signal) => this.prometheus.query(query, time, signal)), rangeSeries);
  }

  async over(query: string, grid: Grid): Promise<SeriesAnswer<RangeSeries>> {
    return seriesOf(await this.inTime((signal) => this.prometheus.queryRange(query, grid, signal)), rangeSeries);
  }

  private async inTime<Answer>(
    ask: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer | { readonly kind: 'failed'; readonly reason: string }> {
    const leftMs = Math.max(0, Math.round(this.deadlineMs - (performance.now() - this.beganAt)));
    const tooLate = AbortSignal.timeout(leftMs);
    try {
      return await ask(AbortSignal.any([this.signal, tooLate]));
    } catch (error) {
      this.signal.throwIfAborted();
      if (!tooLate.aborted) throw error;
      return { kind: 'failed', reason: 'Prometheus did not answer in the time that the opening message has.' };
    }
  }
}

function seriesOf<Series>(
  answer: PrometheusAnswer,
  read: (result: MetricResult) => readonly Series[] | undefined,
): SeriesAnswer<Series> {
  if (answer.kind === 'failed') return answer;
  const series = read(answer.result);
  if (series) return { kind: 'series', series, notes: answer.notes };
  return { kind: 'failed', reason: `it gives a ${answer.result.type}, no series.` };
}

function instantSeries(result: MetricResult): readonly InstantSeries[] | undefined {
  if (result.type === 'vector') return result.series;
  return result.type === 'scalar' ? [{ labels: {}, point: [result.at, result.value] }] : undefined;
}

function rangeSeries(result: MetricResult): readonly RangeSeries[] | undefined {
  return result.type === 'matrix' ? result.series : undefined;
}
