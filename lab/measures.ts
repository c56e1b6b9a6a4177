/** A figure that the walks look at, by service or by database. */
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
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const seconds = (value: number): string => `${value.toFixed(3)} s`;
const megabytes = (value: number): string => `${(value / 1e6).toFixed(0)} MB`;

export const ERRORS: Measure = {
  name: 'the share of failed requests',
  query:
    'sum by (service) (rate(http_requests_total{status=~"5.."}[10s])) / sum by (service) (rate(http_requests_total[10s]))',
  least: 0.02,
  factor: 4,
  of: 'service',
  show: percent,
};

export const LATENCY: Measure = {
  name: 'the time that a slow request takes',
  query: 'histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket[10s])))',
  least: 0.2,
  factor: 2,
  of: 'service',
  show: seconds,
};

export const QUERY_TIME: Measure = {
  name: 'the mean time of a query',
  query:
    'sum by (service, database) (rate(db_query_duration_seconds_sum[10s])) / sum by (service, database) (rate(db_query_duration_seconds_count[10s]))',
  least: 0.1,
  factor: 4,
  of: 'database',
  show: seconds,
};

export const POOL_USE: Measure = {
  name: 'the share of database connections that are given out',
  query: 'max by (service, database) (db_pool_in_use / db_pool_size)',
  least: 0.5,
  factor: 2,
  of: 'service',
  show: percent,
};

export const HEAP: Measure = {
  name: 'the heap in use',
  query: 'max by (service) (nodejs_heap_size_used_bytes)',
  least: 30e6,
  factor: 2,
  of: 'service',
  show: megabytes,
};

/** Causes before symptoms: of those that rose the first names the cause. */
export const MEASURES: readonly Measure[] = [QUERY_TIME, POOL_USE, HEAP, ERRORS, LATENCY];
