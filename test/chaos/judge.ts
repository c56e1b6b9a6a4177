import { violations as invariantViolations } from '../invariants/invariants.ts';
import { answeredCalls } from '../invariants/model-calls.ts';
import { postsOf } from '../invariants/posts.ts';
import { LEASE_SECONDS } from './chaos-run.ts';
import type { SeenRun } from './chaos-run.ts';
import { errorViolations, lifeViolations, logCanaries } from './lives.ts';
import { modelRepeats, postRepeats, queryRepeats, readRecord } from './losses.ts';
import { writerViolations } from './writers.ts';

/** The closing table of a run, and what did not hold. */
export interface Judgement {
  readonly figures: Readonly<Record<string, string | number>>;
  readonly violations: readonly string[];
}

/** Reads the invariants from the database and from the journals. */
export async function judge({ sql, lives, faults, world, alertmanager, unfinished }: SeenRun): Promise<Judgement> {
  const record = await readRecord(sql);
  const slackPosts = world.posts.map(({ post }) => post);
  const answers = modelRepeats(world.modelCalls, record, faults);
  const queries = queryRepeats(world.backendCalls, record, faults);
  const posts = postRepeats(world.posts, faults);
  const violations = [
    ...unfinished,
    ...alertmanager.refusals.map((refusal) => `I1: an alert was refused: ${refusal}`),
    ...(await invariantViolations(sql, {
      model: world.anthropic,
      slack: { posts: slackPosts },
      acknowledged: alertmanager.acknowledged,
      leaseSeconds: LEASE_SECONDS,
      lostAnswers: answers.repeated,
      repeatedPosts: posts.repeated,
      secrets: world.secrets(),
    })),
    ...answers.violations,
    ...queries.violations,
    ...posts.violations,
    ...(await settledViolations(sql)),
    ...(await errorViolations(sql, lives, faults)),
    ...writerViolations(lives, record.turnAt),
    ...lifeViolations(lives, faults),
    ...logCanaries(lives, world.secrets()),
  ];
  const count = (...kinds: string[]): number => faults.filter(({ kind }) => kinds.includes(kind)).length;
  const alerts = new Set(alertmanager.acknowledged.map((alert) => `${alert.fingerprint} ${alert.startsAt}`));
  const figures = {
    kills: `${count('kill', 'term', 'stop')} (SIGKILL ${count('kill')}, SIGTERM ${count('term')}, SIGSTOP ${count('stop')})`,
    'Postgres restarts': `${count('fast', 'immediate', 'crash')} (fast ${count('fast')}, immediate ${count('immediate')}, SIGKILL ${count('crash')})`,
    'alerts acknowledged': `${alerts.size} (in ${alertmanager.acknowledged.length} acknowledgements)`,
    triages: await outcomes(sql),
    'model calls': `${world.modelCalls.length} (answered ${answeredCalls(world.anthropic.journal)})`,
    'repeated calls': `${answers.repeated} (allowed ${answers.allowed})`,
    'repeated queries': `${queries.repeated} of ${world.backendCalls.length} (allowed ${queries.allowed})`,
    'reports posted': postsOf(slackPosts).size,
    'duplicate posts': `${posts.repeated} (allowed ${posts.allowed})`,
    lost: violations.filter((violation) => violation.startsWith('I1')).length,
  };
  return { figures, violations };
}

type Sql = SeenRun['sql'];

/** P1, P5: each triage that has ended, and was not cancelled, has its report in the channel. */
async function settledViolations(sql: Sql): Promise<string[]> {
  const { rows: untold } = await sql.query<{ id: string; state: string | null; reason: string | null }>(
    `SELECT t.id, d.state, d.reason FROM triages t
     LEFT JOIN deliveries d ON d.subject_id = t.id AND d.kind = 'report' AND d.channel = 'slack'
     WHERE t.status = 'finished' AND t.outcome <> 'cancelled' AND d.state IS DISTINCT FROM 'delivered'`,
  );
  return untold.map(
    ({ id, state, reason }) => `P5: the report of triage ${id} is ${state ?? 'owed to nobody'} (${reason})`,
  );
}

async function outcomes(sql: Sql): Promise<string> {
  const { rows } = await sql.query<{ outcome: string; count: number }>(
    `SELECT COALESCE(outcome, status) AS outcome, count(*)::int AS count FROM triages GROUP BY 1 ORDER BY 2 DESC`,
  );
  const all = rows.reduce((sum, { count }) => sum + count, 0);
  return `${all} (${rows.map(({ outcome, count }) => `${outcome} ${count}`).join(', ')})`;
}
