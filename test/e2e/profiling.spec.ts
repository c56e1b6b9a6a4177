import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { startSink, type Sink } from '../stand-ins/otlp-sink.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

jest.setTimeout(60_000);

const VERSION = (JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string })
  .version;

let world: StandIns;
let pyroscope: Sink;
let database: TestDatabase;
let vigil: VigilProcess;

beforeEach(async () => {
  world = await startStandIns();
  pyroscope = await startSink();
  database = await createTestDatabase();
});
afterEach(async () => {
  await vigil.signal('SIGKILL');
  await Promise.all([world.stop(), pyroscope.stop()]);
  await database.drop();
});

const start = async (
  settings: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Promise<void> => {
  vigil = await startVigilProcess({ ...world.settings, database_url: database.url, ...settings }, others);
};
const metrics = async (): Promise<string> => (await fetch(`${vigil.adminUrl}/metrics`)).text();
const ON = (): Record<string, string> => ({
  enable_pyroscope: 'true',
  pyroscope_server: `${pyroscope.url}/`,
  pyroscope_tenant: 'team-a',
});

it('sends CPU, wall and heap profiles to Pyroscope, under its tenant, and says so in the metrics', async () => {
  // The package's own variable; a minute is its default.
  await start(ON(), { PYROSCOPE_FLUSH_INTERVAL_MS: '500' });
  expect(await metrics()).toMatch(/^profiling_active 1$/m);
  const profiles = (): string[] =>
    pyroscope.bodies.map(({ bytes }) => gunzipSync(bytes).toString('latin1')).filter((text) => text.length > 100);
  const seen = await until('both kinds of profile', () => {
    const all = profiles().join();
    return ['cpu', 'wall', 'inuse_space'].every((word) => all.includes(word)) ? all : undefined;
  });
  expect(seen).toContain('nanoseconds');
  for (const { path, headers } of pyroscope.bodies) {
    const { pathname, searchParams } = new URL(path, pyroscope.url);
    expect([pathname, searchParams.get('format')]).toEqual(['/ingest', 'pprof']);
    expect(searchParams.get('name')).toMatch(new RegExp(`^vigil\\{.*service_version=${VERSION}`));
    expect(headers['x-scope-orgid']).toBe('team-a');
  }
  const sent = pyroscope.bodies.length;
  expect(await vigil.signal('SIGTERM')).toBe(0);
  expect(pyroscope.bodies.length).toBeGreaterThan(sent);
});

it('ends in time when Pyroscope does not answer', async () => {
  pyroscope.answerWith(0);
  await start(ON());
  const begun = performance.now();
  expect(await vigil.signal('SIGTERM')).toBe(0);
  expect(performance.now() - begun).toBeLessThan(8_000);
});

it('goes on without profiles, and says so, where the platform has no profiler', async () => {
  await start(ON(), { NODE_OPTIONS: `--require ${join(__dirname, 'without-profiler.cjs')}` });
  expect(vigil.log.join('\n')).toMatch(/"level":"warn".*no native build.*profiles are off/);
  expect(await metrics()).toMatch(/^profiling_active 0$/m);
  const posted = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf('f') });
  expect(posted.status).toBe(202);
});

it('profiles nothing unless it is asked to, and names version, commit and Node in the metrics', async () => {
  await start({});
  const text = await metrics();
  expect(text).toMatch(/^profiling_active 0$/m);
  expect(text).toMatch(
    new RegExp(`^build_info\\{version="${VERSION}",commit="[\\w-]+",node="${process.versions.node}"\\} 1$`, 'm'),
  );
  expect(pyroscope.bodies).toEqual([]);
});
