import { monitorEventLoopDelay } from 'node:perf_hooks';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import type { BenchContext, Figure } from './bench.ts';
import { forkPart } from './fork-part.ts';
import { bareNode, peakRssMegabytes } from './memory.ts';
import { loopDelayP99Ms } from './metrics.ts';
import { connect, startPostgres } from './postgres.ts';
import type { StandInUrls } from './stand-ins-process.ts';
import { untilFinished } from './until-finished.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

/** prom-client's own; the two delays are measured alike. Milliseconds. */
const LOOP_DELAY_RESOLUTION_MS = 10;

/**
 * Many triages at once, each with a model that streams for two seconds a turn: how long the process' event loop is held,
 * by its own metric, and how much memory it takes at most. Beside it: the loop of this process at the same time, which
 * has nothing to do, and the memory of a Node that does nothing.
 */
export async function crowd(context: BenchContext): Promise<readonly Figure[]> {
  const [size, streamMs] = context.short ? [20, 200] : [200, 2000];
  const postgres = await startPostgres(context);
  const databaseUrl = await postgres.migratedDatabase();
  const standIns = { model: { askingTurns: 3, callsPerTurn: 2, streamMs }, backend: { delayMs: 20 } };
  const { model, backend } = await forkPart<StandInUrls>('stand-ins-process.ts', standIns, context);
  const vigil = await startVigil(context, {
    database_url: databaseUrl,
    claude_base_url: model,
    prometheus_endpoint: backend,
    max_concurrent_triages: String(size),
  });
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: 2 });
  context.undo(() => Promise.resolve(client.close()));
  const sql = await connect(databaseUrl, context);
  const idle = await bareNode(context);

  const bodies = [newAlerts(size / 2), newAlerts(size / 2)].map(webhookBody);
  await loopDelayP99Ms(vigil.opsUrl); // the start's own delays
  const own = monitorEventLoopDelay({ resolution: LOOP_DELAY_RESOLUTION_MS });
  own.enable();
  const startedMs = performance.now();
  await client.postAll(bodies);
  await untilFinished(sql, size);
  context.note(`${size} triages in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return [
    {
      figure: 'loop_delay_p99',
      value: await loopDelayP99Ms(vigil.opsUrl),
      unit: 'ms',
      calibration: own.percentile(99) / 1e6,
    },
    {
      figure: 'rss',
      value: peakRssMegabytes(vigil.pid),
      unit: 'MB',
      calibration: peakRssMegabytes(idle),
    },
  ];
}
