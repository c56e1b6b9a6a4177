/**
 * The shop's alerts, as a team would write them, with windows of seconds where a real one has minutes. The first two are
 * on the service that customers meet, wherever the fault lies.
 */
export const ALERT_RULES_YAML = `
groups:
  - name: shop
    rules:
      - alert: HighErrorRate
        expr: |
          sum by (service) (rate(http_requests_total{service="gateway",status=~"5.."}[10s]))
            / sum by (service) (rate(http_requests_total{service="gateway"}[10s])) > 0.1
        for: 6s
        labels: { severity: critical }
        annotations:
          summary: '{{ $labels.service }} answers {{ $value | humanizePercentage }} of its requests with 5xx'

      - alert: HighLatency
        expr: |
          histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket{service="gateway"}[10s]))) > 0.5
        for: 6s
        labels: { severity: warning }
        annotations:
          summary: 'one of ten requests of {{ $labels.service }} takes longer than {{ $value | humanizeDuration }}'

      # Keeps firing while the requests that it failed are still in the windows of the others.
      - alert: DatabasePoolExhausted
        expr: |
          max by (service, database) (db_pool_in_use / db_pool_size) >= 0.9
            and max by (service, database) (db_pool_waiting) > 0
        for: 3s
        keep_firing_for: 15s
        labels: { severity: critical }
        annotations:
          summary: '{{ $labels.service }} has given out {{ $value | humanizePercentage }} of its connections to {{ $labels.database }}, and requests wait'

      - alert: MemoryGrowing
        expr: predict_linear(process_resident_memory_bytes{job="shop"}[20s], 60) > 512 * 1024 * 1024
        for: 6s
        labels: { severity: warning }
        annotations:
          summary: '{{ $labels.service }} reaches its 512 MiB within a minute, at the pace of the last 20 s'

      - alert: TargetDown
        expr: up{job="shop"} == 0
        for: 5s
        labels: { severity: critical }
        annotations:
          summary: '{{ $labels.service }} ({{ $labels.instance }}) does not answer Prometheus'
`;
