import type { Client } from 'pg';
import { violations } from '../invariants/invariants.ts';
import { until } from '../until';
import { webhookOf } from './stand-ins';
import { keepPosting, lostOf } from './posting';
import type { VigilWithWorld } from './vigil-with-world';

const TERMINATE = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Lets pauses and leases pass where they are kept; what the only worker runs, it does not take again. */
const HURRY = `
  UPDATE triages SET due_at = now() WHERE status = 'queued' AND due_at > now();
  UPDATE triages SET lease_until = now() WHERE status = 'running' AND lease_until > now();
  UPDATE deliveries SET lease_until = now() WHERE lease_until > now()`;

/** Plays F14: ends every connection of the program again and again; each time a triage has begun, and alerts come in. */
export async function playTerminatedBackends(
  vigil: VigilWithWorld,
  { times, everyMs }: { readonly times: number; readonly everyMs: number },
): Promise<{
  readonly others: readonly number[];
  readonly lost: readonly string[];
  readonly broken: readonly string[];
}> {
  const { sql, world } = vigil;
  const posting = keepPosting(vigil, 'meanwhile');
  for (let n = 0; n < times; n += 1) {
    await until('a triage is queued', async () => {
      const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(`triage-${n}`) });
      return answer.status === 202;
    });
    await sql.query(TERMINATE);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await posting.stop();
  await untilAllAreTold(sql, times);
  const seen = { model: world.anthropic, slack: world.slack, leaseSeconds: 30 };
  return { others: posting.others, lost: await lostOf(posting, sql), broken: await violations(sql, seen) };
}

async function untilAllAreTold(sql: Client, triages: number): Promise<void> {
  await until(
    'all triages end well and are told of',
    async () => {
      await sql.query(HURRY);
      const { rows } = await sql.query(
        `SELECT 1 FROM triages t JOIN deliveries d ON d.subject_id = t.id
         WHERE t.outcome = 'complete' AND d.state = 'delivered'`,
      );
      return rows.length === triages;
    },
    60_000,
  );
}
