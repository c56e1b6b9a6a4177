import type { Series } from '../../test/stand-ins/prometheus.ts';
import { dice, hex, iso, lineWith, minutesBefore, says } from './context-case.ts';
import type { ContextCase, Fact, Plan } from './context-case.ts';

/** What lists cost that a large system makes long. */
const TARGET_TOKENS = 1000;

export function listCases(plan: Plan): ContextCase[] {
  return [alerts(plan), metricNames(plan), labelValues(plan), targets(plan)];
}

interface ListedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly state?: 'pending' | 'silenced' | 'inhibited';
}

const SILENCE = 'disk is replaced on Thursday';

/** One rule that fires for hundreds of pods, and a few alerts that say why. */
function alerts(plan: Plan): ContextCase {
  const roll = dice(21);
  const noise = Array.from({ length: plan.share(500) - 4 }, (_, i): ListedAlert => {
    const pod = `worker-${hex(roll, 9)}-${hex(roll, 5)}`;
    const labels = { alertname: 'PodNotReady', severity: 'warning', namespace: 'shop', pod, node: `node-${i % 40}` };
    return { labels, summary: `${pod} has not been ready for five minutes` };
  });
  const telling: ListedAlert[] = [
    {
      labels: { alertname: 'DatabaseDown', severity: 'critical', service: 'ledger-db' },
      summary: 'ledger-db does not answer',
    },
    {
      labels: { alertname: 'CertificateExpires', severity: 'warning', host: 'ledger.example' },
      summary: 'the certificate of ledger.example ends in two hours',
      state: 'pending',
    },
    {
      labels: { alertname: 'DiskFull', severity: 'critical', node: 'node-7' },
      summary: 'node-7 has 1 % left',
      state: 'silenced',
    },
    {
      labels: { alertname: 'QueueGrows', severity: 'warning', queue: 'settlements' },
      summary: 'settlements wait',
      state: 'inhibited',
    },
  ];
  const all = [...noise.slice(0, 20), ...telling, ...noise.slice(20)];
  return {
    figure: 'alerts_500',
    tool: 'list_alerts',
    input: {},
    world: {
      prometheus: {
        '/api/v1/alerts': { alerts: all.map((one) => ruleAlert(plan, one)) },
        '/api/v1/rules': rules(plan, all),
      },
      alertmanager: {
        '/api/v2/alerts': all.flatMap((one, i) => (one.state === 'pending' ? [] : [heldAlert(plan, one, i)])),
        '/api/v2/silences': [silence(plan)],
      },
    },
    raw: [
      { from: 'prometheus', path: '/api/v1/rules?type=alert' },
      { from: 'alertmanager', path: '/api/v2/alerts' },
      { from: 'alertmanager', path: '/api/v2/silences' },
    ],
    facts: [...telling.map(({ labels }) => says(labels.alertname!)), says(SILENCE), says('PodNotReady')],
    targetTokens: TARGET_TOKENS,
  };
}

function ruleAlert({ startsAt }: Plan, { labels, summary, state }: ListedAlert): object {
  const activeAt = iso(minutesBefore(startsAt, 5));
  return {
    labels,
    annotations: { summary },
    state: state === 'pending' ? 'pending' : 'firing',
    activeAt,
    value: '1e+00',
  };
}

function rules(plan: Plan, all: readonly ListedAlert[]): object {
  const names = [...new Set(all.map(({ labels }) => labels.alertname!))];
  const shown = names.map((name) => ({
    state: 'firing',
    name,
    query: `probe_${name.toLowerCase()} == 0`,
    duration: 300,
    keepFiringFor: 0,
    labels: {},
    annotations: {},
    alerts: all.filter(({ labels }) => labels.alertname === name).map((one) => ruleAlert(plan, one)),
    health: 'ok',
    evaluationTime: 0.0002,
    lastEvaluation: iso(plan.now),
    type: 'alerting',
  }));
  return { groups: [{ name: 'shop', file: '/etc/prometheus/rules.yml', rules: shown, interval: 15, limit: 0 }] };
}

