/** Seconds; the upper edges of the histogram's buckets. */
const EDGES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const STATUSES = [200, 500, 502];

/** Which build of a service runs. */
export interface Build {
  readonly version: string;
  readonly revision: string;
}

interface Durations {
  readonly buckets: number[];
  count: number;
  sum: number;
}

/** Counts the shop's requests and writes them as Prometheus reads them (text exposition format 0.0.4). */
export class ShopMetrics {
  private readonly requests = new Map<string, number>();
  private readonly durations = new Map<string, Durations>();

  constructor(services: readonly string[]) {
    for (const service of services) {
      // From zero: a series that appears with its first error has no rate for that error.
      for (const status of STATUSES) this.requests.set(labels({ service, status: String(status) }), 0);
      this.durations.set(service, { buckets: EDGES.map(() => 0), count: 0, sum: 0 });
    }
  }

  observe(service: string, status: number, seconds: number): void {
    const key = labels({ service, status: String(status) });
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
    const durations = this.durations.get(service)!;
    durations.count += 1;
    durations.sum += seconds;
    EDGES.forEach((edge, i) => {
      if (seconds <= edge) durations.buckets[i]! += 1;
    });
  }

  exposition(builds: Readonly<Record<string, Build>>): string {
    return [
      '# HELP http_requests_total Requests answered.',
      '# TYPE http_requests_total counter',
      ...[...this.requests].map(([key, count]) => `http_requests_total${key} ${count}`),
      '# HELP http_request_duration_seconds How long the answers took.',
      '# TYPE http_request_duration_seconds histogram',
      ...[...this.durations].flatMap(([service, durations]) => histogram(service, durations)),
      '# HELP app_build_info The build that runs; always 1.',
      '# TYPE app_build_info gauge',
      ...Object.entries(builds).map(([service, build]) => `app_build_info${labels({ service, ...build })} 1`),
      '',
    ].join('\n');
  }
}

function histogram(service: string, { buckets, count, sum }: Durations): string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...EDGES.map((edge, i) => `${name}_bucket${labels({ service, le: String(edge) })} ${buckets[i]}`),
    `${name}_bucket${labels({ service, le: '+Inf' })} ${count}`,
    `${name}_sum${labels({ service })} ${sum}`,
    `${name}_count${labels({ service })} ${count}`,
  ];
}

/** JSON's escapes are those of the format for the characters that the shop's labels have. */
function labels(pairs: Readonly<Record<string, string>>): string {
  return `{${Object.entries(pairs)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}
