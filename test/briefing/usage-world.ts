import { RuleSection } from '../../src/briefing/rule-section';
import type { Firing } from '../../src/domain/alert';
import { PrometheusClient } from '../../src/tools/prometheus/prometheus-client';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn, RuleGroup, Series } from '../stand-ins/prometheus.ts';
import { captured } from '../tools/captured';

export const NOW = Date.parse('2026-11-23T19:30:00Z') / 1000;
/** The fault begins here, ten minutes before now; its alert fires two minutes later. */
export const FAULT = NOW - 600;
export const START = FAULT + 120;
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

interface Shape {
  readonly labels: Record<string, string>;
  readonly value: (at: number) => number | undefined;
  readonly every?: number;
  readonly from?: number;
}

export function gauge({ labels, value, every = 15, from = NOW - 4 * 3600 }: Shape): Series {
  const samples: [number, number][] = [];
  for (let at = from; at <= NOW; at += every) {
    const one = value(at);
    if (one !== undefined) samples.push([at, one]);
  }
  return { labels, samples };
}

export const usage = (instance: string, value: Shape['value'], more: Partial<Shape> = {}): Series =>
  gauge({ labels: { __name__: 'usage', job: 'node', instance }, value, ...more });

interface Rule {
  readonly query: string;
  readonly duration?: number;
  readonly labels?: Record<string, string>;
  readonly alerts?: readonly unknown[];
  readonly name?: string;
}

export function group(...rules: readonly Rule[]): RuleGroup {
  const [{ groups }] = [(captured('prometheus-3.5/rules_alert').body as { data: { groups: RuleGroup[] } }).data];
  const real = groups[0]!.rules[0]!;
  return {
    ...groups[0]!,
    rules: rules.map((rule) => ({ ...real, name: 'UsageHigh', duration: 60, labels: {}, alerts: [], ...rule })),
  };
}

export function firing(labels: Record<string, string>, more: Partial<Firing> = {}): Firing {
  return {
    id: '01FIRING',
    fingerprint: 'abc',
    status: 'firing',
    startsAt: new Date(START * 1000),
    labels: { alertname: 'UsageHigh', ...labels },
    annotations: {},
    ...more,
  };
}

export const linkTo = (expression: string): string =>
  `http://prometheus.example/graph?${new URLSearchParams({ 'g0.expr': expression, 'g0.tab': '1' }).toString()}`;

/** From 0.3 to 0.9 when the fault begins, to 0.95 five minutes later. */
export const risen = (at: number): number => (at < FAULT ? 0.3 : at < FAULT + 300 ? 0.9 : 0.95);

const running: PrometheusStandIn[] = [];

/** A Prometheus with these series and rules; ended by `endWorlds`. */
export async function world(
  series: readonly Series[],
  ruleGroups: readonly RuleGroup[] = [],
): Promise<PrometheusStandIn> {
  const prometheus = await startPrometheus({ series, ruleGroups, now: () => NOW });
  running.push(prometheus);
  return prometheus;
}

export async function endWorlds(): Promise<void> {
  for (const one of running.splice(0)) await one.stop();
}

/** What the section says of an alert. */
export async function textOf(prometheus: { readonly url: string }, alert: Firing, now = NOW): Promise<string> {
  const section = new RuleSection(new PrometheusClient({ endpoint: prometheus.url }));
  const subject = { triageId: '01T', alertName: alert.labels.alertname!, firing: alert, now: new Date(now * 1000) };
  return section.gather(subject, AbortSignal.timeout(5_000));
}

export const lineOf = (text: string, start: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(start));
