import { causeIn } from './findings.ts';
import type { Cause, Course, Findings, SeenDeploy } from './findings.ts';

/** The input of `submit_report`, composed of what the results say and of nothing else. */
export interface ComposedReport {
  readonly headline: string;
  readonly what_is_happening: string;
  readonly root_cause: { statement: string; component: string; change: string | null; confidence: string };
  readonly affected: readonly string[];
  readonly evidence: readonly { claim: string; source: string; quote: string }[];
  readonly ruled_out: readonly string[];
  readonly actions: readonly { action: string; urgency: string }[];
  readonly could_not_check: readonly string[];
  readonly flags: readonly never[];
}

export function composeReport(findings: Findings, unread: readonly string[]): ComposedReport {
  const cause = causeIn(findings);
  return cause ? known(cause, findings, unread) : unknown(findings, unread);
}

function known(cause: Cause, findings: Findings, unread: readonly string[]): ComposedReport {
  const { course, deploy, commit, own, blamed } = cause;
  const { service } = course;
  const suffering = findings.errors.filter((c) => c.roseAt !== undefined && c.service !== service);
  const passedOn = suffering.length
    ? `; ${names(suffering)} ${suffering.length > 1 ? 'suffer' : 'suffers'} from it`
    : '';
  const after = deploy ? ` since the deploy of ${deploy.version} (revision ${deploy.revision})` : '';
  const said = own ? ` Its log says: ${String(own.fields.msg)}.` : '';
  const named = blamed ? ` ${String(blamed.fields.service)} names ${service} as the one that fails it.` : '';
  return {
    headline: `${service} fails ${percent(course.after)} of its requests${after}${passedOn}`,
    what_is_happening:
      `Seen since ${clock(course.roseAt!)} UTC: ` +
      [course, ...suffering]
        .map((c) => `${c.service} answers ${percent(c.after)} with 5xx (before: ${percent(c.before)})`)
        .join('; ') +
      '.',
    root_cause: {
      statement:
        (deploy
          ? `${service} ${deploy.version} (revision ${deploy.revision}) came at ${clock(deploy.at)} UTC. `
          : `No deploy of ${service} was seen. `) +
        `Its own requests began to fail by ${clock(course.roseAt!)} UTC: ${percent(course.before)} of them before, ${percent(course.after)} since.` +
        said +
        named,
      component: service,
      change: deploy?.revision ?? null,
      confidence: deploy && own && blamed ? 'high' : deploy || own ? 'medium' : 'low',
    },
    affected: [...suffering.map((c) => c.service), service],
    evidence: evidenceFor(cause, suffering),
    ruled_out: ruledOut(cause, findings),
    actions: actionsFor(cause),
    could_not_check: [
      ...unread,
      ...(deploy && !commit ? [`What revision ${deploy.revision} changed: no diff of it was told.`] : []),
    ],
    flags: [],
  };
}

/** Nothing rose: that is the finding, and no cause is invented. */
function unknown(findings: Findings, unread: readonly string[]): ComposedReport {
  const seen = findings.errors.map((c) => `${c.service} ${percent(c.after)} (before: ${percent(c.before)})`).join(', ');
  return {
    headline: 'No rise of errors was found in any service; the cause of the alert is unknown',
    what_is_happening: seen
      ? `Share of 5xx answers: ${seen}. None left its usual level.`
      : 'No service showed a share of errors.',
    root_cause: {
      statement:
        'Nothing was found: no service fails more of its requests than before. The alert may have ended, or its expression measures something else.',
      component: 'unknown',
      change: null,
      confidence: 'unknown',
    },
    affected: [],
    evidence: findings.errors.map(courseEvidence),
    ruled_out: findings.deploys.map((deploy) => `${deployed(deploy)}: the errors of ${deploy.service} did not rise.`),
    actions: [{ action: "Evaluate the alert's own expression and look whether it still fires", urgency: 'today' }],
    could_not_check: unread,
    flags: [],
  };
}

function evidenceFor(
  { course, deploy, commit, own, blamed }: Cause,
  suffering: readonly Course[],
): ComposedReport['evidence'] {
  const lines = [
    own && { claim: `${course.service} reports a fault of its own`, source: own.handle, quote: own.quote },
    blamed && {
      claim: `${String(blamed.fields.service)} is failed by ${course.service}`,
      source: blamed.handle,
      quote: blamed.quote,
    },
  ];
  const change = deploy && {
    claim: `${deployed(deploy)}, before its errors rose`,
    source: deploy.seen.handle,
    quote: deploy.seen.quote,
  };
  const start = deploy?.start && {
    claim: `${course.service} started its version ${deploy.version}`,
    source: deploy.start.handle,
    quote: deploy.start.quote,
  };
  const diff = commit && {
    claim: `Revision ${commit.revision} changes ${commit.file}`,
    source: commit.handle,
    quote: commit.quote,
  };
  const all = [courseEvidence(course), change, diff, ...lines, start, ...suffering.map(courseEvidence)];
  return all.filter((e) => e !== undefined);
}

function courseEvidence(course: Course): ComposedReport['evidence'][number] {
  const { service, before, after, roseAt, seen } = course;
  const what = roseAt === undefined ? 'stayed at' : `rose from ${percent(before)} to`;
  return {
    claim: `The share of errors of ${service} ${what} ${percent(after)}`,
    source: seen.handle,
    quote: seen.quote,
  };
}

/** Every other deploy, with the reason why it is not the cause, and what made it look guilty. */
function ruledOut(cause: Cause, findings: Findings): string[] {
  return findings.deploys
    .filter((deploy) => deploy.service !== cause.course.service)
    .map((deploy) => {
      const own = findings.errors.find((c) => c.service === deploy.service);
      const cpu = findings.cpu.find((c) => c.service === deploy.service);
      const errors = own
        ? `its own errors did not rise (${percent(own.before)} before, ${percent(own.after)} after)`
        : 'it shows no errors of its own';
      const minutes = Math.round((deploy.at - cause.course.roseAt!) / 60);
      const late = minutes > 0 ? `, and the errors began ${minutes} min before it` : '';
      const busy =
        cpu?.roseAt === undefined
          ? ''
          : ` Its CPU rose from ${cpu.before.toFixed(2)} to ${cpu.after.toFixed(2)} cores, but it answers.`;
      return `${deployed(deploy)}: ${errors}${late}.${busy}`;
    });
}

function actionsFor({ course, deploy, own }: Cause): ComposedReport['actions'] {
  const first = deploy
    ? `Roll ${course.service} back from ${deploy.version} to ${deploy.previousVersion}`
    : `Look into ${course.service}: its own requests fail`;
  const fix = own ? [{ action: `Fix before the next deploy: ${String(own.fields.msg)}`, urgency: 'today' }] : [];
  return [{ action: first, urgency: 'now' }, ...fix];
}

function deployed({ service, version, revision, at }: SeenDeploy): string {
  return `${service} ${version} (revision ${revision}), deployed at ${clock(at)} UTC`;
}

function names(found: readonly Course[]): string {
  return found.map((c) => c.service).join(' and ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function clock(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(11, 19);
}
