import { setTimeout as delay } from 'node:timers/promises';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import { startBackend } from './backend-stand-in.ts';
import { BenchStopped } from './bench.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { startModel } from './model-stand-in.ts';
import { startPostgres } from './postgres.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import type { VigilProcess } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

/** What is promised: after a kill a lease and so much, after the end of a drain so much. Seconds. */
const FINDING_SECONDS = 3;
const HAND_OVER_SECONDS = 2;

const TIMES = 3;
const LIMIT_MS = 120_000;
const POLL_MS = 2;

/** One triage whose model never answers, the process that runs it, and another one that has nothing to do. */
interface Pair {
  readonly owner: VigilProcess;
  /** When the model was asked, each time, on `performance.now()`. */
  readonly askedMs: readonly number[];
}

/**
 * From the end of a triage's process to the next request to its model, by another process that was there: after SIGKILL,
 * and after SIGTERM with nothing left of the drain. Each three times, side by side, and the worst of them counts. Beside
 * it: what is promised.
 */
export const resume: Bench = async (context) => {
  const leaseSeconds = context.short ? 2 : 30;
  const postgres = await startPostgres(context);
  const backend = await startBackend({ delayMs: 0 });
  context.undo(() => backend.stop());
  const pairs = async (): Promise<Pair[]> => {
    const made: Pair[] = [];
    for (let i = 0; i < (context.short ? 1 : TIMES); i += 1) {
      made.push(await startPair(context, await postgres.migratedDatabase(), backend.url, leaseSeconds));
    }
    return made;
  };

  const killed = await resumedAfter('SIGKILL', await pairs());
  context.note(`after SIGKILL: ${inWords(killed)}`);
  const ended = await resumedAfter('SIGTERM', await pairs());
  context.note(`after SIGTERM: ${inWords(ended)}`);
  return [figure('kill', killed, leaseSeconds + FINDING_SECONDS), figure('sigterm', ended, HAND_OVER_SECONDS)];
};

async function startPair(
  context: BenchContext,
  databaseUrl: string,
  backendUrl: string,
  leaseSeconds: number,
): Promise<Pair> {
  const askedMs: number[] = [];
  const model = await startModel({ seen: (what, atMs) => what === 'request' && askedMs.push(atMs) });
  context.undo(() => model.stop());
  const settings = {
    database_url: databaseUrl,
    claude_base_url: model.url,
    prometheus_endpoint: backendUrl,
    lease_seconds: String(leaseSeconds),
  };
  const owner = await startVigil(context, settings);
  const client = new WebhookClient({ url: owner.url, token: TOKEN, connections: 1 });
  await client.post(webhookBody(newAlerts(1)));
  client.close();
  await untilAsked(askedMs, 1);
  await startVigil(context, settings);
  return { owner, askedMs };
}

/** @returns seconds, one for each pair */
function resumedAfter(signal: NodeJS.Signals, pairs: readonly Pair[]): Promise<number[]> {
  return Promise.all(
    pairs.map(async ({ owner, askedMs }, i) => {
      /* at different moments between two renewals of the lease */
      await delay(i * 3_000);
      const sentMs = performance.now();
      process.kill(owner.pid, signal);
      await untilAsked(askedMs, 2);
      return (askedMs[1]! - sentMs) / 1000;
    }),
  );
}

async function untilAsked(askedMs: readonly number[], times: number): Promise<void> {
  const endsMs = performance.now() + LIMIT_MS;
  while (askedMs.length < times) {
    if (performance.now() > endsMs) throw new BenchStopped('a triage was not gone on with in two minutes');
    await delay(POLL_MS);
  }
}

function figure(name: string, seconds: readonly number[], promised: number): Figure {
  const value = Math.max(...seconds);
  return { figure: name, value, unit: 's', calibration: promised, ratio: value / promised };
}

function inWords(seconds: readonly number[]): string {
  return seconds.map((value) => `${value.toFixed(2)} s`).join(', ');
}
