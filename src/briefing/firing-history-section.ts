import type { Labels } from '../domain/alert';
import { countInWords, durationInWords } from '../domain/in-words';
import { NOT_KNOWN } from '../domain/sent-texts';
import type { Point, RangeSeries } from '../tools/metric-result';
import type { Grid } from '../tools/metric-text';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { formatTime } from '../tools/time-input';
import { matrixOf, notAnswered, Warnings } from './backend-answers';
import { allFirings, firingsIn, lowerMedian, type PastFiring, spacingOf } from './firing-windows';
import { partOf } from './in-time';
import { oneLine } from '../domain/one-line';
import type { FiringRecord } from './ports/firing-record';
import { beginOfRecord } from './record-begin';
import type { BriefingSubject, SectionSource } from './section-source';
import { selectable, valueOrAbsent, withLabels } from '../tools/prometheus/selector';

const DAYS = 7;
const DAYS_MS = DAYS * 86_400_000;
const WINDOW_SECONDS = 300;
/** The samples themselves are read for so long: a whole number of windows. */
const RECENT_SECONDS = 3600;
/** A firing as short as this ended before anybody could have mended anything. */
const SHORT_MS = 10 * 60_000;
/** Of Vigil's own record: more are not counted. */
const MAX_RECORDED = 100;

/** How often this alert fired before, for how long, and how its name does over all label sets. */
export class FiringHistorySection implements SectionSource {
  readonly title = 'how often this alert fired in the last seven days';
  readonly maxChars = 1_500;

  constructor(
    private readonly prometheus: PrometheusClient,
    private readonly record: FiringRecord,
  ) {}

  async gather(subject: BriefingSubject, signal: AbortSignal): Promise<string> {
    const parts = await Promise.all([
      partOf('the firings in Prometheus', (until) => this.fromAlerts(subject, until), signal),
      partOf('the firings of its name in Prometheus', (until) => this.ofName(subject, until), signal),
      partOf("the firings in Vigil's own record", () => this.fromRecord(subject), signal),
    ]);
    return parts.flat().join('\n');
  }

  private async fromAlerts({ alertName, firing, now }: BriefingSubject, signal: AbortSignal): Promise<string[]> {
    const { labels, startsAt } = firing;
    const selector = selectorOf(alertName, labels);
    const warnings = new Warnings();
    const ask = async (query: string, grid: Grid): Promise<readonly RangeSeries[]> =>
      matrixOf(await this.prometheus.queryRange(query, grid, signal), warnings);
    const [begin, found, samples] = await Promise.all([
      beginOfRecord(ask, gridBefore(now)),
      ask(`count_over_time(${selector}[${WINDOW_SECONDS}s])`, gridBefore(now)),
      this.prometheus
        .query(`${selector}[${RECENT_SECONDS}s]`, now, signal)
        .then((answer) => matrixOf(answer, warnings)),
    ]);
    const windows = pointsOf(found, labels);
    /* not even this firing is there: silence of the record is no proof that it never fired */
    if (windows.length === 0) throw notAnswered('no series of ALERTS has its labels, not even for this firing.');
    const recent = pointsOf(samples, labels);
    const recentSince = now.getTime() / 1000 - RECENT_SECONDS;
    const firings = allFirings({ windows, windowSeconds: WINDOW_SECONDS, recent, recentSince });
    /* so much the beginning of this firing may be off */
    const offSeconds = startsAt.getTime() / 1000 > recentSince ? 2 * (spacingOf(recent) ?? 0) + 1 : WINDOW_SECONDS;
    return [
      `from Prometheus' ALERTS: the last hour sample by sample; before that in windows of 5 min, where firings less than 5 min apart count as one`,
      recordLine(begin),
      ...earlierLines(firings, startsAt, offSeconds * 1000),
      ...warnings.lines(),
    ];
  }

