import type { ComposedReport } from '../demo/composed-report.ts';
import { courses, deploys } from '../demo/findings.ts';
import type { Course, SeenDeploy } from '../demo/findings.ts';
import { readLines, readSeries } from '../demo/reading.ts';
import type { SeenLine } from '../demo/reading.ts';
import type { ToolResultSeen } from '../test/stand-ins/anthropic-request.ts';
import { CHANGES, TROUBLES, VERSIONS } from './inquiries.ts';
import type { Measure } from './inquiries.ts';
import { recordedChange } from './recorded-changes.ts';
import type { RecordedChange } from './recorded-changes.ts';

/** What one measure did in the window, for each that it belongs to. */
interface Seen {
  readonly measure: Measure;
  readonly courses: readonly Course[];
}

/** A fault and what speaks for it; every part but the first may be missing. */
interface Cause {
  readonly component: string;
  readonly measure: Measure;
  /** Its own figure, unless it only is named by others. */
  readonly course?: Course;
  readonly deploy?: SeenDeploy;
  readonly flag?: SeenLine;
  /** What the shop's pipelines told of the flag, or of the component itself. */
  readonly recorded?: RecordedChange;
  /** Its own complaint, and the first of somebody else that names it. */
  readonly own?: SeenLine;
  readonly blamed?: SeenLine;
}

/** A change can be the cause of what rises up to so long after it, and its line can come a little after the figure; in seconds. */
const REACH = 30;
const SLACK = 5;

/** What the script was told. */
export interface Told {
  readonly opening: string;
  /** The service that the alert is on. */
  readonly alerted: string;
  readonly results: readonly ToolResultSeen[];
}

/** The input of `submit_report`: what the opening message and the results say, and nothing else. */
export function reportOf({ opening, alerted, results }: Told, measures: readonly Measure[]): ComposedReport {
  const asked = (query: string, name: string): ToolResultSeen[] =>
    results.filter((result) => result.name === name && (result.input as { query?: unknown }).query === query);
  const series = (query: string) => asked(query, 'query_metrics_range').flatMap(readSeries);
  const lines = (query: string) => asked(query, 'query_logs').flatMap(readLines);

  const seen = measures.map((measure): Seen => ({
    measure,
    courses: courses(series(measure.query), measure.least, measure.factor),
  }));
  const troubles = lines(TROUBLES);
  const changes = lines(CHANGES);
  const first = seen.find(({ courses: all }) => all.some(hasRisen));
  const unread = results
    .filter(({ isError, name }) => isError && name !== 'submit_report')
    .map(({ name }) => `${name} gave no answer`);
  if (!first) return unknown(seen, unread);
  const cause = causeIn(alerted, first, { opening, troubles, changes, deploys: deploys(series(VERSIONS), changes) });
  return known(cause, seen, unread);
}

interface Context {
  readonly opening: string;
  readonly troubles: readonly SeenLine[];
  readonly changes: readonly SeenLine[];
  readonly deploys: readonly SeenDeploy[];
}

/** From a service that suffers to the one that it names, and on, until one names nobody. */
function causeIn(
  alerted: string,
  { measure, courses: all }: Seen,
  { opening, troubles, changes, deploys: found }: Context,
): Cause {
  const risen = all.filter(hasRisen);
  const start = risen.find(({ service }) => service === alerted) ?? risen[0]!;
  const since = (line: SeenLine): boolean => line.last >= start.roseAt! - SLACK;
  const complaints = troubles.filter(since);
  let component = start.seen.labels[measure.of] ?? start.service;
  const passed = new Set([component]);
  while (measure.passedOn) {
    const named = complaints.find(({ fields }) => fields.service === component && fields.upstream)?.fields.upstream;
    if (typeof named !== 'string' || passed.has(named)) break;
    passed.add((component = named));
  }
  const course = risen.find(({ seen }) => seen.labels[measure.of] === component);
  const before = (at: number): boolean => at <= start.roseAt! + SLACK && at > start.roseAt! - REACH;
  const flag = changes.findLast(({ fields, at }) => fields.service === component && fields.flag && before(at));
  return {
    component,
    measure,
    course,
    flag,
    recorded: recordedChange(opening, flag ? String(flag.fields.flag) : component),
    deploy: found.find(({ service, at }) => service === component && before(at)),
    own: complaints.find(({ fields }) => fields.service === component && !fields.upstream),
    blamed: complaints.find(({ fields }) => fields.upstream === component || fields.database === component),
  };
}

