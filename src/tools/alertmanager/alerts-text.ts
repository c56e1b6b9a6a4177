import {
  asOneLine,
  commonLabels,
  commonLine,
  formatLabels,
  formatLabelsWithin,
  takeLines,
  withoutLabels,
} from '../fit';
import type { MergedAlert } from './merged-alerts';

const MAX_SUMMARY_CHARS = 160;
const MAX_NAME_CHARS = 100;
/** All labels of one alert. */
const MAX_LABELS_CHARS = 400;
/** Of the room, the parts for the labels that all share, and for the names with their counts. */
const SHARE_OF_COMMON = 0.25;
const SHARE_OF_NAMES = 0.4;
/** For the line on what is left out. */
const FOOT_CHARS = 150;
/** Names with their counts, when not every alert can be shown. */
const MAX_NAMES = 15;
/** So many of one name stand before the others of that name: a thousand of one rule would hide every other one. */
const FIRST_OF_A_NAME = 2;
const ORDER: readonly MergedAlert['state'][] = ['firing', 'pending', 'silenced', 'inhibited'];

/** The alerts as lines, those that began nearest to `startsAt` first; of a flood the names with their counts, and some of each. */
export function alertsText(alerts: readonly MergedAlert[], startsAt: Date, roomChars: number): string {
  const common = commonLabels(alerts.map(({ labels }) => labels));
  const head = [resultLine(alerts), ...commonLine(common, roomChars * SHARE_OF_COMMON)];
  const ranked = inOrder(alerts, startsAt);
  const line = (alert: MergedAlert): string => alertLine(alert, common);
  const room = roomChars - head.join('\n').length - FOOT_CHARS;
  const all = takeLines(lazily(ranked, line, room), room);
  if (all.length === ranked.length) return [...head, ...all].join('\n');

  const names = `by name: ${countedNames(ranked, room * SHARE_OF_NAMES)}`;
  const first = namesFirst(ranked);
  const shown = takeLines(lazily(first, line, room), room - names.length);
  const left = ranked.length - shown.length;
  return [...head, names, ...shown, `left out: ${left} more alerts, counted by name above. Narrow the query.`].join(
    '\n',
  );
}

/** No more lines than can have room: each has its time and a name. */
function lazily(alerts: readonly MergedAlert[], line: (alert: MergedAlert) => string, roomChars: number): string[] {
  return alerts.slice(0, Math.ceil(roomChars / LEAST_LINE_CHARS) + 1).map(line);
}

const LEAST_LINE_CHARS = 10;

function resultLine(alerts: readonly MergedAlert[]): string {
  const count = (state: MergedAlert['state']): number => alerts.filter((alert) => alert.state === state).length;
  const [pending, silenced, inhibited] = [count('pending'), count('silenced'), count('inhibited')];
  const others = [
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(silenced > 0 ? [`${silenced} silenced`] : []),
    ...(inhibited > 0 ? [`${inhibited} inhibited`] : []),
  ];
  return [`result: ${alerts.length} alerts, ${count('firing')} of them firing unmuted`, ...others].join(', ');
}

/** `2026-… firing HighErrorRate {service="orders"}: orders answers 31 % …`. */
function alertLine({ labels, annotations, said, since }: MergedAlert, common: MergedAlert['labels']): string {
  const { alertname = common.alertname, ...others } = withoutLabels(labels, common);
  const summary = annotations.summary ?? annotations.description;
  const told = summary ? `: ${asOneLine(summary, MAX_SUMMARY_CHARS)}` : '';
  return `${since ? `${since} ` : ''}${said} ${nameOf(alertname)} ${formatLabelsWithin(others, MAX_LABELS_CHARS)}${told}`;
}

function nameOf(alertname: string | undefined): string {
  return alertname === undefined ? 'an alert without a name' : asOneLine(alertname, MAX_NAME_CHARS);
}

/** What began together may have one cause, without one label in common. */
function inOrder(alerts: readonly MergedAlert[], startsAt: Date): MergedAlert[] {
  const told = alerts.map((alert) => {
    const distance = Math.abs(Date.parse(alert.since) - startsAt.getTime());
    return { alert, rank: ORDER.indexOf(alert.state), distance: Number.isNaN(distance) ? Infinity : distance };
  });
  const near = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  return told
    .sort((a, b) => a.rank - b.rank || near(a.distance, b.distance) || (a.alert.since < b.alert.since ? -1 : 1))
    .map(({ alert }) => alert);
}

function namesFirst(ranked: readonly MergedAlert[]): MergedAlert[] {
  const counts = new Map<string, number>();
  const places = ranked.map((alert) => {
    const name = alert.labels.alertname ?? '';
    const place = counts.get(name) ?? 0;
    counts.set(name, place + 1);
    return { alert, isFirst: place < FIRST_OF_A_NAME };
  });
  return [...places.filter(({ isFirst }) => isFirst), ...places.filter(({ isFirst }) => !isFirst)].map(
    ({ alert }) => alert,
  );
}

/** `4980 NodeDown, 12 HighLatency, 40 of 9 other names`: as many names as there is room for. */
function countedNames(alerts: readonly MergedAlert[], roomChars: number): string {
  const counts = new Map<string, number>();
  for (const { labels } of alerts) {
    const name = nameOf(labels.alertname);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const told = ranked.slice(0, MAX_NAMES).map(([name, count]) => `${count} ${name},`);
  const shown = takeLines(told, roomChars);
  const left = ranked.slice(shown.length);
  const more = left.reduce((sum, [, count]) => sum + count, 0);
  const rest = left.length > 0 ? [`${more} of ${left.length} other names`] : [];
  return [...shown, ...rest].join(' ').replace(/,$/, '');
}

/** Every alert with all its labels and annotations. */
export function fullAlerts(alerts: readonly MergedAlert[], startsAt: Date): string {
  return inOrder(alerts, startsAt)
    .map(({ labels, annotations, said, since }) => {
      const told = Object.entries(annotations).map(([name, text]) => ` ${name}=${JSON.stringify(text)}`);
      return `${since ? `${since} ` : ''}${said} ${formatLabels(labels)}${told.join('')}`;
    })
    .join('\n');
}
