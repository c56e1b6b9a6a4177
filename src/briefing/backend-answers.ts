import { Unavailable } from '../domain/errors';
import type { InstantSeries, RangeSeries } from '../tools/metric-result';
import type { PrometheusAnswer } from '../tools/prometheus/prometheus-client';

/** @throws Unavailable with the backend's reason */
export function matrixOf(answer: PrometheusAnswer): readonly RangeSeries[] {
  const result = resultOf(answer);
  if (result.type !== 'matrix') throw notAnswered(`Prometheus answered with a ${result.type} instead of a matrix.`);
  return result.series;
}

/** @throws Unavailable with the backend's reason */
export function vectorOf(answer: PrometheusAnswer): readonly InstantSeries[] {
  const result = resultOf(answer);
  if (result.type !== 'vector') throw notAnswered(`Prometheus answered with a ${result.type} instead of a vector.`);
  return result.series;
}

/** The reason becomes a line of the section: it names no host and no credential. */
export function notAnswered(reason: string): Unavailable {
  return new Unavailable('briefing.backend', reason);
}

function resultOf(answer: PrometheusAnswer): Extract<PrometheusAnswer, { kind: 'result' }>['result'] {
  if (answer.kind === 'failed') throw notAnswered(answer.reason);
  return answer.result;
}
