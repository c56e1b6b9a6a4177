import type { Client } from 'pg';
import { webhookOf } from './stand-ins';
import type { VigilInProcess } from './vigil-in-process';

const PAUSE_MS = 40;

/** A sender that does as Alertmanager does: what was not answered with 2xx is sent again until it is. */
export interface Posting {
  /** The fingerprints of what was answered with 2xx: the log that is compared with the database. */
  readonly acknowledged: readonly string[];
  /** How long each 503 took. */
  readonly refusedAfterMs: readonly number[];
  /** Answers that are neither. */
  readonly others: readonly number[];
  /** Ends when the alert in hand is acknowledged. */
  stop(): Promise<void>;
}

/** @returns what was acknowledged and is not stored */
export async function lostOf({ acknowledged }: Posting, sql: Client): Promise<string[]> {
  const { rows } = await sql.query<{ fingerprint: string }>('SELECT fingerprint FROM firings');
  const stored = new Set(rows.map(({ fingerprint }) => fingerprint));
  return acknowledged.filter((fingerprint) => !stored.has(fingerprint));
}

/** Posts alerts one after the other, each of a fingerprint of its own. */
export function keepPosting(vigil: Pick<VigilInProcess, 'call'>, prefix: string): Posting {
  const acknowledged: string[] = [];
  const refusedAfterMs: number[] = [];
  const others: number[] = [];
  let isStopped = false;

  const post = async (fingerprint: string): Promise<boolean> => {
    const begunMs = performance.now();
    // Resolved ones are stored as well, and cost no triage.
    const body = webhookOf(fingerprint, { status: 'resolved' });
    const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body });
    await answer.arrayBuffer();
    if (answer.status === 202) acknowledged.push(fingerprint);
    else if (answer.status === 503) refusedAfterMs.push(performance.now() - begunMs);
    else others.push(answer.status);
    return answer.status === 202;
  };
  const run = async (): Promise<void> => {
    for (let n = 0; !isStopped; n += 1) {
      while (!(await post(`${prefix}-${n}`))) await pause();
      await pause();
    }
  };
  const running = run();
  return {
    acknowledged,
    refusedAfterMs,
    others,
    stop: () => {
      isStopped = true;
      return running;
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
