import type { Point } from '../../tools/metric-result';
import { courseGrid, secondsBefore } from './course-grid';
import { expressionSources, type ExpressionSources } from './expression-sources';
import { firstLook, type CourseQuestion, type FirstLook } from './first-look';
import { finerGrid, heldRun, narrowed, slotOf, type Edge, type HeldRun } from './held-run';
import type { HurriedPrometheus } from './hurried-prometheus';
import { otherParts, type SeenPart } from './other-parts';
import { Reasons } from './reasons';
import { measureSpacing, seriesToMeasure, type SampleSpacing } from './sample-spacing';
import { heldOver, sideQueries, sidesNow, sidesOver, type SideQueries, type Sides } from './sides';

/** What an alert's expression did around the alert's start, as far as Prometheus told in time. */
export interface Course extends FirstLook {
  readonly sources: ExpressionSources;
  readonly queries: SideQueries;
  readonly sides: Sides;
  /** Absent: on the data as it is stored now the expression did not hold at the start, or that is not known. */
  readonly run?: HeldRun;
  /** Absent: Prometheus did not tell. */
  readonly atNow?: { readonly left?: number; readonly right?: number };
  readonly also: readonly SeenPart[];
  readonly spacings: readonly SampleSpacing[];
  /** What stayed unanswered. */
  readonly reasons: Reasons;
}

/** When the answers of each step have to be there. Milliseconds from the beginning of the section. */
const FIRST_LOOK_BY = 1_400;
const SIDES_BY = 1_900;
const EDGES_BY = 2_250;
/** A series that is as young as its alert has its first samples then. */
const MEASURED_AFTER_MS = 5 * 60_000;
/** An edge is looked at again, each time up to 59 times finer, until it is known to the second. */
const MAX_LOOKS_AT_AN_EDGE = 2;

/** Never throws, except the signal's reason. */
export async function courseOf(question: CourseQuestion, prometheus: HurriedPrometheus): Promise<Course> {
  const { expression, labels, startsAt, now, forSeconds } = question;
  const reasons = new Reasons();
  const sources = expressionSources(expression);
  const measuredAt = new Date(Math.min(now.getTime(), startsAt.getTime() + MEASURED_AFTER_MS));

  prometheus.until(FIRST_LOOK_BY);
  const [first, measured] = await Promise.all([
    firstLook(question, prometheus, reasons),
    seriesToMeasure(sources, { labels, at: measuredAt }, prometheus),
  ]);

  prometheus.until(SIDES_BY);
  const queries = sideQueries(expression, first);
  const before = secondsBefore(forSeconds, sources.reachSeconds);
  const end = new Date(Math.min(now.getTime(), startsAt.getTime() + before * 1000));
  const [wide, atNow, also, spacings] = await Promise.all([
    sidesOver(queries, courseGrid(startsAt, before, end), prometheus, reasons),
    sidesNow(queries, now, prometheus),
    otherParts(first, question, prometheus),
    measureSpacing(measured, measuredAt, prometheus),
  ]);
  const sides = await closer(wide, { queries, startsAt, end, leastStep: spacings[0]?.seconds }, prometheus);

  prometheus.until(EDGES_BY);
  const held = sides.whole && heldRun(sides.whole, sides.grid, startsAt);
  const run = held && (await toTheSecond(upToNow(held, sides, first, now), { queries, startsAt }, prometheus));
  return { ...first, sources, queries, sides, ...(run && { run }), ...(atNow && { atNow }), also, spacings, reasons };
}

/** Where there are values for the end of the wide grid only, the same over the time that has them. */
async function closer(
  wide: Sides,
  { queries, startsAt, end, leastStep = 15 }: { queries: SideQueries; startsAt: Date; end: Date; leastStep?: number },
  prometheus: HurriedPrometheus,
): Promise<Sides> {
  const first = firstTime(wide.left);
  const { grid } = wide;
  if (!first || slotOf(first, grid) < slotOf(startsAt, grid) / 2) return wide;
  const before = (startsAt.getTime() - first.getTime()) / 1000 + grid.stepSeconds;
  const finer = courseGrid(startsAt, Math.max(before, grid.stepSeconds), end, Math.max(1, Math.ceil(leastStep)));
  if (finer.stepSeconds >= grid.stepSeconds) return wide;
  const close = await sidesOver(queries, finer, prometheus, new Reasons());
  return close.whole && close.left ? close : wide;
}

function firstTime(points: readonly Point[] | undefined): Date | undefined {
  return points?.[0] && new Date(points[0][0] * 1000);
}

/** The grid ends some time after the start, or a little before now: what held at its end may hold no more. */
function upToNow(run: HeldRun, { grid }: Sides, { holdsNow }: FirstLook, now: Date): HeldRun {
  return run.ends || holdsNow !== false || now <= grid.end ? run : { ...run, ends: { from: grid.end, to: now } };
}

async function toTheSecond(
  run: HeldRun,
  { queries, startsAt }: { readonly queries: SideQueries; readonly startsAt: Date },
  prometheus: HurriedPrometheus,
): Promise<HeldRun> {
  const beginning = async (coarse: Edge): Promise<Edge> => {
    const last = await lastBreak(coarse, { queries, startsAt }, prometheus);
    return edgeToTheSecond(last, 'begins', queries, prometheus);
  };
  const [begins, ends] = await Promise.all([
    run.begins && beginning(run.begins),
    run.ends && edgeToTheSecond(run.ends, 'ends', queries, prometheus),
  ]);
  return { ...(begins && { begins }), ...(ends && { ends }) };
}

/** Between two points of the wide grid the expression may have held, failed and held again: the last time counts. */
async function lastBreak(
  begins: Edge,
  { queries, startsAt }: { readonly queries: SideQueries; readonly startsAt: Date },
  prometheus: HurriedPrometheus,
): Promise<Edge> {
  const heldSeconds = (startsAt.getTime() - begins.to.getTime()) / 1000;
  if (heldSeconds < 1) return begins;
  const grid = courseGrid(startsAt, heldSeconds, startsAt, 1);
  const held = await heldOver(queries, grid, prometheus);
  return (held && heldRun(held, grid, startsAt)?.begins) ?? begins;
}

async function edgeToTheSecond(
  edge: Edge,
  kind: 'begins' | 'ends',
  queries: SideQueries,
  prometheus: HurriedPrometheus,
): Promise<Edge> {
  let known = edge;
  for (let looks = 0; looks < MAX_LOOKS_AT_AN_EDGE; looks++) {
    if (known.to.getTime() - known.from.getTime() <= 1000) return known;
    const grid = finerGrid(known, kind);
    const held = await heldOver(queries, grid, prometheus);
    if (!held) return known;
    known = narrowed(known, kind, held, grid);
  }
  return known;
}