  private async ofName({ alertName, now }: BriefingSubject, signal: AbortSignal): Promise<string[]> {
    const selector = withLabels('ALERTS', { alertname: alertName, alertstate: 'firing' });
    const grid = gridBefore(now);
    const [sets, matrix] = await Promise.all([
      this.prometheus.series(selector, grid, signal),
      this.prometheus.queryRange(`count(${selector})`, grid, signal).then((answer) => matrixOf(answer)),
    ]);
    if (sets.kind === 'failed') throw notAnswered(sets.reason);
    const name = oneLine(alertName, 100);
    if (sets.items.length === 0)
      return [`${name}: no firing of this name left a series of ALERTS in this Prometheus, not even this one`];
    const points = matrix[0]?.points ?? [];
    const times = firingsIn(points, WINDOW_SECONDS, undefined).length;
    const most = points.reduce((max, [, count]) => Math.max(max, Number(count)), 0);
    return [
      `${name} over all its label sets, this firing included: ${countInWords(sets.items.length, 'label set')} fired, at most ${most} at once; looked at every 5 min, at least one fired in ${countInWords(times, 'separate time')}`,
    ];
  }

  private async fromRecord({ firing, now }: BriefingSubject): Promise<string[]> {
    const since = new Date(now.getTime() - DAYS_MS);
    const recorded = await this.record.since(firing.fingerprint, since, MAX_RECORDED);
    const earlier = recorded.filter(({ id, startsAt }) => id !== firing.id && startsAt < firing.startsAt);
    const [last] = earlier;
    if (!last) return ['Vigil was told of no other firing of this fingerprint in these days'];
    const ended = last.endsAt ? `ended at ${formatTime(last.endsAt)}` : 'its end was not told';
    const count = `${earlier.length >= MAX_RECORDED - 1 ? 'at least ' : ''}${countInWords(earlier.length, 'earlier firing')}`;
    return [`Vigil was told of ${count} of this fingerprint; the last began at ${formatTime(last.startsAt)}, ${ended}`];
  }
}

function gridBefore(now: Date): Grid {
  return { start: new Date(now.getTime() - DAYS_MS), end: now, stepSeconds: WINDOW_SECONDS };
}

/** `ALERTS` of these labels, or of those of them that it has. */
function selectorOf(alertName: string, labels: Labels): string {
  const others = Object.entries(selectable(labels)).filter(([name]) => name !== 'alertname' && name !== 'alertstate');
  const matchers = others.map(([name, value]) => valueOrAbsent(name, value));
  return `ALERTS{${[`alertname=${JSON.stringify(alertName)}`, `alertstate="firing"`, ...matchers].join(', ')}}`;
}

/** Of the series without labels beyond the alert's, where there are any: a rule of the same name may tell more apart. */
function pointsOf(series: readonly RangeSeries[], labels: Labels): readonly Point[] {
  const isOwn = (one: RangeSeries): boolean =>
    Object.keys(one.labels).every((name) => name === '__name__' || name === 'alertstate' || name in labels);
  const own = series.filter(isOwn);
  const most = new Map<number, number>();
  for (const { points } of own.length > 0 ? own : series)
    for (const [at, value] of points) most.set(at, Math.max(most.get(at) ?? 0, Number(value)));
  return [...most].sort(([a], [b]) => a - b);
}

function recordLine(begin: Awaited<ReturnType<typeof beginOfRecord>>): string {
  switch (begin.kind) {
    case 'covers':
      return `the record covers the ${DAYS} days`;
    case 'begins':
      return `the record begins at about ${formatTime(begin.at)}: what was before is not known`;
    case 'unknown':
      return `${NOT_KNOWN}how far back the record goes: there is no series of up`;
  }
}

function earlierLines(firings: readonly PastFiring[], startsAt: Date, offMs: number): string[] {
  const earlier = firings.filter(({ from }) => from.getTime() < startsAt.getTime() - offMs);
  const last = earlier.at(-1);
  if (!last) return ['this alert (same labels) did not fire in the record before this firing'];
  /* no gap shows: it is taken to have ended when this one began */
  const adjoins = last.to.getTime() > startsAt.getTime() - offMs;
  const lengths = earlier.map(({ from, to }) => Math.min(to.getTime(), startsAt.getTime()) - from.getTime());
  const short = lengths.filter((ms) => ms <= SHORT_MS).length;
  const times = `${countInWords(earlier.length, 'time')} before this firing`;
  const typical = `typically (median) for ${durationInWords(lowerMedian(lengths)!)}; ${short} of ${earlier.length} ended within 10 min`;
  const before = durationInWords(startsAt.getTime() - last.to.getTime());
  return [
    `this alert (same labels) fired ${times}, ${typical}`,
    adjoins
      ? `the last before this firing: from ${formatTime(last.from)}, and no gap shows between its end and this one`
      : `the last before this firing: from ${formatTime(last.from)} to ${formatTime(last.to)}, ${before} before this one began`,
  ];
}
