import type { Client } from 'pg';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import { startBackend } from './backend-stand-in.ts';
import type { BenchContext, Figure } from './bench.ts';
import { startModel } from './model-stand-in.ts';
import { connect, startPostgres } from './postgres.ts';
import { percentile } from './statistics.ts';
import { untilFinished } from './until-finished.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

const ASKING_TURNS = 12;
const QUERY_MS = 5;

/**
 * What a turn takes beyond the model and the tool: from the end of an answer to the next request, less the time for which
 * the tool's backend had the query. Between them lie three commits. Beside it: one bare commit.
 */
export async function turn(context: BenchContext): Promise<readonly Figure[]> {
  const postgres = await startPostgres(context);
  const databaseUrl = await postgres.migratedDatabase();
  const turns = new TurnClock();
  const model = await startModel({ askingTurns: ASKING_TURNS, seen: (what, atMs) => turns.model(what, atMs) });
  context.undo(() => model.stop());
  const backend = await startBackend({ delayMs: QUERY_MS, took: (ms) => turns.tool(ms) });
  context.undo(() => backend.stop());
  const settings = { database_url: databaseUrl, claude_base_url: model.url, prometheus_endpoint: backend.url };
  const vigil = await startVigil(context, settings);
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: 1 });
  context.undo(() => Promise.resolve(client.close()));
  const sql = await connect(databaseUrl, context);
  await sql.query('CREATE TABLE bare_commits (at timestamptz)');

  const [warmUps, triages] = context.short ? [0, 1] : [3, 20];
  const commits: number[] = [];
  for (let i = 0; i < warmUps + triages; i += 1) {
    if (i === warmUps) turns.beyond.length = 0;
    turns.forget();
    await client.post(webhookBody(newAlerts(1)));
    await untilFinished(sql, i + 1);
    for (let j = 0; j < ASKING_TURNS; j += 1) commits.push(await bareCommit(sql));
  }
  return [figureOf('p50', 0.5, turns.beyond, commits), figureOf('p95', 0.95, turns.beyond, commits)];
}

function figureOf(figure: string, share: number, beyond: readonly number[], commits: readonly number[]): Figure {
  const value = percentile(beyond, share);
  const calibration = percentile(commits, share);
  return { figure, value, unit: 'ms', calibration, ratio: value / calibration };
}

/** One triage at a time, one call a turn: what lies between an answer and the next request is known. */
class TurnClock {
  readonly beyond: number[] = [];
  private answeredMs: number | undefined;
  private toolMs = 0;

  forget(): void {
    this.answeredMs = undefined;
  }

  model(what: 'request' | 'answered', atMs: number): void {
    if (what === 'answered') {
      this.answeredMs = atMs;
      this.toolMs = 0;
    } else if (this.answeredMs !== undefined) {
      this.beyond.push(atMs - this.answeredMs - this.toolMs);
    }
  }

  tool(ms: number): void {
    this.toolMs += ms;
  }
}

async function bareCommit(sql: Client): Promise<number> {
  const startedMs = performance.now();
  await sql.query('INSERT INTO bare_commits VALUES (now())');
  return performance.now() - startedMs;
}
