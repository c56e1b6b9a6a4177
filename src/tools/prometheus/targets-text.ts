import { countInWords, durationInWords } from '../../domain/in-words';
import { labelsKey } from '../../domain/labels-key';
import { asOneLine, commonLabels, formatLabelsWithin, formatLabels, takeLines, withoutLabels } from '../fit';
import { formatTime } from '../time-input';
import { type DownSince, LOOK_BACK_HOURS } from './down-since';
import type { ActiveTarget } from './prometheus-catalog';

const MAX_ERROR_CHARS = 200;
const MAX_JOB_CHARS = 80;
/** All labels of one target. */
const MAX_LABELS_CHARS = 400;
/** Jobs where all is well, in one line each. */
const MAX_JOBS = 25;

interface Seen {
  readonly since: ReadonlyMap<string, DownSince>;
  readonly now: Date;
}

/** One line a target that is down, with why and since when: `{instance="…"} down since …, last scrape 2.1 s before: …`. */
export function downLines(down: readonly ActiveTarget[], seen: Seen): string[] {
  const common = commonLabels(down.map(({ labels }) => labels));
  return down.map((target) => {
    const labels = formatLabelsWithin(withoutLabels(target.labels, common), MAX_LABELS_CHARS);
    return `${labels} ${stateOf(target, seen)}${reasonOf(target)}`;
  });
}

function stateOf(target: ActiveTarget, { since, now }: Seen): string {
  const scraped = target.lastScrape
    ? `, last scrape ${durationInWords(Math.max(0, now.getTime() - target.lastScrape.getTime()))} before`
    : '';
  return `down${sinceInWords(since.get(labelsKey(target.labels)))}${scraped}`;
}

function sinceInWords(since: DownSince | undefined): string {
  switch (since?.kind) {
    case undefined:
      return '';
    case 'since':
      return ` since ${formatTime(since.at)}`;
    case 'first':
      return ` since its first sample, ${formatTime(since.at)}`;
    case 'longer':
      return ` for all of the last ${LOOK_BACK_HOURS} h`;
  }
}

function reasonOf({ lastError }: ActiveTarget): string {
  return lastError ? `: ${errorInWords(lastError)}` : ', reason not known';
}

/** The address says no more than the labels do, and may hold what is secret. */
function errorInWords(error: string): string {
  return asOneLine(error.replace(/^(?:Get|Head) "[^"]{0,2000}": /, ''), MAX_ERROR_CHARS);
}

/**
 * `job shop: 2 of 3 up`, jobs with something down first. With `reasons` what is down is told by its most frequent
 * errors, for a list that is too long to be shown one by one.
 */
export function jobLines(targets: readonly ActiveTarget[], reasons: boolean): string[] {
  const jobs = new Map<string, ActiveTarget[]>();
  for (const target of targets) {
    const job = target.labels.job ?? '';
    const known = jobs.get(job);
    if (known) known.push(target);
    else jobs.set(job, [target]);
  }
  const told = [...jobs].map(([job, all]) => ({ job, all, down: all.filter(({ health }) => health === 'down') }));
  told.sort((a, b) => b.down.length - a.down.length || (a.job < b.job ? -1 : 1));
  return told.map(({ job, all, down }) => {
    const unknown = all.filter(({ health }) => health === 'unknown').length;
    const up = all.length - down.length - unknown;
    const waiting = unknown > 0 ? `, ${unknown} not scraped yet` : '';
    const why = reasons && down.length > 0 ? `, ${down.length} down: ${errorsInWords(down)}` : '';
    const name = job ? `job ${asOneLine(job, MAX_JOB_CHARS)}` : 'without a job';
    return `${name}: ${up} of ${all.length} up${waiting}${why}`;
  });
}

/** `470 × connect: connection refused, 10 × context deadline exceeded`: addresses are what they differ by. */
function errorsInWords(down: readonly ActiveTarget[]): string {
  const counts = new Map<string, number>();
  for (const { lastError } of down) {
    const kind = lastError
      ? errorInWords(lastError).replace(/\d+(?:\.\d+){3}(?::\d+)?|:\d{2,5}\b/g, '…')
      : 'reason not known';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const shown = ranked.slice(0, 2).map(([kind, count]) => `${count} × ${asOneLine(kind, 100)}`);
  const more = ranked.slice(2).reduce((sum, [, count]) => sum + count, 0);
  return [...shown, ...(more > 0 ? [`${more} for other reasons`] : [])].join(', ');
}

/** Of the jobs, those that have room; the rest together. */
export function fitJobs(lines: readonly string[], roomChars: number): string[] {
  const shown = takeLines(lines.slice(0, MAX_JOBS), roomChars);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`left out: ${countInWords(left, 'more job')}. Name one in query.`] : [])];
}

/** Every target, nothing left out, for who reads on. */
export function fullTargets(targets: readonly ActiveTarget[], seen: Seen): string {
  return targets
    .map((target) => {
      const { labels, health, lastError } = target;
      const state = health === 'down' ? `${stateOf(target, seen)}` : health;
      return `${formatLabels(labels)} ${state}${lastError ? `: ${errorInWords(lastError)}` : ''}`;
    })
    .join('\n');
}
