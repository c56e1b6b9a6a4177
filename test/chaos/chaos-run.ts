import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { alertPlan } from './alert-plan.ts';
import type { PlannedBody } from './alert-plan.ts';
import { Alertmanager } from './alertmanager.ts';
import { hearCommits, tellOfCommits } from './database-moments.ts';
import { faultPlan } from './fault-plan.ts';
import type { RunSize } from './fault-plan.ts';
import { Faults } from './faults.ts';
import type { Fault } from './faults.ts';
import { Moments } from './moments.ts';
import { OwnPostgres } from './own-postgres.ts';
import { Replica, within } from './replica.ts';
import type { Life } from './life.ts';
import { Seeded } from './seeded.ts';
import { World } from './world.ts';

export const LEASE_SECONDS = 2;

/** What must have ended when the last fault has struck, and the last message be posted; in milliseconds. */
const FINISH_MS = 150_000;
const START_MS = 60_000;

const SETTINGS = {
  http_address: '127.0.0.1',
  http_port: '0',
  admin_address: '127.0.0.1',
  admin_port: '0',
  log_format: 'json',
  public_url: 'http://vigil.chaos.test',
  lease_seconds: String(LEASE_SECONDS),
  drain_seconds: '1',
  shutdown_budget_seconds: '15',
  max_concurrent_triages: '6',
  retriage_cooldown_seconds: '1',
  slack_messages_per_hour: '3600',
  // The alerts' own budgets are not what is tested here.
  max_tool_calls: '100',
  max_input_tokens: '100000000',
};

/** All that a run has seen, for its judges. */
export interface SeenRun {
  readonly sql: Client;
  readonly lives: readonly Life[];
  readonly faults: readonly Fault[];
  readonly world: World;
  readonly alertmanager: Alertmanager;
  /** What could not be waited for: in sentences. */
  readonly unfinished: readonly string[];
}

export interface RunOptions {
  readonly seed: number;
  readonly size: RunSize;
  readonly note: (text: string) => void;
  /** Undone in the opposite order, whatever happens. */
  readonly undo: (step: () => Promise<unknown>) => void;
}

/** Plays the run of a seed to its end. */
export async function playRun({ seed, size, note, undo }: RunOptions): Promise<SeenRun> {
  const seeded = new Seeded(`${seed}`);
  const moments = new Moments();
  const lives: Life[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'vigil-chaos-'));
  undo(() => rm(folder, { recursive: true, force: true }));
  const postgres = await OwnPostgres.start(folder, seeded.of('port'));
  undo(() => postgres.close());
  const world = await World.start(lives, moments, seeded.of('world'));
  undo(() => world.stop());
  const replicas = (['A', 'B'] as const).map((name) => {
    const settings = (life: number): Readonly<Record<string, string>> => ({
      ...SETTINGS,
      ...world.settingsOf(life, name),
      database_url: postgres.url,
    });
    return new Replica(name, lives, settings, moments);
  });
  for (const replica of replicas) replica.open();
  undo(() => Promise.all(replicas.map((replica) => replica.close())));
  if (!(await within(START_MS, () => replicas.every((replica) => replica.isListening()))))
    throw new Error(`the replicas did not start:\n${lives.map(({ log }) => log.join('\n')).join('\n')}`);

  const ended = new AbortController();
  await withClient(postgres.url, tellOfCommits);
  const listening = hearCommits(postgres.url, ended.signal, (name, triageId) =>
    moments.tell(name, runnerOf(triageId, lives)),
  );
  undo(() => {
    ended.abort();
    return listening;
  });

  const faults = new Faults({ replicas, postgres }, moments, seeded.of('faults'));
  const alertmanager = new Alertmanager(replicas, world.apiToken, moments);
  const planned = faultPlan(seeded.of('plan'), size, LEASE_SECONDS * 1000);
  const bodies = alertPlan(seeded.of('alerts'), size.alerts, planned.length);
  const sending: Promise<void>[] = [];
  for (const [i, fault] of planned.entries()) {
    sending.push(
      ...bodies[i]!.flatMap((body, j) => send(body, alertmanager, seeded.of(`client ${i}/${j}`), ended.signal)),
    );
    await faults.strike(fault);
    const { words, life } = faults.struck.at(-1)!;
    note(`${i + 1} of ${planned.length}: ${words}${life ? ` (replica ${life.replica})` : ''}`);
  }
  await faults.over();
  note('the last fault has struck');
  const unfinished = await finish(postgres.url, sending, replicas);
  return { sql: await connected(postgres.url, undo), lives, faults: faults.struck, world, alertmanager, unfinished };
}

function send(body: PlannedBody, to: Alertmanager, chance: Seeded, signal: AbortSignal): Promise<void>[] {
  const times = body.isTwin ? 2 : 1;
  return Array.from({ length: times }, async (_, i) => {
    await delay(body.afterMs, undefined, { signal }).catch(() => undefined);
    await to.send(body.alerts, chance.of(`${i}`), signal);
  });
}

/** Waits for all that is owed, then ends the replicas as an operator does. */
async function finish(url: string, sending: readonly Promise<void>[], replicas: readonly Replica[]): Promise<string[]> {
  const late: string[] = [];
  const start = Date.now();
  const left = (): number => FINISH_MS - (Date.now() - start);
  let sent = false;
  void Promise.all(sending).then(() => (sent = true));
  if (!(await within(left(), () => sent))) late.push('I1: the alerts were not all taken');
  const owed = async (): Promise<string> =>
    withClient(url, async (sql) => {
      const { rows } = await sql.query<{ owed: string }>(OWED);
      return rows.map((row) => row.owed).join('; ');
    });
  let what = await owed();
  while (what !== '' && left() > 0) {
    await delay(100);
    what = await owed();
  }
  if (what !== '') late.push(`not done ${FINISH_MS / 1000} s after the last fault: ${what}`);
  await Promise.all(replicas.map((replica) => replica.close()));
  return late;
}

const OWED = `
  SELECT 'triage ' || id || ' is ' || status || COALESCE(' for ' || wait_reason, '') || ', due in '
    || round(extract(epoch FROM due_at - now())) || ' s, strikes ' || strikes || ', attempts ' || attempts AS owed
  FROM triages WHERE status <> 'finished'
  UNION ALL
  SELECT 'the delivery of ' || kind || ' ' || subject_id || ' is pending, due in '
    || round(extract(epoch FROM due_at - now())) || ' s' || COALESCE(', leased for '
    || round(extract(epoch FROM lease_until - now())) || ' s', '') || COALESCE(', ' || reason, '')
  FROM deliveries WHERE state = 'pending'`;

/** The process that was the last to begin it. */
function runnerOf(triageId: string, lives: readonly Life[]): Life | undefined {
  const isStart = `"triage_id":"${triageId}"`;
  const began = lives.filter(({ log }) =>
    log.some((line) => line.includes('triage started') && line.includes(isStart)),
  );
  return began.at(-1);
}

async function connected(url: string, undo: RunOptions['undo']): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  undo(() => client.end());
  return client;
}

async function withClient<T>(url: string, work: (sql: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
