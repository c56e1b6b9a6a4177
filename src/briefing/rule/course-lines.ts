import { clipped } from '../../domain/clipped';
import { durationInWords } from '../../domain/in-words';
import { formatLabels, formatNumber } from '../../tools/fit';
import type { Point } from '../../tools/metric-result';
import { numberOf } from '../../tools/metric-text';
import { formatDuration, formatTime } from '../../tools/time-input';
import { baselineOf, extremeOf, valueAt } from './course-figures';
import type { Course } from './expression-course';
import type { Edge } from './held-run';
import { oneLine } from '../../domain/one-line';
import { spacingLines } from './sample-spacing';
import type { SeenPart } from './other-parts';
import type { Comparison } from './split-expression';
import { valueLines } from './value-lines';

/** Characters of a part of the expression: the whole stands above. */
const MAX_SIDE_CHARS = 200;

export interface CourseMoments {
  readonly startsAt: Date;
  readonly now: Date;
  /** Absent: the rule is not known. */
  readonly forSeconds?: number;
  /** How late the rule may see that its expression holds. */
  readonly slackSeconds: number;
}

/** What the expression did, the answers first, the values over time last: a text that is cut loses those. */
export function courseLines(course: Course, moments: CourseMoments): string[] {
  const { reasons, sides, spacings, sources } = course;
  const notes = [...new Set([...course.notes, ...sides.notes])].slice(0, 2).map((note) => oneLine(note, 200));
  return [
    ...reasons.lines(),
    ...comparedLines(course),
    ...seriesLines(course),
    ...startLines(course, moments),
    ...alwaysAnswersLines(course),
    ...beforeLines(course, moments),
    ...nowLines(course),
    ...course.also.map(partLine),
    ...spacingLines(spacings, sources.windows),
    ...notes,
    ...valueLines(course),
  ];
}

function comparedLines({ branch, isAlternative, series, sides }: Course): string[] {
  const { comparison, text } = branch;
  const whose = series
    ? 'the alert comes from this alternative'
    : 'looked at, though nothing tells it from the others, is this alternative';
  const which = isAlternative ? [`${whose} of the \`or\`: ${clipped(text, MAX_SIDE_CHARS)}`] : [];
  if (!comparison) return [...which, 'compared: nothing; that the expression has a value is the alert'];
  const { left, operator, bool } = comparison;
  const side = sides.left ? 'the left side (the query below)' : `left side ${clipped(left, MAX_SIDE_CHARS)}`;
  const always = bool ? '; `bool` filters nothing: the rule fires for every series, whatever the comparison says' : '';
  return [...which, `compared: ${side} ${operator} ${limitText(comparison)}${always}`];
}

function limitText({ threshold, right }: Comparison): string {
  if (threshold === undefined) return `right side ${clipped(right, MAX_SIDE_CHARS)}`;
  const shown = formatNumber(threshold);
  return /^[\d.]+$/.test(right) || right === shown ? shown : `${clipped(right, MAX_SIDE_CHARS)} = ${shown}`;
}

function seriesLines({ series, holding, compared, branch }: Course): string[] {
  if (!holding) return [];
  const beside = compared === undefined ? '' : `, of ${compared} on the left side`;
  const count = `the expression has ${holding.all} series at the start${beside}`;
  if (!series) return [`series: none with the alert's labels; ${count}`];
  const several =
    holding.alerts > 1 ? ` (the largest of ${holding.alerts} that the alert's labels fit equally well)` : '';
  const name = formatLabels(series.labels);
  return [`series: ${name}${several}; ${branch.comparison || holding.all !== 1 ? count : 'the only one'}`];
}

function startLines(course: Course, { startsAt, forSeconds, slackSeconds }: CourseMoments): string[] {
  const { sides, run, series, holding } = course;
  const at = `at the start (${formatTime(startsAt)}):`;
  const left = valueAt(sides.left, startsAt) ?? (series && numberOf(series.point[1]));
  const value =
    left === undefined ? 'no value' : standing(course.branch.comparison, left, valueAt(sides.right, startsAt));
  if (!run) {
    if (!sides.whole && !holding) return [];
    if (!sides.whole && series) return [`${at} ${value}`]; // only its course was not told
    return [`${at} ${value}; on the data as it is stored now the expression does not hold there`];
  }
  if (!run.begins)
    return [
      `${at} ${value}`,
      `${crossedInWords(course)}: before ${formatTime(sides.grid.start)}, where this course begins`,
    ];
  const { to } = run.begins;
  const what = crossedInWords(course);
  const earlier = startsAt.getTime() - to.getTime();
  const waits = forSeconds ? `; the rule waits ${formatDuration(forSeconds)} of it` : '';
  const distance = earlier < 1000 ? 'at the start' : `${durationInWords(earlier)} before the start`;
  const late = forSeconds !== undefined && earlier / 1000 < forSeconds - slackSeconds;
  return [
    `${at} ${value}`,
    `${what}: ${edgeText(run.begins)}, ${distance}${waits}`,
    ...(late
      ? [
          `that is later than the rule's \`for\` allows: the data stored now differs from what the rule saw, or the rule was changed`,
        ]
      : []),
  ];
}

