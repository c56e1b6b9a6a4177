import type { Sample, Series } from '../../test/stand-ins/prometheus.ts';
import { dice, hex, iso, lineWith, minutesBefore, says } from './context-case.ts';
import type { ContextCase, Near, Plan } from './context-case.ts';

const SCRAPE_SECONDS = 15;
/** A window of rate() and a widened step lie between the onset and the first value that shows it. */
const ONSET_WITHIN_SECONDS = 180;
const FAULTY = 5;

export function metricCases(plan: Plan): ContextCase[] {
  return [manySeries(plan), oneSeries(plan), manyValues(plan), ranked(plan)];
}

/** An hour of containers, five of which use more and more. */
function manySeries(plan: Plan): ContextCase {
  const series = containers(plan, Math.max(2 * FAULTY, plan.share(100)));
  const query = 'rate(container_cpu_usage_seconds_total{namespace="shop"}[1m])';
  const { input, path } = overAnHour(plan, query);
  const onset = near(plan);
  return {
    figure: 'range_100_series',
    tool: 'query_metrics_range',
    input,
    world: { series },
    raw: [{ from: 'prometheus', path }],
    facts: series.filter((_, i) => isFaulty(i, series.length)).map(({ labels }) => lineWith(labels.pod!, onset)),
    targetTokens: 1000,
  };
}

function oneSeries(plan: Plan): ContextCase {
  const labels = { __name__: 'checkout_pool_in_use', service: 'checkout', job: 'shop', instance: '10.0.3.7:8080' };
  const samples = every(plan, SCRAPE_SECONDS, 90).map((at): Sample => [at, isAfter(plan, at) ? 48 : 12]);
  const { input, path } = overAnHour(plan, 'checkout_pool_in_use');
  return {
    figure: 'range_1_series',
    tool: 'query_metrics_range',
    input,
    world: { series: [{ labels, samples }] },
    raw: [{ from: 'prometheus', path }],
    facts: [says('checkout_pool_in_use'), says('12'), says('48')],
  };
}

/** A thousand queues at one moment, three of them full. */
function manyValues(plan: Plan): ContextCase {
  const roll = dice(3);
  const count = plan.share(1000);
  const full = [Math.floor(count * 0.2), Math.floor(count * 0.5), Math.floor(count * 0.9)];
  const series = Array.from({ length: count }, (_, i): Series => {
    const value = full.includes(i) ? 9000 + i : Math.floor(roll() * 40);
    const labels = { queue: `orders-${i}`, service: 'broker', job: 'broker', instance: `10.0.4.${i % 9}:9419` };
    return {
      labels: { __name__: 'broker_queue_depth', ...labels },
      samples: every(plan, 60, 20).map((at) => [at, value]),
    };
  });
  const time = iso(plan.now);
  return {
    figure: 'vector_1000_series',
    tool: 'query_metrics',
    input: { query: 'broker_queue_depth', time },
    world: { series },
    raw: [{ from: 'prometheus', path: `/api/v1/query?query=broker_queue_depth&time=${time}` }],
    facts: [
      ...full.map((i) => lineWith(`orders-${i}"`, String(9000 + i))),
      { name: `that it is ${count} series`, holds: counts(count) },
    ],
  };
}

/** With or without a comma for the thousands. */
function counts(count: number): (text: string) => boolean {
  return (text) => text.includes(String(count)) || text.includes(count.toLocaleString('en-US'));
}

/** Ten metrics of a hundred instances, three of them with another level since the onset. */
function ranked(plan: Plan): ContextCase {
  const roll = dice(4);
  const instances = plan.share(100);
  const faulty = [3, 104, 205].map((i) => i % (10 * instances));
  const series = Array.from({ length: 10 * instances }, (_, i): Series => {
    const phase = roll() * 6;
    const samples = every(plan, 30, 180).map((at): Sample => {
      const usual = 100 + 10 * Math.sin(at / 900 + phase) + 6 * roll();
      return [at, faulty.includes(i) && isAfter(plan, at) ? 3 * usual : usual];
    });
    const labels = { instance: `10.1.0.${i % instances}:9100`, job: 'fleet', service: 'fleet' };
    return { labels: { __name__: `fleet_${METRICS[Math.floor(i / instances)]}`, ...labels }, samples };
  });
  const range = { start: iso(minutesBefore(plan.now, 60)), end: iso(plan.now) };
  const asked = new URLSearchParams({ query: '{job="fleet"}', ...range, step: '60' });
  return {
    figure: 'anomalies_1000_series',
    tool: 'rank_anomalies',
    input: { query: '{job="fleet"}', ...range },
    world: { series },
    raw: [{ from: 'prometheus', path: `/api/v1/query_range?${asked}` }],
    facts: faulty.map((i) => lineWith(series[i]!.labels.__name__!, series[i]!.labels.instance!, near(plan))),
  };
}

const METRICS = [
  'load',
  'threads',
  'open_files',
  'connections',
  'queue_length',
  'cache_entries',
  'sockets',
  'heap_megabytes',
  'sessions',
  'disk_latency_ms',
];

/** As cAdvisor labels them. */
function containers(plan: Plan, count: number): Series[] {
  const roll = dice(1);
  return Array.from({ length: count }, (_, i): Series => {
    const service = ['gateway', 'orders', 'payments', 'inventory'][i % 4]!;
    const usual = 0.1 + 0.2 * roll();
    let total = 1000 * roll();
    const samples = every(plan, SCRAPE_SECONDS, 90).map((at): Sample => {
      const faulty = isFaulty(i, count) && isAfter(plan, at);
      total += SCRAPE_SECONDS * usual * (0.9 + 0.2 * roll()) * (faulty ? 4 : 1);
      return [at, total];
    });
    const pod = `${service}-${hex(roll, 9)}-${hex(roll, 5)}`;
    return {
      labels: {
        __name__: 'container_cpu_usage_seconds_total',
        container: 'app',
        cpu: 'total',
        endpoint: 'https-metrics',
        id: `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${hex(roll, 32)}.slice`,
        image: `images.example/shop/${service}:2.14.0`,
        instance: `10.0.1.${i % 12}:10250`,
        job: 'kubelet',
        metrics_path: '/metrics/cadvisor',
        namespace: 'shop',
        node: `node-${i % 12}`,
        pod,
      },
      samples,
    };
  });
}

/** Spread over all, so that they share neither service nor node. */
function isFaulty(i: number, count: number): boolean {
  const each = Math.floor(count / FAULTY);
  return i % each === Math.floor(i / each) % each;
}

/** At step 15 s, which the program widens: the raw answer has what was asked for. */
function overAnHour(plan: Plan, query: string) {
  const input = { query, start: iso(minutesBefore(plan.now, 60)), end: iso(plan.now), step: `${SCRAPE_SECONDS}s` };
  return { input, path: `/api/v1/query_range?${new URLSearchParams(input)}` };
}

function near({ onset }: Plan): Near {
  return { time: onset, withinSeconds: ONSET_WITHIN_SECONDS };
}

function isAfter({ onset }: Plan, at: number): boolean {
  return at * 1000 >= onset.getTime();
}

/** Moments until two minutes after now: the program asks for the present, too. */
function every({ now }: Plan, seconds: number, minutes: number): number[] {
  const end = now.getTime() / 1000 + 120;
  const count = Math.floor((minutes * 60) / seconds);
  return Array.from({ length: count }, (_, i) => end - (count - 1 - i) * seconds);
}
