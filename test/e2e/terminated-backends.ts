import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { endSessions } from '../database/sessions';
import { violations } from '../invariants/invariants.ts';
import { until } from '../until';
import { hurry } from './hurry';
import { keepPosting, lostOf } from './posting';
import { webhookOf } from './stand-ins';
import type { VigilWithWorld } from './vigil-with-world';

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
    await endSessions(sql);
    await delay(everyMs);
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
      await hurry(sql);
      const { rows } = await sql.query(
        `SELECT 1 FROM triages t JOIN deliveries d ON d.subject_id = t.id
         WHERE t.outcome = 'complete' AND d.state = 'delivered'`,
      );
      return rows.length === triages;
    },
    60_000,
  );
}
