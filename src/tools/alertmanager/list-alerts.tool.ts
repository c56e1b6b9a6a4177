import { z } from 'zod';
import { NOT_KNOWN } from '../../domain/sent-texts';
import { fitNotes } from '../prometheus/envelope';
import type { PrometheusClient, RuleAlert } from '../prometheus/prometheus-client';
import { CEILINGS } from '../result-room';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { type AlertMatcher, meets, readMatchers } from './alert-matchers';
import type { AlertmanagerClient } from './alertmanager-client';
import { alertsText, fullAlerts } from './alerts-text';
import { mergedAlerts } from './merged-alerts';
import { ruleAlerts } from './rule-alerts';

/** Of the room, what warnings may have. */
const SHARE_OF_NOTES = 0.2;

const input = z.strictObject({
  query: z
    .string()
    .max(2000)
    .nullish()
    .describe('Matchers that all must hold: service="orders", severity=~"critical|warning". Default: every alert.'),
});

const DESCRIPTION = `Lists the alerts that are held now: what fires beside this alert, what is pending (its condition holds, its "for" is not over), and where an Alertmanager is configured, what people have silenced and why, and what another alert inhibits.

Use it to see whether this alert is one symptom of something larger: alerts that share a label (a node, a database, a region) and began at about the same time, or a cause whose own alert is muted or still pending.

Examples of query
- everything: leave it out
- one service: service="checkout"
- the same node: instance=~"node-7.*"
- without the noise: severity!="info", alertname!~"Watchdog|InfoInhibitor"

Comes back: one line an alert, "TIME state Name {labels}: summary": firing, pending, silenced (by whom, until when, why), inhibited (by which alert); of each those first that began nearest to this alert; labels shared by all once. Of a flood: counts by name, and some of each. TIME is when it began to fire; of an alert that only Prometheus holds, since when its condition holds. No alert that has ended is here.`;

/** `list_alerts`: what fires, is pending, silenced or inhibited now. */
export function listAlertsTool(prometheus: PrometheusClient, alertmanager?: AlertmanagerClient): Tool<typeof input> {
  return {
    name: 'list_alerts',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.list,
    async run({ query }, { signal, now, startsAt, roomChars }: ToolContext): Promise<ToolFinding> {
      const matchers = readMatchers(query ?? '');
      if (!matchers) return { status: 'failed', text: BAD_QUERY };
      const head = `query: ${matchers.map(({ text }) => text).join(', ') || 'every alert'}`;
      const [ruled, held] = await Promise.all([
        ruleAlerts(prometheus, now, signal),
        alertmanager?.alerts(
          matchers.map(({ text }) => text),
          signal,
        ),
      ]);
      const notes = [
        ...(held?.kind === 'failed' ? [`${NOT_KNOWN}what Alertmanager holds, silences among it: ${held.reason}`] : []),
        ...(ruled.kind === 'failed'
          ? [`${NOT_KNOWN}what Prometheus' rules hold, pending among it: ${ruled.reason}`]
          : []),
        ...(ruled.kind === 'items' ? [...notApplied(matchers), ...hiddenByLabels(ruled.items, matchers)] : []),
        ...(ruled.kind === 'items' ? fitNotes(ruled.notes, roomChars * SHARE_OF_NOTES) : []),
      ];
      const isUnknown = ruled.kind === 'failed' || held?.kind === 'failed';
      const own = ruled.kind === 'items' ? ruled.items.filter(({ labels }) => meets(labels, matchers)) : [];
      const isComplete = matchers.length === 0;
      const alerts = mergedAlerts(own, held?.kind === 'alerts' ? held : undefined, isComplete);
      if (alerts.length === 0) {
        const text = isUnknown ? [head, ...notes] : [head, nothingFound(alertmanager !== undefined), ...notes];
        return { status: isUnknown ? 'failed' : 'no_data', text: text.join('\n') };
      }
      const room = roomChars - [head, ...notes].join('\n').length - 2;
      const text = [head, alertsText(alerts, startsAt, room), ...notes].join('\n');
      return { status: 'ok', text, full: fullAlerts(alerts, startsAt) };
    },
  };
}

/** A pattern of the model's is not run here: Alertmanager runs it, in time that does not grow with its form. */
function notApplied(matchers: readonly AlertMatcher[]): string[] {
  const left = matchers.filter(({ holds }) => !holds).map(({ text }) => text);
  if (left.length === 0) return [];
  return [
    `not applied to what only Prometheus holds: ${left.join(', ')}. There a pattern may be plain texts, a|b, each with .* at its ends.`,
  ];
}

/**
 * Prometheus adds its external labels only on the way to Alertmanager: a matcher of one hides everything that its rules
 * hold, what is pending above all.
 */
function hiddenByLabels(ruled: readonly RuleAlert[], matchers: readonly AlertMatcher[]): string[] {
  const missing = matchers.filter(
    ({ name, holds }) => holds?.('') === false && !ruled.some(({ labels }) => name in labels),
  );
  const others = matchers.filter((matcher) => !missing.includes(matcher));
  const hidden = missing.length > 0 ? ruled.filter(({ labels }) => meets(labels, others)).length : 0;
  if (hidden === 0) return [];
  const names = [...new Set(missing.map(({ name }) => name))].join(', ');
  return [
    `not looked through: ${hidden} alerts that Prometheus' rules hold, pending ones among them, have no label ${names} there (external labels are added on the way to Alertmanager). To see them ask without it.`,
  ];
}

const BAD_QUERY =
  'query is no list of matchers: write label, operator (= != =~ !~) and a value in double quotes, separated by commas: service="orders", severity=~"critical|warning".';

function nothingFound(hasAlertmanager: boolean): string {
  const who = hasAlertmanager ? 'neither Prometheus nor Alertmanager holds' : 'Prometheus holds';
  const what = hasAlertmanager ? 'such an alert now' : 'no such alert now';
  const muted = hasAlertmanager ? '' : ' Silences are not known: no Alertmanager is configured.';
  return `Found nothing: the question worked, and ${who} ${what}. An alert that has ended or has other labels is not among them: ask without query to see all.${muted}`;
}
