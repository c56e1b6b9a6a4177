import { courses } from '../demo/findings.ts';
import type { Course } from '../demo/findings.ts';
import { readSeries } from '../demo/reading.ts';
import { ERRORS, LATENCY, MEASURES } from './measures.ts';
import type { Measure } from './measures.ts';
import { readDown, readPatterns, readRanked } from './tool-findings.ts';
import type { DownTarget, RankedSeries, SeenPattern } from './tool-findings.ts';
import type { Trail } from './trail.ts';

/* What the results so far say: the walks choose their next question by it, and the report is made of it. */

/** The names under which a walk keeps its results; a measure's own name is that of its step. */
export const LOGS = 'what is new in the logs';
export const RANKED = 'which series changed';
export const TARGETS = 'what is down';
export const CHANGES = 'what was changed';

/** In what the fault lies, since when, and whose logs and changes tell of it. */
export interface Suspicion {
  readonly component: string;
  readonly service: string;
  /** Unix seconds. */
  readonly since: number;
  readonly shownBy: DownTarget | { readonly measure: Measure; readonly course: Course };
}

/** Causes before symptoms; undefined while nothing shows anything. */
export function suspicionIn(trail: Trail): Suspicion | undefined {
  const { service: alerted } = trail.alert;
  const down = downIn(trail);
  const dead = down.find(({ service }) => service === alerted) ?? down[0];
  if (dead) return { component: dead.service, service: dead.service, since: dead.since, shownBy: dead };
  for (const measure of MEASURES) {
    const risen = coursesOf(trail, measure).filter(hasRisen);
    const start = risen.find(({ service }) => service === alerted) ?? risen[0];
    if (!start) continue;
    const isPassedOn = measure === ERRORS || measure === LATENCY;
    const service = isPassedOn ? lastNamed(trail, start.service) : start.service;
    const course = risen.find((one) => one.service === service) ?? start;
    const component = isPassedOn ? service : (course.seen.labels[measure.of] ?? service);
    return { component, service, since: start.roseAt!, shownBy: { measure, course } };
  }
  return undefined;
}

/** Who fails for want of another names it: from complaint to complaint, until one complains of nobody. */
export function lastNamed(trail: Trail, from: string): string {
  const passed = new Set([from]);
  for (let service = from; ;) {
    const named = loudPatterns(trail).find((one) => one.service === service && one.upstream)?.upstream;
    if (named === undefined || passed.has(named)) return service;
    passed.add((service = named));
  }
}

export function newPatterns({ results }: Trail): SeenPattern[] {
  const result = results.get(LOGS);
  return result ? readPatterns(result) : [];
}

export function loudPatterns(trail: Trail): SeenPattern[] {
  return newPatterns(trail).filter(({ level }) => level === 'error' || level === 'warn');
}

/** What the service complains of that is not another service. */
export function ownComplaint(trail: Trail, of: string): SeenPattern | undefined {
  return loudPatterns(trail).find(({ service, upstream }) => service === of && !upstream);
}

export function rankedSeries({ results }: Trail): RankedSeries[] {
  const result = results.get(RANKED);
  return result ? readRanked(result) : [];
}

function downIn({ results }: Trail): DownTarget[] {
  const result = results.get(TARGETS);
  return result ? readDown(result) : [];
}

/** Of each service how the measure went; none where it was not asked for. */
export function coursesOf({ results }: Trail, { name, least, factor }: Measure): Course[] {
  const result = results.get(name);
  return result ? courses(readSeries(result), least, factor) : [];
}

export function hasRisen({ roseAt }: Course): boolean {
  return roseAt !== undefined;
}