function known(cause: Cause, seen: readonly Seen[], unread: readonly string[]): ComposedReport {
  const { component, measure, course, deploy, flag, recorded, own, blamed } = cause;
  const change = deploy
    ? `the deploy of ${deploy.version} (revision ${deploy.revision}) at ${clock(deploy.at)} UTC`
    : flag
      ? `the flag ${String(flag.fields.flag)} at ${clock(flag.at)} UTC`
      : recorded && `the change ${recorded.id}`;
  const figure = course ? told(measure, course) : `it is named by ${String(blamed?.fields.service)}`;
  const line = own ?? blamed;
  const says = line ? ` The log of ${String(line.fields.service)} says: ${String(line.fields.msg)}.` : '';
  const risen = seen.flatMap(({ measure: of, courses: all }) => all.filter(hasRisen).map((one) => ({ of, one })));
  return {
    headline: `${component}: ${course ? `${measure.name} rose` : `${String(blamed?.fields.service)} names it`}${change ? `, after ${change}` : ''}`,
    what_is_happening: `${risen.map(({ of, one }) => `${ownerOf(of, one)}: ${told(of, one)}`).join('; ')}.`,
    root_cause: {
      statement: `${component}: ${figure}${change ? `, after ${change}` : '; no change of it was seen'}.${says}`,
      component,
      change: deploy?.revision ?? recorded?.id ?? null,
      confidence: change && line ? 'high' : change || line ? 'medium' : 'low',
    },
    affected: [...new Set([...risen.map(({ one }) => one.service), component])],
    evidence: [
      ...risen.map(({ of, one }) => evidence(`${ownerOf(of, one)}: ${told(of, one)}`, one.seen)),
      ...(deploy ? [evidence(`${component} runs ${deploy.version}`, deploy.seen)] : []),
      ...(flag ? [evidence(`the flag ${String(flag.fields.flag)} was switched`, flag)] : []),
      ...(recorded ? [evidence(`the change ${recorded.id} came before`, { handle: 'o6', quote: recorded.line })] : []),
      ...(own ? [evidence(`${component} says what is wrong`, own)] : []),
      ...(blamed ? [evidence(`${String(blamed.fields.service)} names ${component}`, blamed)] : []),
    ],
    ruled_out: seen.flatMap(({ measure: of, courses: all }) =>
      all.filter((one) => !hasRisen(one)).map((one) => `${ownerOf(of, one)}: ${told(of, one)}`),
    ),
    actions: [{ action: actionFor(cause), urgency: 'now' }],
    could_not_check: [...unread, 'What the code does: there is no tool that reads it.'],
    flags: [],
  };
}

/** Nothing rose: that is the finding, and no cause is invented. */
function unknown(seen: readonly Seen[], unread: readonly string[]): ComposedReport {
  const all = seen.flatMap(({ measure, courses: of }) => of.map((one) => ({ measure, one })));
  return {
    headline: 'None of the figures looked at has risen; the cause of the alert is unknown',
    what_is_happening:
      all.map(({ measure, one }) => `${ownerOf(measure, one)}: ${told(measure, one)}`).join('; ') || 'Unknown.',
    root_cause: { statement: 'Nothing was found.', component: 'unknown', change: null, confidence: 'unknown' },
    affected: [],
    evidence: all.map(({ measure, one }) => evidence(`${ownerOf(measure, one)}: ${told(measure, one)}`, one.seen)),
    ruled_out: [],
    actions: [{ action: "Evaluate the alert's own expression and look whether it still fires", urgency: 'today' }],
    could_not_check: unread,
    flags: [],
  };
}

function actionFor({ component, deploy, flag, measure }: Cause): string {
  if (deploy) return `Roll ${component} back from ${deploy.version} to ${deploy.previousVersion}`;
  if (flag) return `Switch the flag ${String(flag.fields.flag)} of ${component} off`;
  return `Look into ${component}: ${measure.name}`;
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
  { handle, quote }: { handle: string; quote: string },
): ComposedReport['evidence'][number] {
  return { claim, source: handle, quote };
}

function hasRisen({ roseAt }: Course): boolean {
  return roseAt !== undefined;
}

function clock(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(11, 19);
}
