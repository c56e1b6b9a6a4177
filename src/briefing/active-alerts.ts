import type { AlertmanagerClient, HeldAlert, Silence } from '../tools/alertmanager/alertmanager-client';
import type { PrometheusClient, RuleAlert } from '../tools/prometheus/prometheus-client';
import { isWithin, type ActiveAlert } from './active-alert';
import { notAnswered, vectorOf } from './backend-answers';
import { oneLine } from '../domain/one-line';
import type { BriefingSubject } from './section-source';

/** The other alerts that are held now. */
export interface OtherAlerts {
  /** `Alertmanager: what fires, is silenced or inhibited`. */
  readonly source: string;
  readonly others: readonly ActiveAlert[];
  /** When this alert began by the same reckoning as the others. */
  readonly startsAt: Date;
}

/** @throws Unavailable when Alertmanager does not tell */
export async function othersInAlertmanager(
  alertmanager: AlertmanagerClient,
  { firing }: BriefingSubject,
  signal: AbortSignal,
): Promise<OtherAlerts> {
  const answer = await alertmanager.alerts([], signal);
  if (answer.kind === 'failed') throw notAnswered(answer.reason);
  const { alerts, silences } = answer;
  const others = alerts
    .filter(({ fingerprint, labels }) => fingerprint !== firing.fingerprint && !isSame(labels, firing.labels))
    .map((alert): ActiveAlert => {
      const { labels, startsAt } = alert;
      return { labels, state: 'firing', since: dateOf(startsAt), muted: mutedBy(alert, alerts, silences) };
    });
  return { source: 'Alertmanager (firing, silenced, inhibited)', others, startsAt: firing.startsAt };
}

/**
 * From the rules where the server evaluates them, else from the series that rules leave behind: those tell no start.
 * @throws Unavailable when Prometheus does not tell
 */
export async function othersInPrometheus(
  prometheus: PrometheusClient,
  { firing, now }: BriefingSubject,
  signal: AbortSignal,
): Promise<OtherAlerts> {
  const held = await prometheus.alerts(signal);
  if (held.kind === 'items') {
    const own = held.items.find(({ labels }) => isWithin(labels, firing.labels));
    const others = held.items.filter((alert) => alert !== own).map(activeAlert);
    const startsAt = (own && dateOf(own.activeAt)) ?? firing.startsAt;
    return { source: 'Prometheus (firing, pending; since when their expressions hold)', others, startsAt };
  }
  const series = vectorOf(await prometheus.query('ALERTS{alertstate=~"firing|pending"}', now, signal));
  const alerts = series.map(({ labels: { __name__: _, alertstate, ...labels } }): ActiveAlert => {
    return { labels, state: alertstate === 'pending' ? 'pending' : 'firing' };
  });
  const others = alerts.filter(({ labels }) => !isWithin(labels, firing.labels));
  return { source: "Prometheus' ALERTS (firing, pending; since when is not known)", others, startsAt: firing.startsAt };
}

function activeAlert({ labels, state, activeAt }: RuleAlert): ActiveAlert {
  return { labels, state, since: dateOf(activeAt) };
}

function isSame(a: HeldAlert['labels'], b: HeldAlert['labels']): boolean {
  return isWithin(a, b) && isWithin(b, a);
}

function mutedBy(
  { silencedBy, inhibitedBy }: HeldAlert,
  alerts: readonly HeldAlert[],
  silences: readonly Silence[],
): string | undefined {
  const [silenceId] = silencedBy.toSorted();
  if (silenceId !== undefined) {
    const silence = silences.find(({ id }) => id === silenceId);
    return silence ? `silenced by ${oneLine(silence.createdBy, 40)} (${oneLine(silence.comment, 80)})` : 'silenced';
  }
  const [inhibitor] = inhibitedBy.toSorted();
  if (inhibitor === undefined) return undefined;
  const by = alerts.find(({ fingerprint }) => fingerprint === inhibitor)?.labels.alertname;
  return `inhibited by ${oneLine(by ?? `the alert ${inhibitor}`, 80)}`;
}

function dateOf(text: string): Date | undefined {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? new Date(ms) : undefined;
}
