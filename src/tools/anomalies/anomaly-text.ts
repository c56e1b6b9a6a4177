import type { Labels } from '../../domain/alert';
import { commonLabels, formatLabels, formatNumber, takeLines, withoutLabels } from '../fit';
import type { Grid } from '../metric-text';
import { formatDuration, formatTime } from '../time-input';
import { type LabelledChange, relatedChanges, type RelatedChanges } from './related-changes';
import type { ChosenScope } from './scope';

/** What was looked at, and what came of it. */
export interface RankedScope {
  readonly grid: Grid;
  readonly changes: readonly LabelledChange[];
  readonly looked: { readonly series: number; readonly metrics: number; readonly constant: number };
  readonly scope: ChosenScope;
  /** Why a part could not be fetched, and what the server adds. */
  readonly notes: readonly string[];
}

/** Of the labels of related series on one line. */
const MAX_RELATED_CHARS = 300;

/** The findings, a line each, the clearest change first; what is left out is counted. */
export function anomalyText(ranked: RankedScope, limit: number, roomChars: number): string {
  const { changes, looked, grid } = ranked;
  const result = `result: ${looked.series} series of ${looked.metrics} metrics looked at, ${changes.length} changed`;
  const foot = footOf(ranked);
  if (changes.length === 0) return [`${result}\nnothing changed clearly in this range.`, ...foot].join('\n');
  const all = relatedChanges(changes, limit);
  const shown = all.slice(0, limit);
  const common = sharedLabels(shown);
  const order = `order: clearest change first, each dated to a step: points from ${formatTime(grid.start)} every ${formatDuration(grid.stepSeconds)}`;
  const head = [result, ...(Object.keys(common).length > 0 ? [`common labels: ${formatLabels(common)}`] : []), order];
  const used = [...head, ...foot].reduce((sum, line) => sum + line.length + 1, 0);
  const lines = takeLines(
    shown.map((related) => lineOf(related, common, grid)),
    roomChars - used - LEFT_OUT_CHARS,
  );
  const left = all.slice(lines.length);
  return [...head, ...lines, ...leftOut(left), ...foot].join('\n');
}

const LEFT_OUT_CHARS = 400;
const NAMES_LEFT_OUT = 5;

function leftOut(left: readonly RelatedChanges[]): string[] {
  if (left.length === 0) return [];
  const count = left.reduce((sum, { others }) => sum + 1 + others.length, 0);
  const names = [...new Set(left.map(({ clearest }) => nameOf(clearest.labels)))];
  const more = names.length > NAMES_LEFT_OUT ? ` and ${names.length - NAMES_LEFT_OUT} more` : '';
  const told = names.slice(0, NAMES_LEFT_OUT).map((name) => name.slice(0, 40));
  return [
    `left out: ${count} more changed series, of ${told.join(', ')}${more}. Give a selector, a higher limit, or search them with read_result.`,
  ];
}

/** Those of every series that is shown; the name of the metric stays on its line. */
function sharedLabels(shown: readonly RelatedChanges[]): Labels {
  const all = shown.flatMap(({ clearest, others }) => [clearest.labels, ...others.map(({ labels }) => labels)]);
  return withoutLabels(commonLabels(all), { __name__: '' });
}

function lineOf({ clearest, others }: RelatedChanges, common: Labels, grid: Grid): string {
  const { labels, figures, rate } = clearest;
  const told = Object.entries(figures).map(([name, value]) => `${name}=${formatNumber(value)}`);
  const words = rate ? `${WORDS[clearest.kind]}; per second: rate of a counter` : WORDS[clearest.kind];
  const line = `${labelled(withoutLabels(labels, common))} ${told.join(' ')} ${changeOf(clearest, grid)} (${words})`;
  return others.length === 0 ? line : `${line}; ${relatedOf(clearest.labels, others)}`;
}

const WORDS: Readonly<Record<LabelledChange['kind'], string>> = {
  level: 'another level',
  ramp: 'moves away steadily',
  passing: 'for a while',
  spread: 'how far it swings changed: from and to are deviations',
  vanished: 'no samples any more',
  appeared: 'no samples before',
};

function changeOf({ onset, end, from, to }: LabelledChange, grid: Grid): string {
  const until = end === undefined ? '' : ` until=${timeAt(end, grid)}`;
  return `changed=${timeAt(onset, grid)}${until} from=${valueOf(from)} to=${valueOf(to)}`;
}

function timeAt(point: number, { start, stepSeconds }: Grid): string {
  return formatTime(new Date(start.getTime() + point * stepSeconds * 1000));
}

function valueOf(value: number): string {
  return Number.isNaN(value) ? 'none' : formatNumber(value);
}

/** `and 3 more of this metric: pod="a"; pod="b"`: what tells them from the one that is shown. */
function relatedOf(labels: Labels, others: readonly LabelledChange[]): string {
  let [told, used] = [0, 0];
  const names: string[] = [];
  for (const other of others) {
    const own = Object.fromEntries(Object.entries(other.labels).filter(([name, value]) => labels[name] !== value));
    const name = labelled(own);
    used += name.length + 2;
    if (used > MAX_RELATED_CHARS) break;
    names.push(name);
    told += 1;
  }
  const more = told < others.length ? ` and ${others.length - told} more` : '';
  return `and ${others.length} more of this metric, alike: ${names.join('; ')}${more}`;
}

/** A name of other letters than usual could hold a line break. */
function labelled(labels: Labels): string {
  const { __name__: name, ...rest } = labels;
  return `${name === undefined ? '' : nameOf({ __name__: name })}${formatLabels(rest)}`;
}

function nameOf({ __name__: name = '' }: Labels): string {
  return /^[\w:.]*$/.test(name) ? name : JSON.stringify(name);
}

function footOf({ looked, changes, scope, notes }: RankedScope): string[] {
  const lines = [];
  const same = looked.series - changes.length;
  if (same > 0) lines.push(`not changed: ${same} series, of which ${looked.constant} hold one value all the time`);
  if (scope.tooMany.length > 0) {
    const series = scope.tooMany.reduce((sum, metric) => sum + metric.series, 0);
    const largest = scope.tooMany.slice(0, 3).map((metric) => `${metric.name.slice(0, 60)} (${metric.series})`);
    lines.push(
      `not looked at: ${scope.tooMany.length} metrics with ${series} series, the largest ${largest.join(', ')}: give service or query to look at them`,
    );
  }
  if (scope.untold > 0) lines.push(`not looked at: ${scope.untold} metrics of buckets, constant labels or alerts`);
  return [...lines, ...notes.slice(0, 4)];
}

/** Everything that changed, a line each, nothing rounded. */
export function fullAnomalies({ changes, grid }: RankedScope): string {
  return changes
    .map((change) => {
      const { labels, figures, kind, score, rate, from, to } = change;
      const told = Object.entries(figures).map(([name, value]) => `${name}=${value}`);
      const end = change.end === undefined ? '' : ` until=${timeAt(change.end, grid)}`;
      const unit = rate ? ' (per second: rate of a counter)' : '';
      return `${nameOf(labels)}${whole(labels)} ${told.join(' ')} changed=${timeAt(change.onset, grid)}${end} from=${from} to=${to} kind=${kind} score=${score}${unit}`;
    })
    .join('\n');
}

function whole(labels: Labels): string {
  const names = Object.keys(labels).filter((name) => name !== '__name__');
  return `{${names
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(', ')}}`;
}
