import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { keepPosting, lostOf, type Posting } from '../e2e/posting';
import { queryThenReport, type StandIns, startStandIns, webhookOf } from '../e2e/stand-ins';
import { startTcpGate, type TcpGate } from '../e2e/tcp-gate';
import { playTerminatedBackends } from '../e2e/terminated-backends';
import { startVigilInProcess, type VigilInProcess } from '../e2e/vigil-in-process';
import { startVigilWithWorld } from '../e2e/vigil-with-world';
import { held, type Held } from '../held';
import { violations } from '../invariants/invariants.ts';
import { until } from '../until';

describe('The program, when its database server', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  let gate: TcpGate;
  let world: StandIns;
  let vigil: VigilInProcess;
  let answers: Held;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vigil-outage-'));
    server = await startEmbeddedPostgres({ dataDir });
    gate = await startTcpGate(portOf(server));
    answers = held();
    world = await startStandIns(async (request) => {
      await answers.wait;
      return queryThenReport(request);
    });
    const url = new URL(server.url);
    url.port = String(gate.port);
    vigil = await startVigilInProcess({ ...world.settings, database_url: url.href });
    for (const name of RUNNING) await vigil.post(webhookOf(name));
    await until('the model is asked for all of them', () => asked() === RUNNING.length);
  });
  afterEach(async () => {
    answers.release();
    await vigil.stop();
    await Promise.all([world.stop(), gate.close()]);
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const RUNNING = ['one', 'two', 'three'];
  const asked = (): number => world.anthropic.journal.length;
  const statusOf = async (path: string): Promise<number> => (await vigil.call(path)).status;
  const processes = (): number[] => {
    const pid = Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    return [pid, ...children];
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const pid of processes()) process.kill(pid, signal);
  };

  /** Everything that was acknowledged is there, and every triage that ran has ended well. */
  async function expectNothingLost(posting: Posting, lostAnswers: number): Promise<void> {
    await posting.stop();
    await until('it is ready', async () => (await statusOf('/-/ready')) === 200);
    const sql = new Client({ connectionString: server.url });
    await sql.connect();
    try {
      await until(
        'all triages have ended well and are told of',
        async () => {
          const { rows } = await sql.query(
            `SELECT 1 FROM triages t JOIN deliveries d ON d.subject_id = t.id
             WHERE t.outcome = 'complete' AND d.state = 'delivered'`,
          );
          return rows.length === RUNNING.length;
        },
        60_000,
      );
      expect(posting.others).toEqual([]);
      expect(await lostOf(posting, sql)).toEqual([]);
      const seen = { model: world.anthropic, slack: world.slack, leaseSeconds: 30, lostAnswers };
      expect(await violations(sql, seen)).toEqual([]);
    } finally {
      await sql.end();
    }
  }

  it('is stopped for half a minute, refuses at once, asks no model for anything, and goes on by itself (F15)', async () => {
    const posting = keepPosting(vigil, 'alert');
    await until('some are stored', () => posting.acknowledged.length > 5);
    await server.stop();
    const storedBefore = posting.acknowledged.length;
    answers.release(); // three answers that cannot be recorded
    const endsMs = performance.now() + 30_000;
    while (performance.now() < endsMs) {
      await delay(1_000);
      expect([await statusOf('/-/ready'), await statusOf('/-/healthy')]).toEqual([503, 200]);
    }
    expect(asked()).toBe(RUNNING.length);
    expect(posting.acknowledged.length - storedBefore).toBeLessThanOrEqual(1); // the one on its way
    expect(Math.max(...posting.refusedAfterMs)).toBeLessThan(2_000);

    server = await startEmbeddedPostgres({ dataDir });
    gate.leadTo(portOf(server));
    // An answer is kept for as long as its lease is, which may have run out by now.
    await expectNothingLost(posting, RUNNING.length);
  });

  it('is killed under load, again and again, has every alert that was acknowledged (F16)', async () => {
    const posting = keepPosting(vigil, 'alert');
    for (let kill = 0; kill < 3; kill += 1) {
      const stored = posting.acknowledged.length;
      await until('more is stored', () => posting.acknowledged.length > stored + 5);
      signalAll('SIGKILL'); // its keeper starts it again, on the same port
    }
    answers.release();
    await expectNothingLost(posting, 0);
  });

  it('stands still and says nothing, is not waited for; when it goes on, nothing has happened twice', async () => {
    const posting = keepPosting(vigil, 'alert');
    await until('some are stored', () => posting.acknowledged.length > 5);
    const still = processes();
    for (const pid of still) process.kill(pid, 'SIGSTOP');
    try {
      answers.release();
      await until('two were refused', () => posting.refusedAfterMs.length >= 2, 25_000);
      expect(Math.max(...posting.refusedAfterMs)).toBeLessThan(9_000); // Alertmanager gives up after ten seconds
      expect([await statusOf('/-/ready'), await statusOf('/-/healthy')]).toEqual([503, 200]);
      expect(asked()).toBe(RUNNING.length);
    } finally {
      for (const pid of still) process.kill(pid, 'SIGCONT');
    }
    await expectNothingLost(posting, 0);
  });
});

describe('The program, when every connection to its database', () => {
  it('is ended every two seconds for a minute, acknowledges only what it stores, and ends every triage (F14)', async () => {
    const vigil = await startVigilWithWorld();
    try {
      const seen = await playTerminatedBackends(vigil, { times: 30, everyMs: 2_000 });
      expect(seen).toEqual({ others: [], lost: [], broken: [] });
    } finally {
      await vigil.stop();
    }
  });
});

function portOf({ url }: EmbeddedPostgres): number {
  return Number(new URL(url).port);
}
