import { labelsKey } from '../../domain/labels-key';
import type { ListAnswer } from '../prometheus/envelope';
import type { PrometheusClient, RuleAlert } from '../prometheus/prometheus-client';

/**
 * What the rules hold now. Of a server that does not evaluate them, the series that they leave behind: `ALERTS`, and
 * `ALERTS_FOR_STATE`, whose value is since when the expression holds.
 */
export async function ruleAlerts(
  prometheus: PrometheusClient,
  now: Date,
  signal: AbortSignal,
): Promise<ListAnswer<RuleAlert>> {
  const held = await prometheus.alerts(signal);
  if (held.kind === 'items') return held;
  const [alerts, since] = await Promise.all([
    prometheus.query('ALERTS{alertstate=~"firing|pending"}', now, signal),
    prometheus.query('ALERTS_FOR_STATE', now, signal),
  ]);
  if (alerts.kind === 'failed' || alerts.result.type !== 'vector') return held;
  if (alerts.result.series.length === 0) {
    return {
      kind: 'failed',
      reason: `${held.reason.trim()} It evaluates no rules, and holds no series of ALERTS either.`,
    };
  }
  const begun = since.kind === 'result' && since.result.type === 'vector' ? since.result.series : [];
  const at = new Map(
    begun.map(({ labels: { __name__: _, ...labels }, point }) => [labelsKey(labels), Number(point[1])]),
  );
  const items = alerts.result.series.map(({ labels: { __name__: _, alertstate, ...labels } }): RuleAlert => {
    const seconds = at.get(labelsKey(labels));
    return {
      labels,
      annotations: {},
      state: alertstate === 'pending' ? 'pending' : 'firing',
      activeAt: seconds === undefined ? '' : new Date(seconds * 1000).toISOString(),
    };
  });
  return { kind: 'items', items, notes: alerts.notes };
}
