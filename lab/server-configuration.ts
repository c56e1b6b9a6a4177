/** What Prometheus scrapes, which rules it evaluates, and whom it tells. */
export function prometheusYaml(targets: { shop: string; alertmanager: string; rules: string }): string {
  return `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: ['${targets.rules}']
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${targets.alertmanager}'] }]
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ['${targets.shop}'] }]
`;
}

/** The alert is on the service that customers meet; the fault is in the one behind it. */
export const RULES_YAML = `
groups:
  - name: shop
    rules:
      - alert: HighErrorRate
        expr: |
          sum by (service) (rate(http_requests_total{service="checkout",status=~"5.."}[10s]))
            / sum by (service) (rate(http_requests_total{service="checkout"}[10s])) > 0.1
        for: 5s
        labels: { severity: critical }
        annotations:
          summary: '{{ $labels.service }} answers {{ $value | humanizePercentage }} of its requests with 5xx'
`;

/** Waits and repeats of seconds where a real one has minutes and hours. */
export function alertmanagerYaml(vigil: { url: string; token: string }): string {
  return `
route: { receiver: vigil, group_by: [alertname, service], group_wait: 1s, group_interval: 5s, repeat_interval: 10s }
receivers:
  - name: vigil
    webhook_configs:
      - url: ${vigil.url}/api/v1/alerts
        send_resolved: true
        http_config: { authorization: { credentials: ${vigil.token} } }
`;
}
