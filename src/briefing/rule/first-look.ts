import type { Labels } from '../../domain/alert';
import type { InstantSeries } from '../../tools/metric-result';
import { numberOf } from '../../tools/metric-text';
import type { HurriedPrometheus, SeriesAnswer } from './hurried-prometheus';
import type { Reasons } from './reasons';
import { seriesOfAlert } from './series-of-alert';
import { splitExpression, type Branch } from './split-expression';

export interface CourseQuestion {
  readonly expression: string;
  /** The alert's, without those that its rule adds. */
  readonly labels: Labels;
  readonly forSeconds: number;
  readonly startsAt: Date;
  readonly now: Date;
}

/** Which series is the alert's, and what stands beside it. */
export interface FirstLook {
  /** The alternative of an `or` that the alert comes from; else the whole expression. */
  readonly branch: Branch;
  readonly isAlternative: boolean;
  /** By these the alert's series is known in every other answer. */
  readonly labels: Labels;
  /** The alert's series at the start; absent: the expression has no value for it there, or that is not known. */
  readonly series?: InstantSeries;
  /** How many series the expression has at the start, and how many of them may be the alert's. */
  readonly holding?: { readonly all: number; readonly alerts: number };
  /** How many series the left side has at the start. */
  readonly compared?: number;
  readonly holdsNow?: boolean;
  /** Warnings and infos of the answers. */
  readonly notes: readonly string[];
}

export async function firstLook(
  { expression, labels, startsAt, now }: CourseQuestion,
  prometheus: HurriedPrometheus,
  reasons: Reasons,
): Promise<FirstLook> {
  const branches = splitExpression(expression);
  const [atStart, atNow] = await Promise.all([
    Promise.all(branches.map((branch) => lookAt(branch, { labels, startsAt }, prometheus))),
    prometheus.at(expression, now),
  ]);
  const { branch, holding, own, compared } = atStart.find((one) => one.own.length > 0) ?? atStart[0]!;
  const series = own.toSorted((a, b) => numberOf(b.point[1]) - numberOf(a.point[1]))[0];
  const known = { ...labels, ...series?.labels };
  const start = reasons.foundIn('the value at the start', holding);
  const all = start?.series.length;
  const present = reasons.foundIn('whether the expression holds now', atNow);
  const nowSeries = present?.series;
  return {
    branch,
    isAlternative: branches.length > 1,
    labels: known,
    ...(series && { series }),
    ...(all !== undefined && { holding: { all, alerts: own.length } }),
    ...(compared !== undefined && { compared }),
    ...(nowSeries && { holdsNow: seriesOfAlert(nowSeries, known).length > 0 }),
    notes: [...(start?.notes ?? []), ...(present?.notes ?? [])],
  };
}

interface BranchAtStart {
  readonly branch: Branch;
  readonly holding: SeriesAnswer<InstantSeries>;
  readonly own: readonly InstantSeries[];
  readonly compared?: number;
}

async function lookAt(
  branch: Branch,
  { labels, startsAt }: { readonly labels: Labels; readonly startsAt: Date },
  prometheus: HurriedPrometheus,
): Promise<BranchAtStart> {
  const { comparison } = branch;
  const countable = comparison && !comparison.scalarLeft;
  const [holding, count] = await Promise.all([
    prometheus.at(branch.text, startsAt),
    countable ? prometheus.at(`count(${comparison.left})`, startsAt) : undefined,
  ]);
  const counted = count?.kind === 'series' ? count.series[0] : undefined;
  return {
    branch,
    holding,
    own: holding.kind === 'series' ? seriesOfAlert(holding.series, labels) : [],
    ...(counted && { compared: numberOf(counted.point[1]) }),
  };
}
