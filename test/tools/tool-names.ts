/** Every tool there is, in the order in which they are offered. */
export const TOOL_NAMES = [
  'describe_metric',
  'find_metrics',
  'list_alerts',
  'list_changes',
  'list_targets',
  'log_patterns',
  'query_logs',
  'query_metrics',
  'query_metrics_range',
  'rank_anomalies',
  'read_result',
];
