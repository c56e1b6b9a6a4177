import type { ChaosAlert } from './alertmanager.ts';
import type { Seeded } from './seeded.ts';

const ALERTS_IN_A_BODY = 4;
const REPEATED = 0.4;
const TWIN = 0.2;
const RESOLVED = 0.25;
const FIRING_AGAIN = 0.1;

/** A body, and how long after its share of the run has begun it is sent. */
export interface PlannedBody {
  readonly alerts: readonly ChaosAlert[];
  readonly afterMs: number;
  /** Two Alertmanagers send it at once. */
  readonly isTwin: boolean;
}

/**
 * The bodies of a run in `shares` parts: each alert for the first time, and later some of them again, resolved, or firing
 * anew.
 */
export function alertPlan(seeded: Seeded, count: number, shares: number): PlannedBody[][] {
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const plan = Array.from({ length: shares }, (): PlannedBody[] => []);
  const put = (share: number, alerts: readonly ChaosAlert[]): void => {
    const isTwin = seeded.chance(TWIN);
    plan[Math.min(share, shares - 1)]!.push({ alerts, afterMs: seeded.whole(0, 800), isTwin });
  };
  for (let next = 0; next < count;) {
    const size = Math.min(seeded.whole(1, ALERTS_IN_A_BODY), count - next);
    const share = Math.floor((next * shares) / count);
    const later = (): number => share + seeded.whole(0, 4);
    const alerts = Array.from({ length: size }, (_, i) => alertOf(next + i, startsAt));
    next += size;
    put(share, alerts);
    if (seeded.chance(REPEATED)) put(later(), alerts);
    for (const alert of alerts) {
      if (seeded.chance(RESOLVED)) put(later(), [{ ...alert, status: 'resolved', endsAt: new Date().toISOString() }]);
      if (seeded.chance(FIRING_AGAIN))
        put(later() + 2, [{ ...alert, startsAt: new Date(Date.now() - 30_000).toISOString() }]);
    }
  }
  return plan;
}

function alertOf(number: number, startsAt: string): ChaosAlert {
  const severity = ['critical', 'warning', 'info'][number % 3]!;
  return {
    status: 'firing',
    fingerprint: `c${number.toString(16).padStart(15, '0')}`,
    labels: { alertname: 'HighErrorRate', service: 'payments', severity, instance: `chaos-${number}` },
    annotations: { summary: 'too many errors' },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
  };
}
