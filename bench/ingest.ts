import { bareInserts } from './bare-inserts.ts';
import type { BareInserts } from './bare-inserts.ts';
import type { BenchContext, Figure } from './bench.ts';
import { BenchStopped } from './bench.ts';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import { forkPart } from './fork-part.ts';
import { startModel } from './model-stand-in.ts';
import { connect, startPostgres } from './postgres.ts';
import { median } from './statistics.ts';
import { startVigil, TOKEN } from './vigil-process.ts';
import { WebhookClient } from './webhook-client.ts';

const CLIENTS = 8;

interface Rate {
  readonly vigil: number;
  readonly bare: number;
}

/**
 * Alerts a second that the service stores and answers, beside the same rows stored by nothing but Postgres. Both take
 * turns, so that a machine that is slow for a while is slow for both.
 */
export async function ingest(context: BenchContext): Promise<readonly Figure[]> {
  const postgres = await startPostgres(context);
  const ours = await postgres.migratedDatabase();
  const theirs = await postgres.migratedDatabase();
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
  const client = new WebhookClient({ url: vigil.url, token: TOKEN, connections: CLIENTS });
  context.undo(() => Promise.resolve(client.close()));
  const bare = await bareInserts(theirs, CLIENTS, context);

  const sizes = context.short ? { ones: 40, hundreds: 8, rounds: 1 } : { ones: 1500, hundreds: 60, rounds: 7 };
  const ones = await rounds(context, client, bare, { bodies: sizes.ones, alerts: 1, rounds: sizes.rounds });
  const hundreds = await rounds(context, client, bare, { bodies: sizes.hundreds, alerts: 100, rounds: sizes.rounds });
  await checkStored(context, ours, theirs);
  const bareServer = await bareServerRate(context, theirs, bare, { bodies: sizes.ones, rounds: sizes.rounds });
  return [
    figureOf('bodies_of_1', 'alerts/s', ones),
    figureOf('bodies_of_100', 'alerts/s', hundreds),
    figureOf('bare_server', 'requests/s', bareServer),
  ];
}

interface RoundSize {
  readonly bodies: number;
  readonly alerts: number;
  readonly rounds: number;
}

/** The first round warms both up and does not count. */
async function rounds(
  context: BenchContext,
  client: WebhookClient,
  bare: BareInserts,
  size: RoundSize,
): Promise<Rate[]> {
  const rates: Rate[] = [];
  for (let round = 0; round <= size.rounds; round += 1) {
    const rate = {
      bare: await alertsPerSecond(size, bare.prepare(bodiesOf(size)), (bodies) => bare.storeAll(bodies)),
      vigil: await alertsPerSecond(size, bodiesOf(size).map(webhookBody), (bodies) => client.postAll(bodies)),
    };
    context.note(
      `bodies of ${size.alerts}, ${round === 0 ? 'warm-up' : `round ${round}`}: ${Math.round(rate.vigil)} alerts/s ` +
        `of ${Math.round(rate.bare)}, ratio ${(rate.vigil / rate.bare).toFixed(3)}`,
    );
    if (round > 0) rates.push(rate);
  }
  return rates;
}

function bodiesOf({ bodies, alerts }: RoundSize) {
  return Array.from({ length: bodies }, () => newAlerts(alerts));
}

async function alertsPerSecond<T>(
  { bodies, alerts }: RoundSize,
  prepared: T,
  work: (prepared: T) => Promise<void>,
): Promise<number> {
  const startedMs = performance.now();
  await work(prepared);
  return (bodies * alerts * 1000) / (performance.now() - startedMs);
}

/** What a server costs that does nothing: read a body, commit one row, answer. */
async function bareServerRate(
  context: BenchContext,
  databaseUrl: string,
  bare: BareInserts,
  size: Omit<RoundSize, 'alerts'>,
): Promise<Rate[]> {
  const { url } = await forkPart<{ url: string }>('bare-server-process.ts', { databaseUrl, clients: CLIENTS }, context);
  const client = new WebhookClient({ url, token: TOKEN, connections: CLIENTS });
  context.undo(() => Promise.resolve(client.close()));
  return rounds(context, client, bare, { ...size, alerts: 1 });
}

/** A rate of alerts that were not stored would be none. */
async function checkStored(context: BenchContext, ...databases: readonly string[]): Promise<void> {
  const counts: string[] = [];
  for (const url of databases) {
    const client = await connect(url, context);
    const { rows } = await client.query<{ stored: string }>(
      `SELECT concat_ws(' ', (SELECT count(*) FROM firings), (SELECT count(*) FROM triages),
         (SELECT count(*) FROM triage_firings)) AS stored`,
    );
    counts.push(rows[0]!.stored);
  }
  if (new Set(counts).size > 1) throw new BenchStopped(`not the same rows were stored: ${counts.join(' and ')}`);
}

function figureOf(figure: string, unit: string, rates: readonly Rate[]): Figure {
  return {
    figure,
    value: median(rates.map(({ vigil }) => vigil)),
    unit,
    calibration: median(rates.map(({ bare }) => bare)),
    ratio: median(rates.map(({ vigil, bare }) => vigil / bare)),
  };
}
