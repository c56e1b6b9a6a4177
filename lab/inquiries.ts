/** A figure that the lab's script looks at, by service. */
export interface Measure {
  /** For sentences: `the share of failed requests`. */
  readonly name: string;
  readonly query: string;
  /** How far above its usual level it must be to have risen; in the unit of the figure. */
  readonly least: number;
  /** And how many times that level. */
  readonly factor: number;
  /** The label that names what the figure belongs to. */
  readonly of: 'service' | 'database';
  readonly show: (value: number) => string;
  /** A service also has it when the one behind has it: whoever names that one is not the cause. */
  readonly passedOn?: boolean;
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const seconds = (value: number): string => `${value.toFixed(3)} s`;
const megabytes = (value: number): string => `${(value / 1e6).toFixed(0)} MB`;

const ERRORS: Measure = {
  name: 'the share of failed requests',
  query:
    'sum by (service) (rate(http_requests_total{status=~"5.."}[10s])) / sum by (service) (rate(http_requests_total[10s]))',
  least: 0.02,
  factor: 4,
  of: 'service',
  show: percent,
  passedOn: true,
};

const LATENCY: Measure = {
  name: 'the time that a slow request takes',
  query: 'histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket[10s])))',
  least: 0.2,
  factor: 2,
  of: 'service',
  show: seconds,
  passedOn: true,
};

const QUERY_TIME: Measure = {
  name: 'the mean time of a query',
  query:
    'sum by (service, database) (rate(db_query_duration_seconds_sum[10s])) / sum by (service, database) (rate(db_query_duration_seconds_count[10s]))',
  least: 0.1,
  factor: 4,
  of: 'database',
  show: seconds,
};

const POOL_USE: Measure = {
  name: 'the share of database connections that are given out',
  query: 'max by (service, database) (db_pool_in_use / db_pool_size)',
  least: 0.5,
  factor: 2,
  of: 'service',
  show: percent,
};

const HEAP: Measure = {
  name: 'the heap in use',
  query: 'max by (service) (nodejs_heap_size_used_bytes)',
  least: 30e6,
  factor: 2,
  of: 'service',
  show: megabytes,
};

const DOWN: Measure = {
  name: 'the number of its targets that do not answer Prometheus',
  query: 'sum by (service) (up == bool 0)',
  least: 0.5,
  factor: 1,
  of: 'service',
  show: String,
};

/** What is looked at for each alert. Causes stand before symptoms: the first measure that has risen names the cause. */
export const INQUIRIES: Readonly<Record<string, readonly Measure[]>> = {
  HighErrorRate: [DOWN, ERRORS],
  HighLatency: [QUERY_TIME, POOL_USE, LATENCY],
  DatabasePoolExhausted: [QUERY_TIME, POOL_USE],
  MemoryGrowing: [HEAP],
  TargetDown: [DOWN],
};

/** For every alert: which builds ran, what was started or switched, what went wrong. */
export const VERSIONS = 'sum by (service, version, revision) (build_info)';
export const CHANGES = '{service=~".+"} |~ `"msg":"(started|flag) `';
export const TROUBLES = '{service=~".+", level=~"warn|error"}';
