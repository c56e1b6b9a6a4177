import { Unavailable } from '../domain/errors';
import { NOT_KNOWN } from '../domain/sent-texts';
import type { InstantSeries, RangeSeries } from '../tools/metric-result';
import type { PrometheusAnswer } from '../tools/prometheus/prometheus-client';
import { oneLine } from '../domain/one-line';

/** What Prometheus warned of: a server behind others (Thanos, Mimir) may have answered with a part of the truth. */
export class Warnings {
  private readonly texts = new Set<string>();

  add(notes: readonly string[]): void {
    for (const note of notes) if (note.startsWith('warning')) this.texts.add(oneLine(note, 200));
  }

  /** One line, or none. */
  lines(): string[] {
    const [first] = [...this.texts].sort();
    return first === undefined ? [] : [`${NOT_KNOWN}whether Prometheus told all of this: ${first}`];
  }
}

/** @throws Unavailable with the backend's reason */
export function matrixOf(answer: PrometheusAnswer, warnings?: Warnings): readonly RangeSeries[] {
  const result = resultOf(answer, warnings);
  if (result.type !== 'matrix') throw notAnswered(`Prometheus answered with a ${result.type} instead of a matrix.`);
  return result.series;
}

/** @throws Unavailable with the backend's reason */
export function vectorOf(answer: PrometheusAnswer, warnings?: Warnings): readonly InstantSeries[] {
  const result = resultOf(answer, warnings);
  if (result.type !== 'vector') throw notAnswered(`Prometheus answered with a ${result.type} instead of a vector.`);
  return result.series;
}

/** The reason becomes a line of the section: it names no host and no credential. */
export function notAnswered(reason: string): Unavailable {
  return new Unavailable('briefing.backend', reason);
}

function resultOf(
  answer: PrometheusAnswer,
  warnings: Warnings | undefined,
): Extract<PrometheusAnswer, { kind: 'result' }>['result'] {
  if (answer.kind === 'failed') throw notAnswered(answer.reason);
  warnings?.add(answer.notes);
  return answer.result;
}
