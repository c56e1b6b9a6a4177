import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BackendClient, MAX_ANSWER_BYTES } from '../../src/tools/backend-client';
import { PrometheusClient } from '../../src/tools/prometheus/prometheus-client';
import { queryMetricsTool } from '../../src/tools/prometheus/query-metrics.tool';
import { type HostileBackend, startHostileBackend } from '../stand-ins/hostile-backend.ts';
import { ASKER, toolbox } from '../tools/tool-bench';
import { until } from '../until';

interface Seen {
  readonly path: string;
  readonly kind: string;
  readonly reason?: string;
  readonly peakKilobytes: number;
}

const TOO_LONG =
  'Prometheus answered with more than 8 MiB; narrow the query: fewer series or lines, or a shorter range.';
const TOO_INTRICATE =
  'Prometheus answered with JSON of too many parts or levels to be read; narrow the query: fewer series or lines, or a shorter range.';
const COMPRESSION = 'Prometheus gave no answer: its compression cannot be read.';
const CUT = 'Prometheus gave no answer: the connection was cut.';
const NO_HTTP = 'Prometheus gave no answer: what came back is not HTTP.';

/**
 * Of one answer the client holds its pieces, them together and their text, eight megabytes each, and what it makes of it;
 * some is there twice before it is collected. Half of the smallest of the answers, were it read whole.
 */
const FIT_FOR_USE_KILOBYTES = (20 * MAX_ANSWER_BYTES) / 1024;

/** Bytes that lie in the buffers of the sockets when the reader hangs up. */
const IN_FLIGHT_BYTES = 16 * 1024 * 1024;

describe('a backend that means ill', () => {
  let backend: HostileBackend;

  beforeAll(async () => {
    backend = await startHostileBackend();
  });
  afterAll(() => backend.stop());

  const client = (): BackendClient => new BackendClient('Prometheus', { endpoint: backend.url });
  const reasonOf = async (path: string): Promise<string> => {
    const answer = await client().post(`${path}/api`, { query: 'up' }, AbortSignal.timeout(20_000));
    return answer.kind === 'failed' ? answer.reason : `not failed: ${answer.text.slice(0, 100)}`;
  };
  const hungUp = (path: string): Promise<unknown> =>
    until(`the reader of ${path} hangs up`, () => backend.sent(path)?.hungUp);

  it.each(['/500mb-announced', '/500mb', '/endless', '/500mb-of-html'])(
    'hangs up on %s when it has read its limit, so that no more is sent (F43)',
    async (path) => {
      expect(await reasonOf(path)).toBe(TOO_LONG);
      await hungUp(path);
      expect(backend.sent(path)!.bytes).toBeLessThan(MAX_ANSWER_BYTES + IN_FLIGHT_BYTES);
    },
  );

  it('hangs up on a redirect, whatever comes with it', async () => {
    expect(await reasonOf('/redirect-with-500mb')).toContain('redirects to another address (302)');
    await hungUp('/redirect-with-500mb');
  });

  it.each(['/gzip-bomb', '/deflate-bomb', '/br-bomb', '/gzip-in-gzip-bomb'])(
    'counts what %s unpacks to (F43)',
    async (path) => {
      expect(await reasonOf(path)).toBe(TOO_LONG);
      expect(backend.sent(path)!.bytes).toBeLessThan(MAX_ANSWER_BYTES / 4);
    },
  );

  it.each(['/nested', '/nested-objects', '/tiny-objects', '/keys'])(
    'parses no %s: below the limit of bytes, above what a process can hold',
    async (path) => {
      expect(await reasonOf(path)).toBe(TOO_INTRICATE);
      expect(backend.sent(path)!.bytes).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    },
  );

  it.each([
    ['/length-too-small', 'Prometheus answered with JSON that cannot be read (200). '],
    ['/length-no-number', NO_HTTP],
    ['/cut-chunk', CUT],
    ['/bad-chunk', NO_HTTP],
    ['/no-http', NO_HTTP],
    ['/cut-gzip', 'Prometheus answered with JSON that cannot be read (200). Ask once more'],
    ['/no-gzip', COMPRESSION],
    ['/no-br', COMPRESSION],
    ['/large-headers', 'Prometheus gave no answer: what came back has too many headers.'],
  ])('says in one line what is wrong with %s', async (path, reason) => {
    expect(await reasonOf(path)).toContain(reason);
  });

  it.each(['/drip', '/drip-of-headers', '/no-headers', '/length-too-large'])(
    "is cut at the tool's time limit on %s, and the connection with it (F42)",
    async (path) => {
      const prometheus = new PrometheusClient({ endpoint: `${backend.url}${path}` });
      const box = toolbox([queryMetricsTool(prometheus)], { timeoutMs: 150 });
      const call = { name: 'query_metrics', input: { query: 'up' }, handle: 'r1' as const };
      const outcome = await box.run(call, ASKER, AbortSignal.timeout(20_000));
      expect(outcome.status).toBe('failed');
      expect(outcome.text).toContain('This took longer than 0.15 s and was given up. Narrow it');
      await hungUp(path);
    },
  );

  it('holds no more memory for all of them than for one answer of the allowed size (F43)', async () => {
    const bad = ['500mb', 'endless', 'gzip-bomb', 'deflate-bomb', 'br-bomb', 'gzip-in-gzip-bomb', 'nested', 'keys'];
    const paths = ['/well', ...bad.map((name) => `/${name}/api`), '/tiny-objects/api', '/well'];
    const asking = [join(__dirname, 'asking.mjs'), backend.url, ...paths];
    const { stdout } = await promisify(execFile)(process.execPath, asking);
    const seen = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Seen);
    expect(seen.map(({ kind }) => kind)).toEqual(['json', ...paths.slice(2).map(() => 'failed'), 'json']);
    const grown = seen.at(-1)!.peakKilobytes - seen[0]!.peakKilobytes;
    expect(grown).toBeLessThan(FIT_FOR_USE_KILOBYTES);
  });
});