const SILENCE_ID = '67c4d47c-fccb-464d-a7a8-7fc1cd2759ac';

function heldAlert(plan: Plan, { labels, summary, state }: ListedAlert, i: number): object {
  const silencedBy = state === 'silenced' ? [SILENCE_ID] : [];
  const inhibitedBy = state === 'inhibited' ? ['00000000000000ff'] : [];
  return {
    annotations: { summary },
    endsAt: iso(plan.now),
    fingerprint: i.toString(16).padStart(16, '0'),
    receivers: [{ name: 'vigil' }],
    startsAt: iso(plan.startsAt),
    status: { inhibitedBy, silencedBy, state: state ? 'suppressed' : 'active' },
    updatedAt: iso(plan.now),
    generatorURL: 'http://prometheus.example/graph?g0.expr=x',
    labels,
  };
}

function silence({ now }: Plan): object {
  return {
    id: SILENCE_ID,
    status: { state: 'active' },
    comment: SILENCE,
    createdBy: 'mara',
    startsAt: iso(minutesBefore(now, 600)),
    endsAt: iso(minutesBefore(now, -600)),
    updatedAt: iso(now),
    matchers: [{ name: 'node', value: 'node-7', isRegex: false, isEqual: true }],
  };
}

/** Thousands of names, two of which are what the words mean. */
function metricNames(plan: Plan): ContextCase {
  const parts = ['http', 'grpc', 'cache', 'disk', 'queue', 'worker', 'session', 'gc', 'kernel', 'proxy'];
  const units = ['requests_total', 'errors_total', 'duration_seconds', 'size_bytes', 'in_flight', 'retries_total'];
  const count = plan.share(5000);
  const others = Array.from({ length: count - 2 }, (_, i) => {
    const name = `${parts[i % 10]}_${parts[Math.floor(i / 10) % 10]}_${Math.floor(i / 600)}_${units[i % 6]}`;
    return [
      name,
      { type: 'counter', help: `The ${name.replaceAll('_', ' ')} of one process since its start.`, unit: '' },
    ];
  });
  const wanted = ['db_pool_connections_waiting', 'db_pool_connections_max'].map((name) => [
    name,
    { type: 'gauge', help: 'Connections of the pool to the ledger database.', unit: '' },
  ]);
  const metadata = Object.fromEntries([...others, ...wanted] as [string, object][]);
  const names = Object.keys(metadata);
  return {
    figure: 'metadata_5000_metrics',
    tool: 'find_metrics',
    input: { query: 'pool connections' },
    world: {
      series: names.map((name) => ({
        labels: { __name__: name, job: 'shop', instance: '10.0.2.1:8080' },
        samples: [minutesBefore(plan.now, 1), plan.now].map((at) => [at.getTime() / 1000, 1] as const),
      })),
      prometheus: { '/api/v1/metadata': Object.fromEntries(names.map((name) => [name, [metadata[name]]])) },
    },
    raw: [{ from: 'prometheus', path: '/api/v1/metadata' }],
    facts: [says('db_pool_connections_waiting'), says('db_pool_connections_max')],
    targetTokens: TARGET_TOKENS,
  };
}

