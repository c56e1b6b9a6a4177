/** What Prometheus scrapes (service → host and port), which rules it evaluates, and whom it tells. */
export function prometheusYaml(options: {
  readonly targets: Readonly<Record<string, string>>;
  readonly alertmanager: string;
  readonly rules: string;
}): string {
  const targets = Object.entries(options.targets).map(
    ([service, host]) => `      - { targets: ['${host}'], labels: { service: ${service} } }`,
  );
  return `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: ['${options.rules}']
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${options.alertmanager}'] }]
scrape_configs:
  - job_name: shop
    static_configs:
${targets.join('\n')}
`;
}

/** Waits and repeats of seconds where a real one has minutes and hours. A cause that is known silences its symptoms. */
export function alertmanagerYaml(vigil: { url: string; token: string }): string {
  return `
route: { receiver: vigil, group_by: [alertname], group_wait: 1s, group_interval: 5s, repeat_interval: 10s }
inhibit_rules:
  - source_matchers: [alertname="DatabasePoolExhausted"]
    target_matchers: [alertname=~"HighErrorRate|HighLatency"]
receivers:
  - name: vigil
    webhook_configs:
      - url: ${vigil.url}/api/v1/alerts
        send_resolved: true
        http_config: { authorization: { credentials: ${vigil.token} } }
`;
}

/** All parts of Loki in one process, with its data in one folder; nothing of it lives longer than the lab. */
export function lokiYaml({ port, grpcPort, folder }: { port: number; grpcPort: number; folder: string }): string {
  /* one instance has nobody to wait for */
  const lifecycler = '{ min_ready_duration: 0s, join_after: 0s, final_sleep: 0s }';
  return `
auth_enabled: false
analytics: { reporting_enabled: false }
server:
  http_listen_address: 127.0.0.1
  http_listen_port: ${port}
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: ${grpcPort}
  log_level: error
common:
  instance_addr: 127.0.0.1
  path_prefix: ${folder}
  replication_factor: 1
  ring: { kvstore: { store: inmemory } }
  storage: { filesystem: { chunks_directory: ${folder}/chunks, rules_directory: ${folder}/rules } }
schema_config:
  configs:
    - { from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, index: { prefix: index_, period: 24h } }
ingester: { lifecycler: ${lifecycler} }
pattern_ingester: { enabled: true, lifecycler: ${lifecycler} }
# By default it looks for its parts every 10 s, and is not ready until it has found them.
frontend: { scheduler_dns_lookup_period: 200ms }
frontend_worker: { dns_lookup_duration: 200ms }
limits_config: { allow_structured_metadata: true, volume_enabled: true, query_timeout: 10s }
`;
}
