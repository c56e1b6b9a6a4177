import type { Labels } from '../domain/alert';
import { VigilError } from '../domain/errors';
import { countInWords, durationInWords } from '../domain/in-words';
import { NOT_KNOWN } from '../domain/sent-texts';
import type { AlertmanagerClient } from '../tools/alertmanager/alertmanager-client';
import { formatLabels, takeLines } from '../tools/fit';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { formatTime } from '../tools/time-input';
import { related, type RelatedAlert } from './active-alert';
import { othersInAlertmanager, othersInPrometheus, type OtherAlerts } from './active-alerts';
import { inTime } from './in-time';
import { oneLine } from './one-line';
import type { BriefingSubject, SectionSource } from './section-source';

const MAX_CHARS = 1_500;
/** For the lines of related alerts; the counts by name come after them. */
const ROOM_FOR_RELATED = 1_050;
const MAX_NAMES = 8;
/** For Alertmanager alone: Prometheus can still be asked within the section's time when it hangs. */
const ALERTMANAGER_TIMEOUT_MS = 1_200;

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
    const { alertmanager } = this;
    const fromPrometheus = async (): Promise<string[]> =>
      linesOf(await othersInPrometheus(this.prometheus, subject, signal), subject.firing.labels);
    if (!alertmanager) return (await fromPrometheus()).join('\n');
    try {
      const found = await inTime(
        (until) => othersInAlertmanager(alertmanager, subject, until),
        signal,
        ALERTMANAGER_TIMEOUT_MS,
      );
      return linesOf(found, subject.firing.labels).join('\n');
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof VigilError)) throw error;
      const reason = `${NOT_KNOWN}what Alertmanager holds, silences among it: ${error.message}`;
      return [reason, ...(await fromPrometheus())].join('\n');
    }
  }
}

function linesOf({ source, others, startsAt }: OtherAlerts, labels: Labels): string[] {
  if (others.length === 0) return [`source: ${source}`, 'no other alert is held now'];
  const relatives = related(others, labels, startsAt);
  const share = relatives.length === 1 ? 'shares' : 'share';
  const head = `source: ${source}: ${countInWords(others.length, 'other alert')}; ${relatives.length.toLocaleString('en-US')} ${share} labels with this one`;
  const lines = relatives.map((relative) => `- ${relativeLine(relative, labels, startsAt)}`);
  const shown = takeLines(lines, ROOM_FOR_RELATED);
  const known = new Set(relatives.slice(0, shown.length).map(({ alert }) => alert));
  const rest = others.filter((alert) => !known.has(alert)).map((alert) => alert.labels.alertname ?? 'without a name');
  return [head, ...shown, ...(rest.length > 0 ? [`others, by name: ${countedNames(rest)}`] : [])];
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
