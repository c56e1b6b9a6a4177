import type { ComposedReport } from '../demo/composed-report.ts';
import type { Course } from '../demo/findings.ts';
import { MEASURES, POOL_USE, QUERY_TIME } from './measures.ts';
import type { Measure } from './measures.ts';
import {
  CHANGES,
  coursesOf,
  hasRisen,
  loudPatterns,
  newPatterns,
  ownComplaint,
  rankedSeries,
  suspicionIn,
} from './suspicion.ts';
import type { Suspicion } from './suspicion.ts';
import { readChanges } from './tool-findings.ts';
import type { RankedSeries, SeenChange, SeenPattern } from './tool-findings.ts';
import type { Trail } from './trail.ts';

/** What one measure did in the window, for one that it belongs to. */
interface Seen {
  readonly measure: Measure;
  readonly course: Course;
}

/** A fault and what speaks for it; every part but the first may be missing. */
interface Cause {
  readonly suspicion: Suspicion;
  readonly change?: SeenChange;
  /** Its own complaint, what it says of the change, and the first of somebody else that names it. */
  readonly own?: SeenPattern;
  readonly announced?: SeenPattern;
  readonly blamed?: SeenPattern;
  /** What a search over many series showed of the same service. */
  readonly ranked?: RankedSeries;
}

/** A change can be the cause of what rises up to so long after it, and its time can be a little later; in seconds. */
const REACH = 30;
const SLACK = 5;

/** The input of `submit_report`: what the opening message and the results say, and nothing else. */
export function reportOf(trail: Trail): ComposedReport {
  const seen = MEASURES.flatMap((measure) => coursesOf(trail, measure).map((course): Seen => ({ measure, course })));
  const unread = [...trail.results.values()]
    .filter(({ isError }) => isError)
    .map(({ name }) => `${name} gave no answer`);
  const suspicion = suspicionIn(trail);
  return suspicion ? known(causeOf(trail, suspicion), seen, unread) : unknown(seen, unread);
}

function causeOf(trail: Trail, suspicion: Suspicion): Cause {
  const { component, service, since } = suspicion;
  const result = trail.results.get(CHANGES);
  const isNear = ({ at }: SeenChange): boolean => at <= since + SLACK && at > since - REACH;
  return {
    suspicion,
    change: result && readChanges(result).find(isNear),
    own: ownComplaint(trail, service),
    announced: newPatterns(trail).find((one) => one.service === service && one.level === 'info' && one.count === 1),
    blamed: loudPatterns(trail).find(({ upstream }) => upstream === component),
    ranked: rankedSeries(trail).find(({ labels }) => labels.database === component || labels.service === service),
  };
}

function known(cause: Cause, seen: readonly Seen[], unread: readonly string[]): ComposedReport {
  const { suspicion, change, own, blamed } = cause;
  const { component } = suspicion;
  const after = change ? `, after ${changeInWords(change)}` : '; no change of it was seen';
  const line = own ?? blamed;
  const says = line ? ` The log of ${line.service} says: ${line.msg}.` : '';
  const risen = seen.filter(({ course }) => hasRisen(course));
  return {
    headline: `${component}: ${shortly(suspicion)}${change ? after : ''}`,
    what_is_happening: `${risen.map(ofOwner).join('; ') || `${component} ${figure(suspicion)}`}.`,
    root_cause: {
      statement: `${component}: ${figure(suspicion)}${after}.${says}`,
      component,
      change: change ? (change.revision ?? change.id) : null,
      confidence: change && line ? 'high' : change || line ? 'medium' : 'low',
    },
    affected: [...new Set([...risen.map(({ course }) => course.service), component])],
    evidence: evidenceFor(cause, seen),
    ruled_out: seen.filter(({ course }) => !hasRisen(course)).map(ofOwner),
    actions: [{ action: actionFor(cause), urgency: 'now' }],
    could_not_check: [...unread, 'What the code does: there is no tool that reads it.'],
    flags: [],
  };
}

