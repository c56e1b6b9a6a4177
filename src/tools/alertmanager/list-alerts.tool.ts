import { z } from 'zod';
import { clipped } from '../../domain/clipped';
import { commonLabels, formatLabels, MAX_RESULT_CHARS, takeLines, withoutLabels } from '../fit';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import type { AlertmanagerClient, HeldAlert, Silence } from './alertmanager-client';

/** Characters of one alert's summary. */
const MAX_SUMMARY_CHARS = 200;

const input = z.strictObject({
  query: z
    .string()
    .max(2000)
    .nullish()
    .describe('Matchers that all must hold: service="orders", severity=~"critical|warning". Default: every alert.'),
});

const DESCRIPTION = `Lists the alerts that Alertmanager holds now: what fires beside this alert, what people have silenced and why, what is inhibited by another alert.

Use it to see whether this alert is one symptom of something larger: alerts that share a label (a node, a database, a region) and began at about the same time, or a cause whose own alert is muted.

Examples of query
- everything: leave it out
- one service: service="checkout"
- the same node: instance=~"node-7(:.*)?"
- without the noise: severity!="info", alertname!~"Watchdog|InfoInhibitor"

Comes back: one line an alert, firing ones first, then silenced (by whom, why, until when) and inhibited ones (by which alert), oldest first; labels shared by all once. It knows the present only, no alert that has ended and none that is still pending; alerts are late by their "for".`;

/** `list_alerts`: what fires, is silenced or inhibited now. */
export function listAlertsTool(alertmanager: AlertmanagerClient): Tool<typeof input> {
  return {
    name: 'list_alerts',
    description: DESCRIPTION,
    input,
    maxChars: MAX_RESULT_CHARS,
    async run({ query }, { signal }: ToolContext): Promise<ToolFinding> {
      const matchers = readMatchers(query ?? '');
      if (!matchers) return { status: 'failed', text: BAD_QUERY };
      const head = `query: ${matchers.join(', ') || 'every alert'}`;
      const answer = await alertmanager.alerts(matchers, signal);
      if (answer.kind === 'failed') return { status: 'failed', text: `${head}\n${answer.reason}` };
      const { alerts, silences, full } = answer;
      if (alerts.length === 0) return { status: 'no_data', text: `${head}\n${NO_ALERTS}`, full };
      return { status: 'ok', text: `${head}\n${alertsText(alerts, silences, MAX_RESULT_CHARS - head.length)}`, full };
    },
  };
}

const MATCHER = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)/y;

/** @returns one matcher each, as Alertmanager takes them; undefined when the text is no list of matchers */
function readMatchers(query: string): string[] | undefined {
  const text = query
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const matchers: string[] = [];
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < text.length) {
    const [, name, operator, value] = MATCHER.exec(text) ?? [];
    if (name === undefined) return undefined;
    matchers.push(`${name}${operator}${value}`);
  }
  return matchers;
}

const BAD_QUERY =
  'query is no list of matchers: write label, operator (= != =~ !~) and a value in double quotes, separated by commas: service="orders", severity=~"critical|warning".';

const NO_ALERTS =
  'Found nothing: the question worked, and Alertmanager holds no such alert now. An alert that has ended, is still pending, or has other labels is not among them: ask without query to see all.';

function alertsText(alerts: readonly HeldAlert[], silences: readonly Silence[], roomChars: number): string {
  const common = commonLabels(alerts.map(({ labels }) => labels));
  const inOrder = [...alerts].sort((a, b) => rank(a) - rank(b) || (a.startsAt < b.startsAt ? -1 : 1));
  const firing = alerts.filter((alert) => rank(alert) === 0).length;
  const head = [`result: ${alerts.length} alerts, ${firing} of them firing unmuted`];
  if (Object.keys(common).length > 0) head.push(`common labels: ${formatLabels(common)}`);
  const lines = inOrder.map((alert) => {
    const { alertname, ...others } = withoutLabels(alert.labels, common);
    const name = alertname ?? common.alertname ?? 'an alert without a name';
    return `${alert.startsAt} ${state(alert, alerts, silences)} ${name} ${formatLabels(others)}${summaryOf(alert)}`;
  });
  const shown = takeLines(lines, roomChars - head.join('\n').length - 120);
  const left = lines.length - shown.length;
  return [...head, ...shown, ...(left > 0 ? [`left out to save room: the last ${left}; narrow the query`] : [])].join(
    '\n',
  );
}

function rank({ silencedBy, inhibitedBy }: HeldAlert): number {
  if (silencedBy.length > 0) return 1;
  return inhibitedBy.length > 0 ? 2 : 0;
}

function state(alert: HeldAlert, alerts: readonly HeldAlert[], silences: readonly Silence[]): string {
  const [silenceId] = alert.silencedBy;
  if (silenceId !== undefined) {
    const silence = silences.find(({ id }) => id === silenceId);
    if (!silence) return 'silenced';
    return `silenced by ${clipped(silence.createdBy, 60)} until ${silence.endsAt} (${clipped(silence.comment, MAX_SUMMARY_CHARS)})`;
  }
  const [inhibitor] = alert.inhibitedBy;
  if (inhibitor === undefined) return 'firing';
  const by = alerts.find(({ fingerprint }) => fingerprint === inhibitor)?.labels.alertname;
  return `inhibited by ${by ?? `the alert ${inhibitor}`}`;
}

function summaryOf({ annotations }: HeldAlert): string {
  const text = annotations.summary ?? annotations.description;
  return text ? `: ${clipped(text.replace(/\s+/g, ' '), MAX_SUMMARY_CHARS)}` : '';
}
