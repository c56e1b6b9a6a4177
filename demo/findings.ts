import type { SeenCommit, SeenLine, SeenSeries } from './reading.ts';

/** How a figure of one service went over the range. */
export interface Course {
  readonly service: string;
  readonly before: number;
  /** Since it rose; the mean of all where it did not. */
  readonly after: number;
  /** When it left its usual level for good; absent when it did not. */
  readonly roseAt?: number;
  readonly seen: SeenSeries;
}

/** A version that was not there at the beginning of the range. */
export interface SeenDeploy {
  readonly service: string;
  readonly version: string;
  readonly revision: string;
  readonly previousVersion: string;
  /** From its start in the log, else from the first sample of its version. */
  readonly at: number;
  readonly seen: SeenSeries;
  readonly start?: SeenLine;
}

/** What the results of this run say about the cause; every part may be missing. */
export interface Findings {
  readonly errors: readonly Course[];
  readonly cpu: readonly Course[];
  readonly deploys: readonly SeenDeploy[];
  readonly lines: readonly SeenLine[];
  /** Those that the opening message tells with their diffs. */
  readonly commits: readonly SeenCommit[];
}

export interface Cause {
  readonly course: Course;
  readonly deploy?: SeenDeploy;
  /** What that deploy brought. */
  readonly commit?: SeenCommit;
  /** An error line of its own. */
  readonly own?: SeenLine;
  /** An error line of another service that names it. */
  readonly blamed?: SeenLine;
}

/** A deploy can be the cause of what begins up to so long after it. */
const DEPLOY_REACH_SECONDS = 15 * 60;

/**
 * @param least how far above its usual level a value must be to count, beside four times that level
 */
export function courses(series: readonly SeenSeries[], least: number, factor = 4): Course[] {
  return series.flatMap((seen) => {
    const service = seen.labels.service;
    const points = seen.points.filter((p): p is { at: number; value: number } => p.value !== undefined);
    if (service === undefined || points.length < 6) return [];
    const usual = median(points.slice(0, Math.ceil(points.length / 3)).map((p) => p.value));
    const high = (i: number): boolean => (points[i]?.value ?? Infinity) > Math.max(usual * factor, usual + least);
    const rise = points.findIndex((_, i) => i + 1 < points.length && high(i) && high(i + 1) && high(points.length - 1));
    if (rise < 0) return [{ service, before: usual, after: seen.mean, seen }];
    /* the point of the rise still averages over good time before it */
    const after = points.slice(Math.min(rise + 2, points.length - 1)).map((p) => p.value);
    return [{ service, before: usual, after: median(after), roseAt: points[rise]!.at, seen }];
  });
}

/** @param starts log lines of services that start */
export function deploys(series: readonly SeenSeries[], starts: readonly SeenLine[]): SeenDeploy[] {
  return series.flatMap((seen) => {
    const { service = '', version = '', revision = '' } = seen.labels;
    const first = seen.points.findIndex((p) => p.value !== undefined);
    const before = series.find((s) => s.labels.service === service && s.points[0]?.value !== undefined);
    if (first <= 0 || !before || before === seen) return [];
    const previousVersion = before.labels.version ?? '';
    const start = starts.find(({ fields }) => fields.service === service && fields.revision === revision);
    return [{ service, version, revision, previousVersion, at: start?.at ?? seen.points[first]!.at, seen, start }];
  });
}

/**
 * The service in which the fault lies: its own errors rose, and either its own deploy came just before, or the others
 * name it while it names nobody. Undefined when nothing rose.
 */
export function causeIn({ errors, deploys: found, lines, commits }: Findings): Cause | undefined {
  const rose = errors.filter((course) => course.roseAt !== undefined);
  const candidates = rose.map((course): Cause => {
    const earlier = found.filter(
      (d) =>
        d.service === course.service && d.at <= course.roseAt! + 60 && d.at > course.roseAt! - DEPLOY_REACH_SECONDS,
    );
    const failures = lines.filter((l) => l.fields.level === 'error' && Number(l.fields.status) >= 500);
    const deploy = earlier.sort((a, b) => b.at - a.at)[0];
    return {
      course,
      deploy,
      commit: commits.find(({ revision }) => revision === deploy?.revision),
      own: failures.find((l) => l.fields.service === course.service && l.fields.upstream === undefined),
      blamed: failures.find((l) => l.fields.upstream === course.service),
    };
  });
  const weight = (cause: Cause): number =>
    (cause.deploy ? 4 : 0) + (cause.blamed ? 2 : 0) + (cause.own ? 1 : 0) + cause.course.after / 1000;
  return candidates.sort((a, b) => weight(b) - weight(a))[0];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
