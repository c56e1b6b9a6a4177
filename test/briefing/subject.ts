import { PrometheusClient } from '../../src/tools/prometheus/prometheus-client';
import type { BriefingSubject } from '../../src/briefing/section-source';
import type { Firing, Labels } from '../../src/domain/alert';
import type { Sample } from '../stand-ins/prometheus.ts';

export const NOW = new Date('2026-11-23T19:30:00Z');
export const STARTS_AT = new Date('2026-11-23T19:20:00Z');

/** A moment before now, by its distance. */
export const before = (minutes: number, of = NOW): Date => new Date(of.getTime() - minutes * 60_000);
const seconds = (at: Date): number => at.getTime() / 1000;

export function subjectOf(labels: Labels, over: Partial<Firing> = {}): BriefingSubject {
  return {
    triageId: 'T',
    alertName: labels.alertname ?? 'HighErrorRate',
    firing: {
      id: 'F',
      fingerprint: 'f1',
      status: 'firing',
      startsAt: STARTS_AT,
      labels: { alertname: 'HighErrorRate', severity: 'critical', ...labels },
      annotations: {},
      ...over,
    },
    now: NOW,
  };
}

/** One sample every `every` seconds of a value, from one moment to another. */
export function steady(from: Date, to: Date, value: number, every = 15): Sample[] {
  const count = Math.floor((seconds(to) - seconds(from)) / every) + 1;
  return Array.from({ length: count }, (_, i): Sample => [seconds(from) + i * every, value]);
}

export const clientOf = (endpoint: string): PrometheusClient => new PrometheusClient({ endpoint });
export const noAbort = (): AbortSignal => new AbortController().signal;
