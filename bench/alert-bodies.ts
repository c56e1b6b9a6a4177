import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURE = join(import.meta.dirname, '..', 'test', 'fixtures', 'alertmanager', 'am025-firing-single.json');

/** What a calibration needs to know of an alert to store the same rows. */
export interface BenchAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly generatorURL: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Webhook {
  readonly alerts: readonly [BenchAlert & { readonly status: string }];
}

const captured = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Webhook;

/** Alerts as in the captured body, some 800 bytes each, none of them seen before. */
export function newAlerts(count: number): BenchAlert[] {
  const [alert] = captured.alerts;
  return Array.from({ length: count }, () => {
    const fingerprint = randomBytes(8).toString('hex');
    const pod = `payments-7d9f8b6c5d-${fingerprint.slice(0, 5)}`;
    return {
      ...alert,
      fingerprint,
      startsAt: new Date().toISOString(),
      labels: { ...alert.labels, severity: 'warning', namespace: 'shop', pod, instance: '10.0.0.7:8080', job: 'shop' },
      annotations: { ...alert.annotations, dashboard: `https://grafana.example/d/payments?var-pod=${pod}&from=now-1h` },
    };
  });
}

/** The body that Alertmanager would post for these alerts. */
export function webhookBody(alerts: readonly BenchAlert[]): Buffer {
  return Buffer.from(JSON.stringify({ ...captured, alerts }));
}