/** A metric with a series for each of its routes. */
function labelValues(plan: Plan): ContextCase {
  const roll = dice(23);
  const count = plan.share(2000);
  const series = Array.from({ length: count }, (_, i): Series => {
    const labels = {
      job: 'shop',
      service: 'gateway',
      instance: `10.0.5.${i % 5}:8080`,
      status: ['200', '404', '500'][i % 3]!,
    };
    const samples = [2, 1, 0].map((ago) => [minutesBefore(plan.now, ago).getTime() / 1000, i + 60 - ago] as const);
    return {
      labels: { __name__: 'http_requests_total', ...labels, route: `/api/v1/customers/${hex(roll, 8)}/orders` },
      samples,
    };
  });
  const help = 'Requests that were answered.';
  const range = { start: iso(minutesBefore(plan.now, 60)), end: iso(plan.now) };
  const asked = new URLSearchParams({ 'match[]': 'http_requests_total', ...range });
  return {
    figure: 'label_2000_values',
    tool: 'describe_metric',
    input: { query: 'http_requests_total' },
    world: {
      series,
      prometheus: { '/api/v1/metadata': { http_requests_total: [{ type: 'counter', help, unit: '' }] } },
    },
    raw: [
      { from: 'prometheus', path: `/api/v1/series?${asked}` },
      { from: 'prometheus', path: '/api/v1/metadata?metric=http_requests_total' },
    ],
    facts: [
      says('counter'),
      says(help),
      { name: `that route has ${count} values`, holds: (text) => isCounted(text, 'route', count) },
      ...['service', 'instance', 'status'].map(says),
    ],
    targetTokens: TARGET_TOKENS,
  };
}

/** Beside the label, with or without a comma for the thousands. */
function isCounted(text: string, label: string, count: number): boolean {
  return text
    .split('\n')
    .some(
      (line) => line.includes(label) && (line.includes(String(count)) || line.includes(count.toLocaleString('en-US'))),
    );
}

const SCRAPE_ERRORS = ['connect: connection refused', 'context deadline exceeded', 'no route to host'];

/** Thousands of things that are scraped, and three that cannot be. */
function targets(plan: Plan): ContextCase {
  const count = plan.share(2000);
  const down = [0.1, 0.5, 0.9].map((part) => Math.floor(part * count));
  const instance = (i: number): string => `10.2.${Math.floor(i / 250)}.${i % 250}:9100`;
  const errorOf = (i: number): string => SCRAPE_ERRORS[down.indexOf(i)] ?? '';
  const labelsOf = (i: number) => ({ instance: instance(i), job: JOBS[i % JOBS.length]!, zone: `zone-${i % 3}` });
  const active = Array.from({ length: count }, (_, i) => ({
    discoveredLabels: {
      __address__: instance(i),
      __metrics_path__: '/metrics',
      __scheme__: 'http',
      __scrape_interval__: '15s',
      __scrape_timeout__: '10s',
      job: JOBS[i % JOBS.length],
    },
    labels: labelsOf(i),
    scrapePool: JOBS[i % JOBS.length],
    scrapeUrl: `http://${instance(i)}/metrics`,
    globalUrl: `http://${instance(i)}/metrics`,
    lastError: errorOf(i) && `Get "http://${instance(i)}/metrics": dial tcp ${instance(i)}: ${errorOf(i)}`,
    lastScrape: iso(plan.now),
    lastScrapeDuration: 0.0019,
    health: errorOf(i) ? 'down' : 'up',
    scrapeInterval: '15s',
    scrapeTimeout: '10s',
  }));
  const series = Array.from({ length: count }, (_, i): Series => {
    const samples = Array.from({ length: 60 }, (__, k) => minutesBefore(plan.now, 58 - k)).map((at) => {
      return [at.getTime() / 1000, errorOf(i) && at >= plan.onset ? 0 : 1] as const;
    });
    return { labels: { __name__: 'up', ...labelsOf(i) }, samples };
  });
  return {
    figure: 'targets_2000',
    tool: 'list_targets',
    input: {},
    world: { series, prometheus: { '/api/v1/targets': { activeTargets: active, droppedTargets: [] } } },
    raw: [{ from: 'prometheus', path: '/api/v1/targets?state=active' }],
    facts: down.map((i): Fact => lineWith(instance(i), errorOf(i))),
    targetTokens: TARGET_TOKENS,
  };
}

const JOBS = ['node', 'kubelet', 'shop', 'broker'];
