import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import type { BenchAlert } from './alert-bodies.ts';
import { bareInserts } from './bare-inserts.ts';
import type { BareInserts } from './bare-inserts.ts';
import type { BenchContext, Figure } from './bench.ts';
import { rssMegabytes } from './memory.ts';
import { loopDelayP99Ms } from './metrics.ts';
import { startModel } from './model-stand-in.ts';
import { connect, startPostgres } from './postgres.ts';
import { median, percentile } from './statistics.ts';
import { postSteadily } from './steady-posts.ts';
import type { AnsweredPost } from './steady-posts.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import type { VigilProcess } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

/** As many as one Alertmanager sends at once without a thought: it opens one for each group. */
const CONNECTIONS = 400;
/** Single alerts a second beside the large bodies. */
const SINGLES_PER_SECOND = 100;
const WEBHOOKS_PER_SECOND = 200;

/** What all parts of the bench share. */
interface Flooded {
  readonly context: BenchContext;
  readonly vigil: VigilProcess;
  readonly client: WebhookClient;
  readonly sql: Client;
  readonly bare: BareInserts;
}

/**
 * What the intake does when alerts come in masses: how long a single alert waits beside bodies of ten thousand, how long
 * these take, a minute of 200 webhooks a second, and 5,000 alerts at once. Nothing that was answered may be missing.
 */
export async function flood(context: BenchContext): Promise<readonly Figure[]> {
  const postgres = await startPostgres(context);
  const ours = await postgres.migratedDatabase();
  /* the workers must not disturb: one place, and its triage waits for the model to the end */
  const model = await startModel({});
  context.undo(() => model.stop());
  const vigil = await startVigil(context, {
    database_url: ours,
    claude_base_url: model.url,
    prometheus_endpoint: model.url,
    max_concurrent_triages: '1',
    llm_timeout_seconds: '3600',
  });
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: CONNECTIONS });
  context.undo(() => Promise.resolve(client.close()));
  const sql = await connect(ours, context);
  const bare = await bareInserts(await postgres.migratedDatabase(), 8, context);
  const flooded = { context, vigil, client, sql, bare };

  await client.postAll(Array.from({ length: context.short ? 50 : 2_000 }, () => webhookBody(newAlerts(1)))); // warm
  const calmMs = await calm(flooded);
  return [...(await largeBodies(flooded, calmMs)), await steadyMinute(flooded, calmMs), await storm(flooded)];
}

/** @returns the p99 of single alerts when nothing else comes in, in milliseconds */
async function calm({ context, client }: Flooded): Promise<number> {
  const posts = await postSteadily(client, SINGLES_PER_SECOND, during(context.short ? 500 : 10_000));
  return p99(posts);
}

async function largeBodies(flooded: Flooded, calmMs: number): Promise<Figure[]> {
  const { context, client, bare } = flooded;
  const [count, size] = context.short ? [2, 1_000] : [8, 10_000];
  const bodies = Array.from({ length: count + 1 }, () => newAlerts(size));
  await client.post(webhookBody(bodies.pop()!)); // the first of its kind compiles the code for it
  const sent = bodies.map(webhookBody);
  let posted = false;
  const singles = postSteadily(client, SINGLES_PER_SECOND, () => posted);
  const bodyMs: number[] = [];
  for (const body of sent) bodyMs.push(await timed(() => client.post(body)));
  posted = true;
  const beside = await singles;
  const prepared = bodies.map((body) => bare.prepare([body]));
  const bareMs: number[] = [];
  for (const body of prepared) bareMs.push(await timed(() => bare.storeAll(body)));
  const lost = await lostOf(flooded, [...fingerprintsOf(beside), ...bodies.flatMap(fingerprintsOf)]);
  context.note(
    `${count} bodies of ${size} beside ${beside.length} single alerts; a body at most ${Math.round(Math.max(...bodyMs))} ms, ` +
      `a single alert at most ${Math.round(Math.max(...beside.map(({ ms }) => ms)))} ms`,
  );
  const [value, calibration] = [p99(beside), calmMs];
  const [body, bareBody] = [median(bodyMs), median(bareMs)];
  return [
    { figure: 'beside_10000', value, unit: 'ms', calibration, ratio: value / calibration, more: { lost } },
    { figure: 'body_10000', value: body, unit: 'ms', calibration: bareBody, ratio: body / bareBody },
  ];
}

/** A minute of single webhooks, and what a look each second shows of the process meanwhile. */
async function steadyMinute(flooded: Flooded, calmMs: number): Promise<Figure> {
  const { context, client, vigil } = flooded;
  await loopDelayP99Ms(vigil.opsUrl); // what was before
  const ended = during(context.short ? 2_000 : 60_000);
  const watching = watch(vigil, ended);
  const posts = await postSteadily(client, WEBHOOKS_PER_SECOND, ended);
  const { rss, notReady } = await watching;
  const third = Math.ceil(rss.length / 3);
  const value = p99(posts);
  const more = {
    webhooks: posts.length,
    lost: await lostOf(flooded, fingerprintsOf(posts)),
    not_ready: notReady,
    rss_first_third: Math.max(...rss.slice(0, third)),
    rss_last_third: Math.max(...rss.slice(-third)),
    loop_delay_p99: await loopDelayP99Ms(vigil.opsUrl),
  };
  return { figure: 'per_second_200', value, unit: 'ms', calibration: calmMs, ratio: value / calmMs, more };
}

/** Alerts of as many fingerprints, each in a webhook of its own, as fast as they can be posted. */
async function storm(flooded: Flooded): Promise<Figure> {
  const { context, client, bare } = flooded;
  const alerts = Array.from({ length: context.short ? 200 : 5_000 }, () => newAlerts(1));
  const bodies = alerts.map(webhookBody);
  const value = await timed(() => client.postAll(bodies));
  const prepared = bare.prepare(alerts);
  const calibration = await timed(() => bare.storeAll(prepared));
  const lost = await lostOf(flooded, alerts.flatMap(fingerprintsOf));
  return { figure: 'storm_5000', value, unit: 'ms', calibration, ratio: value / calibration, more: { lost } };
}

/** A look each second: memory in megabytes, and how often it was not ready or did not say. */
async function watch(vigil: VigilProcess, ended: () => boolean): Promise<{ rss: number[]; notReady: number }> {
  const rss: number[] = [];
  let notReady = 0;
  while (!ended()) {
    rss.push(rssMegabytes(vigil.pid));
    const ready = await fetch(`${vigil.url}/-/ready`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (ready?.status !== 200) notReady += 1;
    await ready?.arrayBuffer();
    await delay(1_000);
  }
  return { rss, notReady };
}

/** How many of them are not stored with their triage. */
async function lostOf({ sql }: Flooded, fingerprints: readonly string[]): Promise<number> {
  const { rows } = await sql.query<{ stored: number }>(
    `SELECT count(DISTINCT f.fingerprint)::int AS stored
     FROM firings f JOIN triage_firings tf ON tf.firing_id = f.id WHERE f.fingerprint = ANY ($1)`,
    [fingerprints],
  );
  return fingerprints.length - rows[0]!.stored;
}

function fingerprintsOf(alerts: readonly Pick<BenchAlert, 'fingerprint'>[]): string[] {
  return alerts.map(({ fingerprint }) => fingerprint);
}

function p99(posts: readonly AnsweredPost[]): number {
  return percentile(
    posts.map(({ ms }) => ms),
    0.99,
  );
}

/** @returns whether so much time has passed since */
function during(ms: number): () => boolean {
  const endsMs = performance.now() + ms;
  return () => performance.now() >= endsMs;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