/** With `bool` the rule fires whether or not anything is crossed. */
function crossedInWords({ branch: { comparison, also } }: Course): string {
  if (comparison?.bool) return 'has had a value since';
  return also.length > 0 ? 'crossed (all conditions)' : 'crossed';
}

const ALWAYS_ANSWERS = /\b(absent|absent_over_time|vector)\s*\(/;

/** What says that something is missing says so, too, of a time from which nothing at all is stored. */
function alwaysAnswersLines({ branch }: Course): string[] {
  const [, name] = ALWAYS_ANSWERS.exec(branch.text) ?? [];
  if (!name) return [];
  return [`${name}() has a value also where nothing was recorded: before Prometheus had data, and while it was away`];
}

/** `0.34 > 0.1`, `0.02 (not > 0.1)`. */
function standing(comparison: Comparison | undefined, left: number, right: number | undefined): string {
  if (!comparison) return formatNumber(left);
  const limit = comparison.threshold ?? right;
  if (limit === undefined) return `${formatNumber(left)}, no value known on the right side`;
  const { operator } = comparison;
  const [value, beside] = toldApart(left, limit);
  return passes(left, operator, limit) ? `${value} ${operator} ${beside}` : `${value}, not ${operator} ${beside}`;
}

/** Rounded, unless different numbers then look the same: `0.1 > 0.1`. */
function toldApart(a: number, b: number): [string, string] {
  const rounded: [string, string] = [formatNumber(a), formatNumber(b)];
  return a !== b && rounded[0] === rounded[1] ? [String(a), String(b)] : rounded;
}

function passes(left: number, operator: Comparison['operator'], right: number): boolean {
  switch (operator) {
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
  }
}

/** What was usual, over the history that there is, and how far it went since. */
function beforeLines(course: Course, { startsAt, forSeconds = 0, now }: CourseMoments): string[] {
  const { sides, run, branch } = course;
  if (!sides.left || !branch.comparison) return [];
  const until = run ? run.begins?.from : new Date(startsAt.getTime() - forSeconds * 1000);
  const baseline = until && baselineOf(sides.left, until);
  const right = until && sides.right && baselineOf(sides.right, until);
  const first = sides.left[0] && new Date(sides.left[0][0] * 1000);
  const young = first && first > sides.grid.start ? `; no value before ${formatTime(first)}` : '';
  const usual = (b: NonNullable<typeof baseline>): string =>
    `median ${formatNumber(b.median)}, from ${formatNumber(b.least)} to ${formatNumber(b.most)}`;
  const lines = baseline
    ? [
        `before: ${usual(baseline)}, over the ${durationInWords(baseline.lengthMs)} from ${formatTime(baseline.from)} (${baseline.count} points)${young}`,
        ...(right ? [`before, right side: ${usual(right)}`] : []),
      ]
    : [`before: ${young === '' ? 'no value to compare with' : young.slice(2)}`];
  const since = run?.begins?.to ?? startsAt;
  const latest: Point[] = course.atNow?.left === undefined ? [] : [[now.getTime() / 1000, course.atNow.left]];
  const furthest = extremeOf([...sides.left, ...latest], since, branch.comparison.operator);
  return [
    ...lines,
    ...(furthest
      ? [`since then: ${furthest.kind} ${formatNumber(furthest.value)} ${momentText(furthest.at, now)}`]
      : []),
  ];
}

function nowLines(course: Course): string[] {
  const { holdsNow, atNow, run, branch } = course;
  const at = 'now:';
  const { comparison } = branch;
  const none = atNow && comparison ? 'no value, ' : '';
  const value = atNow?.left === undefined ? none : `${standing(comparison, atNow.left, atNow.right)}, `;
  if (holdsNow === undefined) return atNow?.left === undefined ? [] : [`${at} ${value.slice(0, -2)}`];
  const ended = run?.ends ? ` (since ${edgeText(run.ends)})` : '';
  if (!holdsNow) {
    return [`${at} ${value}the expression does not hold${ended}: that it ended is no proof that nothing was wrong`];
  }
  const again = run?.ends ? ` again (it did not at ${edgeText(run.ends)})` : '';
  return [`${at} ${value}the expression holds${again}`];
}

/** The current time stands in the opening message once, and not here. */
function momentText(moment: Date, now: Date): string {
  return moment.getTime() === now.getTime() ? 'now' : `at ${formatTime(moment)}`;
}

function edgeText({ from, to }: Edge): string {
  return `${formatTime(to)} (exact to ${durationInWords(to.getTime() - from.getTime())})`;
}

function partLine({ part, atStart, atNow }: SeenPart): string {
  const values = [
    ...(atStart === undefined ? [] : [`${formatNumber(atStart)} at the start`]),
    ...(atNow === undefined ? [] : [`${formatNumber(atNow)} now`]),
  ];
  const shown = values.length > 0 ? `: ${values.join(', ')}` : '';
  return `${part.joinedBy} ${clipped(part.text, MAX_SIDE_CHARS)}${shown}`;
}
