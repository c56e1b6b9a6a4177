import type { Labels } from '../domain/alert';
import { VigilError } from '../domain/errors';
import { countInWords, durationInWords } from '../domain/in-words';
import type { AlertmanagerClient } from '../tools/alertmanager/alertmanager-client';
import { formatLabels, takeLines } from '../tools/fit';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { formatTime } from '../tools/time-input';
import { type ActiveAlert, related, type RelatedAlert } from './active-alert';
import { othersInAlertmanager, othersInPrometheus, type OtherAlerts } from './active-alerts';
import { inTime, notKnown, partOf } from './in-time';
import { oneLine } from '../domain/one-line';
import type { BriefingSubject, SectionSource } from './section-source';

const MAX_CHARS = 1_500;
/** For the lines of related alerts; the counts by name come after them. */
const ROOM_FOR_RELATED = 1_050;
const MAX_NAMES = 8;
const NEAR_MS = 10 * 60_000;
/** Of each of the two: Prometheus can still be asked within the section's time when Alertmanager hangs. */
const EACH_TIMEOUT_MS = 1_200;

/** What else fires now, and what it has in common with this alert. */
export class OtherAlertsSection implements SectionSource {
  readonly title = 'other alerts that are held now';
  readonly maxChars = MAX_CHARS;

  constructor(
    private readonly prometheus: PrometheusClient,
    /** Absent: not configured. */
    private readonly alertmanager?: AlertmanagerClient,
  ) {}

  async gather(subject: BriefingSubject, signal: AbortSignal): Promise<string> {
    const { prometheus, alertmanager } = this;
    const { labels } = subject.firing;
    const fromPrometheus = async (until: AbortSignal): Promise<string[]> =>
      linesOf(await othersInPrometheus(prometheus, subject, until), labels);
    const elsewhere = (): Promise<readonly string[]> =>
      partOf("what Prometheus' rules hold", fromPrometheus, signal, EACH_TIMEOUT_MS);
    if (!alertmanager) return (await elsewhere()).join('\n');
    try {
      const ask = (until: AbortSignal): Promise<OtherAlerts> => othersInAlertmanager(alertmanager, subject, until);
      return linesOf(await inTime(ask, signal, EACH_TIMEOUT_MS), labels).join('\n');
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VigilError)) throw error;
      return [notKnown(error, 'what Alertmanager holds, silences among it: '), ...(await elsewhere())].join('\n');
    }
  }
}

function linesOf({ source, others, startsAt }: OtherAlerts, labels: Labels): string[] {
  if (others.length === 0) return [`source: ${source}`, 'no other alert is held now'];
  const relatives = related(others, labels, startsAt);
  const share = relatives.length === 1 ? 'shares' : 'share';
  const head = `source: ${source}: ${countInWords(others.length, 'other alert')}; ${relatives.length.toLocaleString('en-US')} ${share} labels with this one`;
  const ranked = namesFirst(relatives);
  const lines = ranked.map((relative) => `- ${relativeLine(relative, labels, startsAt)}`);
  const shown = takeLines(lines, ROOM_FOR_RELATED);
  const known = new Set(ranked.slice(0, shown.length).map(({ alert }) => alert));
  const rest = others.filter((alert) => !known.has(alert));
  return [head, ...shown, ...(rest.length > 0 ? [restLine(rest, startsAt)] : [])];
}

/** So many of one name stand before the others of that name: 700 of one rule would hide every other one. */
const FIRST_OF_A_NAME = 2;

function namesFirst(relatives: readonly RelatedAlert[]): RelatedAlert[] {
  const counts = new Map<string, number>();
  const places = relatives.map((relative) => {
    const name = relative.alert.labels.alertname ?? '';
    const place = counts.get(name) ?? 0;
    counts.set(name, place + 1);
    return { relative, isFirst: place < FIRST_OF_A_NAME };
  });
  const part = (first: boolean): RelatedAlert[] =>
    places.filter(({ isFirst }) => isFirst === first).map(({ relative }) => relative);
  return [...part(true), ...part(false)];
}

/** What began together may have one cause without one label in common. */
function restLine(rest: readonly ActiveAlert[], startsAt: Date): string {
  const names = rest.map(({ labels }) => labels.alertname ?? 'without a name');
  const isNear = ({ since }: ActiveAlert): boolean =>
    !!since && Math.abs(since.getTime() - startsAt.getTime()) <= NEAR_MS;
  const near = rest.filter(isNear).length;
  const together = near > 0 ? `; ${near.toLocaleString('en-US')} of these began within 10 min of this one` : '';
  return `others, by name: ${countedNames(names)}${together}`;
}

function relativeLine({ alert, shared }: RelatedAlert, labels: Labels, startsAt: Date): string {
  const { alertname = 'an alert without a name', ...all } = alert.labels;
  const others = Object.fromEntries(Object.entries(all).filter(([name, value]) => labels[name] !== value));
  const own = Object.keys(others).length > 0 ? ` ${formatLabels(others)}` : '';
  const state = alert.muted ? `${alert.state}, ${alert.muted},` : alert.state;
  return oneLine(
    `${alertname}${own}, shares ${formatLabels(shared)}: ${state} ${sinceInWords(alert.since, startsAt)}`,
    320,
  );
}

function sinceInWords(since: Date | undefined, startsAt: Date): string {
  if (!since) return 'now, since when is not known';
  const ms = startsAt.getTime() - since.getTime();
  const side = ms >= 0 ? 'before' : 'after';
  return `since ${formatTime(since)}, ${durationInWords(Math.abs(ms))} ${side} this one began`;
}

/** `8 NodeDown, 3 Watchdog, 12 of 4 other names`. */
function countedNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const shown = ranked.slice(0, MAX_NAMES).map(([name, count]) => `${count} ${oneLine(name, 50)}`);
  const left = ranked.slice(MAX_NAMES);
  const more = left.reduce((sum, [, count]) => sum + count, 0);
  return [...shown, ...(left.length > 0 ? [`${more} of ${countInWords(left.length, 'other name')}`] : [])].join(', ');
}