function evidenceFor(
  { suspicion, change, own, announced, blamed, ranked }: Cause,
  seen: readonly Seen[],
): ComposedReport['evidence'] {
  const { component, service, shownBy } = suspicion;
  // That queries take as long as ever is what tells a leak from a slow database.
  const isLeak = 'measure' in shownBy && shownBy.measure === POOL_USE;
  const shown = seen.filter(({ measure, course }) => hasRisen(course) || (isLeak && measure === QUERY_TIME));
  return [
    ...('error' in shownBy ? [evidence(`${component} ${figure(suspicion)}`, shownBy)] : []),
    ...shown.map((one) => evidence(ofOwner(one), one.course.seen)),
    ...(ranked ? [evidence(`${ranked.metric} of ${service} is among the series that changed`, ranked)] : []),
    ...(change ? [evidence(`${changeInWords(change)} came before`, change)] : []),
    ...(announced ? [evidence(`${service} logs the change`, announced)] : []),
    ...(own ? [evidence(`${service} says what is wrong`, own)] : []),
    ...(blamed ? [evidence(`${blamed.service} names ${component}`, blamed)] : []),
  ];
}

/** Nothing rose: that is the finding, and no cause is invented. */
function unknown(seen: readonly Seen[], unread: readonly string[]): ComposedReport {
  return {
    headline: 'None of the figures looked at has risen; the cause of the alert is unknown',
    what_is_happening: seen.map(ofOwner).join('; ') || 'Unknown.',
    root_cause: { statement: 'Nothing was found.', component: 'unknown', change: null, confidence: 'unknown' },
    affected: [],
    evidence: seen.map((one) => evidence(ofOwner(one), one.course.seen)),
    ruled_out: [],
    actions: [{ action: "Evaluate the alert's own expression and look whether it still fires", urgency: 'today' }],
    could_not_check: unread,
    flags: [],
  };
}

function actionFor({ suspicion, change }: Cause): string {
  const { component } = suspicion;
  if (!change) return `Look into ${component}: ${shortly(suspicion)}`;
  return `Undo ${changeInWords(change)}`;
}

/** As its service or pipeline calls it: `the deploy of revision e6d19f4`, `the flag change split_shipments/5`. */
function changeInWords({ kind, id, revision }: SeenChange): string {
  return kind === 'deploy' && revision ? `the deploy of revision ${revision}` : `the ${kind} change ${id}`;
}

function shortly({ shownBy }: Suspicion): string {
  return 'measure' in shownBy ? `${shownBy.measure.name} rose` : 'it does not answer Prometheus';
}

function figure({ shownBy }: Suspicion): string {
  if ('measure' in shownBy) return told(shownBy.measure, shownBy.course);
  const { since, error } = shownBy;
  return `does not answer Prometheus since ${clock(since)} UTC (${error.split(': ').at(-1)})`;
}

function ofOwner({ measure, course }: Seen): string {
  return `${ownerOf(measure, course)}: ${told(measure, course)}`;
}

/** By figures that the result shows: the first and the last of a series that rose, the mean of one that did not. */
function told({ name, show }: Measure, { after, roseAt, seen: { points } }: Course): string {
  if (roseAt === undefined) return `${name} was ${show(after)} on average`;
  const values = points.flatMap(({ value }) => value ?? []);
  return `${name} rose from ${show(values[0]!)} to ${show(values.at(-1)!)}`;
}

/** What the figure belongs to: a database's own time is not that of the service which asks it. */
function ownerOf({ of }: Measure, { seen, service }: Course): string {
  return seen.labels[of] ?? service;
}

function evidence(
  claim: string,
  { handle, quote }: { readonly handle: string; readonly quote: string },
): ComposedReport['evidence'][number] {
  return { claim, source: handle, quote };
}

function clock(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(11, 19);
}
