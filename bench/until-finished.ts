import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { BenchStopped } from './bench.ts';

const POLL_MS = 20;
const LIMIT_MS = 120_000;

/** Waits until so many triages have their report. Another end would be another measurement. */
export async function untilFinished(sql: Client, count: number): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const { rows } = await sql.query<{ reported: number; other: number }>(
      `SELECT count(*) FILTER (WHERE outcome = 'complete')::int AS reported,
              count(*) FILTER (WHERE outcome <> 'complete')::int AS other FROM triages WHERE status = 'finished'`,
    );
    const { reported, other } = rows[0]!;
    if (other > 0) throw new BenchStopped(`${other} triage(s) ended without a complete report`);
    if (reported >= count) return;
    if (performance.now() > deadline) throw new BenchStopped(`${reported} of ${count} triages ended in two minutes`);
    await delay(POLL_MS);
  }
}
