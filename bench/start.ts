import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import { startBackend } from './backend-stand-in.ts';
import type { BenchContext, Figure } from './bench.ts';
import { bareNode, rssMegabytes } from './memory.ts';
import { readMetric } from './metrics.ts';
import { startModel } from './model-stand-in.ts';
import { killServerAtExit } from './postgres.ts';
import { median } from './statistics.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import type { VigilSettings } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

/** After it the process has nothing left to do but its polls. */
const IDLE_MS = 10_000;

/**
 * From the spawn of the program, with an embedded database that holds data, to its word that it listens; and what it
 * holds in memory when it has been idle for ten seconds. Beside it: a Node that does nothing.
 */
export async function start(context: BenchContext): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  context.undo(() => rm(folder, { recursive: true, force: true }));
  const model = await startModel({ askingTurns: 1 });
  context.undo(() => model.stop());
  const backend = await startBackend({ delayMs: 0 });
  context.undo(() => backend.stop());
  const dataDir = join(folder, 'vigil');
  killServerAtExit(dataDir);
  const settings = {
    data_dir: dataDir,
    allow_embedded_database: 'true',
    claude_base_url: model.url,
    prometheus_endpoint: backend.url,
  };
  await fillDatabase(context, settings);

  const [starts, idleMs] = context.short ? [1, 200] : [5, IDLE_MS];
  const ready: number[] = [];
  const bare: number[] = [];
  let rss = 0;
  for (let i = 0; i < starts; i += 1) {
    bare.push(await bareStartMs());
    const vigil = await startVigil(context, settings);
    context.note(`ready after ${Math.round(vigil.readyMs)} ms; node -e 0 took ${Math.round(bare.at(-1)!)} ms`);
    ready.push(vigil.readyMs);
    if (i === starts - 1) {
      await delay(idleMs);
      rss = rssMegabytes(vigil.pid);
    }
    await vigil.stop();
  }
  return [
    { figure: 'ready', value: median(ready), unit: 'ms', calibration: median(bare) },
    { figure: 'rss_idle', value: rss, unit: 'MB', calibration: rssMegabytes(await bareNode(context)) },
  ];
}

/** Fifty triages with their reports, and a thousand alerts that were over when they came. */
async function fillDatabase(context: BenchContext, settings: VigilSettings): Promise<void> {
  const vigil = await startVigil(context, settings);
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: 1 });
  const triages = context.short ? 5 : 50;
  await client.post(webhookBody(newAlerts(triages)));
  const resolved = newAlerts(1000).map((alert) => ({ ...alert, status: 'resolved' }));
  await client.post(webhookBody(resolved));
  while ((await readMetric(vigil.opsUrl, 'vigil_triages_total{outcome="complete"}')) < triages) await delay(100);
  client.close();
  await vigil.stop();
}

async function bareStartMs(): Promise<number> {
  const startedMs = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'close');
  return performance.now() - startedMs;
}
