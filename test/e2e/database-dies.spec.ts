import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeAsRoot } from '../embedded/embedded-bench';
import type { Answer } from '../stand-ins/anthropic-answer.ts';
import { toolResults } from '../stand-ins/anthropic-request.ts';
import { held, type Held } from '../held';
import { until } from '../until';
import { queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

jest.setTimeout(60_000);

let world: StandIns;
let dataDir: string;
let answers: Held;
/** Every id that was answered with 202: none of them may be missing afterwards. */
let accepted: string[];
const processes: VigilProcess[] = [];

beforeEach(async () => {
  accepted = [];
  dataDir = mkdtempSync(join(tmpdir(), 'vigil-dies-'));
  chmodSync(dataDir, 0o755);
  answers = held();
  world = await startStandIns(async (request): Promise<Answer> => {
    await answers.wait;
    return queryThenReport(request);
  });
});
afterEach(async () => {
  answers.release();
  for (const vigil of processes.splice(0)) await vigil.signal('SIGTERM');
  await world.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const pgData = (): string => join(dataDir, 'postgres', 'data');
const serverPid = (): number => Number(readFileSync(join(pgData(), 'postmaster.pid'), 'utf8').split('\n')[0]);

async function start(over: Readonly<Record<string, string>> = {}): Promise<VigilProcess> {
  const vigil = await startVigilProcess({ ...world.settings, data_dir: dataDir, ...over });
  processes.push(vigil);
  return vigil;
}

async function post(vigil: VigilProcess, fingerprint: string): Promise<number> {
  const sentMs = performance.now();
  const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(fingerprint) });
  expect(performance.now() - sentMs).toBeLessThan(2_000 + 500); // the machine's own share
  if (answer.status === 202) accepted.push(...((await answer.json()) as { accepted: string[] }).accepted);
  else expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  return answer.status;
}

const ready = async (vigil: VigilProcess): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${vigil.adminUrl}/-/ready`);
  return { status: answer.status, body: await answer.json() };
};
const becomesReady = (vigil: VigilProcess): Promise<true> =>
  until('it is ready', async () => (await ready(vigil)).status === 200 || undefined);

async function expectAllFinished(vigil: VigilProcess): Promise<void> {
  for (const id of accepted) {
    const seen = await until(`triage ${id} is finished`, async () => {
      const answer = await vigil.call(`/api/v1/triage/${id}`);
      expect(answer.status).toBe(200); // 404: lost
      const triage = (await answer.json()) as { status: string; outcome: string };
      return triage.status === 'finished' ? triage : undefined;
    });
    expect(seen.outcome).toBe('complete');
  }
}

describe('The program, when its Postgres dies under it', () => {
  it('refuses alerts, says which part fails, brings it back, and goes on without a restart or a loss (F15, F16)', async () => {
    const vigil = await start();
    expect(await post(vigil, 'before')).toBe(202);
    await until('the model is asked', () => world.anthropic.journal[0]);
    const control = join(pgData(), 'global', 'pg_control');
    renameSync(control, `${control}.away`); // it cannot come back for now
    process.kill(-serverPid(), 'SIGKILL');

    await until('it is not ready', async () => (await ready(vigil)).status === 503 || undefined);
    expect(await ready(vigil)).toEqual({ status: 503, body: { status: 'failing', failing: ['database'] } });
    expect((await fetch(`${vigil.url}/-/healthy`)).status).toBe(200);
    expect(await post(vigil, 'during')).toBe(503);

    renameSync(`${control}.away`, control);
    await becomesReady(vigil);
    expect(await post(vigil, 'during')).toBe(202);
    answers.release();
    await expectAllFinished(vigil);
    expect(accepted).toHaveLength(2);
    // Each answer was asked for once: the outage cost nothing.
    expect(world.anthropic.journal.map((entry) => toolResults(entry.body!).length).sort()).toEqual([0, 0, 1, 1]);
    const log = vigil.log.join('\n');
    expect(log).toMatch(/"level":"warn".*the bundled Postgres went away/);
    expect(log).toMatch(/"level":"info".*the bundled Postgres is up again after \d+ ms/);
    expect(log).not.toContain(readFileSync(join(dataDir, 'postgres', 'password'), 'utf8').trim());
    expect(log).not.toContain('nobody caught');
  });
});

describe('The program, killed', () => {
  it('leaves its Postgres to the next start, with every alert that it acknowledged (F4, GV-02)', async () => {
    const first = await start();
    expect(await post(first, 'f1')).toBe(202);
    expect(await post(first, 'f2')).toBe(202);
    await until('the model is asked', () => world.anthropic.journal[0]);
    const pid = serverPid();
    await first.signal('SIGKILL');
    answers.release();

    const next = await start();
    expect(serverPid()).toBe(pid);
    expect(next.log.join('\n')).toContain('adopted the bundled Postgres');
    // The dead process' leases: time passes by moving them.
    const sql = await connectTo();
    await sql.query("UPDATE triages SET lease_until = now() WHERE status = 'running'");
    await sql.end();
    await expectAllFinished(next);
    expect(await next.signal('SIGTERM')).toBe(0);
    expect(existsSync(join(pgData(), 'postmaster.pid'))).toBe(false);
  });
});

describeAsRoot('the program on a disk that runs full', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m,mode=0755', 'tmpfs', dataDir]);
  });
  afterEach(async () => {
    for (const vigil of processes.splice(0)) await vigil.signal('SIGTERM');
    execFileSync('umount', ['--lazy', dataDir]);
  });

  it('refuses alerts while there is no room, and goes on by itself when there is, without a loss (F18)', async () => {
    // What could not be recorded or given back goes on when its lease has run out.
    const vigil = await start({ lease_seconds: '2' });
    answers.release();
    expect(await post(vigil, 'before')).toBe(202);
    const sql = await connectTo();
    execFileSync('sh', ['-c', `cat /dev/zero > ${dataDir}/fill 2>/dev/null || true`]);
    // The next file of the write-ahead log finds no room: Postgres stops, and cannot come back.
    await until('Postgres has stopped', () =>
      sql.query('SELECT pg_switch_wal()').then(
        () =>
          sql.query('CREATE TABLE filler AS SELECT 1').then(
            () => undefined,
            () => true as const,
          ),
        () => true as const,
      ),
    );
    await sql.end().catch(() => undefined);
    await until('it is not ready', async () => (await ready(vigil)).status === 503 || undefined);
    expect(await post(vigil, 'during')).toBe(503);
    await until(
      'it tries again',
      () => vigil.log.some((line) => line.includes('cannot be brought back yet')) || undefined,
    );
    expect(await post(vigil, 'during')).toBe(503);

    rmSync(join(dataDir, 'fill'));
    await becomesReady(vigil);
    expect(await post(vigil, 'during')).toBe(202);
    await expectAllFinished(vigil);
    expect(accepted).toHaveLength(2);
  });
});

async function connectTo(): Promise<Client> {
  const [, , , port] = readFileSync(join(pgData(), 'postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(join(dataDir, 'postgres', 'password'), 'utf8').trim();
  const sql = new Client({ connectionString: `postgres://vigil:${password}@127.0.0.1:${port}/vigil` });
  sql.on('error', () => undefined);
  await sql.connect();
  return sql;
}
