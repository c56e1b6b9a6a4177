import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import type { BenchContext, Figure } from './bench.ts';
import { startBackend } from './backend-stand-in.ts';
import { startModel } from './model-stand-in.ts';
import { connect, startPostgres } from './postgres.ts';
import { percentile } from './statistics.ts';
import { untilFinished } from './until-finished.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

/**
 * From the 202 of a webhook to the first request to the model, one alert at a time on a process that has nothing else to
 * do, beside the round trip of a NOTIFY on the same server.
 */
export async function wakeUp(context: BenchContext): Promise<readonly Figure[]> {
  const postgres = await startPostgres(context);
  const databaseUrl = await postgres.migratedDatabase();
  let askedMs = 0;
  const model = await startModel({
    askingTurns: 0,
    seen: (what, atMs) => {
      if (what === 'request') askedMs = atMs;
    },
  });
  context.undo(() => model.stop());
  const backend = await startBackend({ delayMs: 0 });
  context.undo(() => backend.stop());
  const settings = { database_url: databaseUrl, claude_base_url: model.url, prometheus_endpoint: backend.url };
  const vigil = await startVigil(context, settings);
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: 1 });
  context.undo(() => Promise.resolve(client.close()));
  const sql = await connect(databaseUrl, context);
  const bell = await Bell.hang(databaseUrl, context);

  const [warmUps, samples] = context.short ? [1, 5] : [10, 100];
  const wakeUps: number[] = [];
  const roundTrips: number[] = [];
  for (let i = 0; i < warmUps + samples; i += 1) {
    /* any moment between two polls of the worker */
    await delay(50 + Math.random() * 100);
    await client.post(webhookBody(newAlerts(1)));
    const acceptedMs = performance.now();
    await untilFinished(sql, i + 1);
    const roundTripMs = await bell.ring();
    if (i < warmUps) continue;
    wakeUps.push(askedMs - acceptedMs);
    roundTrips.push(roundTripMs);
  }
  context.note(
    `p50 ${percentile(wakeUps, 0.5).toFixed(1)} ms, NOTIFY p50 ${percentile(roundTrips, 0.5).toFixed(1)} ms`,
  );
  const calibration = percentile(roundTrips, 0.95);
  const value = percentile(wakeUps, 0.95);
  return [{ figure: 'p95', value, unit: 'ms', calibration, ratio: value / calibration }];
}

/** A NOTIFY on one connection that another one hears. */
class Bell {
  private readonly ringer: Client;
  private readonly listener: Client;

  private constructor(ringer: Client, listener: Client) {
    this.ringer = ringer;
    this.listener = listener;
  }

  static async hang(url: string, context: BenchContext): Promise<Bell> {
    const listener = await connect(url, context);
    await listener.query('LISTEN bench');
    return new Bell(await connect(url, context), listener);
  }

  /** @returns how long it took, in milliseconds */
  async ring(): Promise<number> {
    const startedMs = performance.now();
    const heard = new Promise<number>((resolve) => {
      this.listener.once('notification', () => resolve(performance.now() - startedMs));
    });
    await this.ringer.query('NOTIFY bench');
    return heard;
  }
}
