import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Ran {
  readonly code: number | null;
  /** The lines on standard output. */
  readonly lines: readonly string[];
  readonly errors: string;
}

/** The cases of `context` in their order, with the tool that each asks. */
const CONTEXT = [
  ['range_100_series', 'query_metrics_range'],
  ['range_1_series', 'query_metrics_range'],
  ['vector_1000_series', 'query_metrics'],
  ['anomalies_1000_series', 'rank_anomalies'],
  ['logs_100_lines', 'query_logs'],
  ['patterns_5000_lines', 'log_patterns'],
  ['alerts_500', 'list_alerts'],
  ['metadata_5000_metrics', 'find_metrics'],
  ['label_2000_values', 'describe_metric'],
  ['targets_2000', 'list_targets'],
  ['captured_up', 'query_metrics'],
  ['captured_logs', 'query_logs'],
  ['captured_metadata', 'find_metrics'],
  ['changes_200', 'list_changes'],
  ['opening'],
  ['prefix'],
] as const;

/** The benchmarks as a person runs them; their times are nobody's business here. */
describe('npm run bench', () => {
  jest.setTimeout(60_000);
  let temporary: string;

  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'vigil-test-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  async function bench(args: readonly string[], interruptAt?: string): Promise<Ran> {
    const env = { PATH: process.env.PATH, TMPDIR: temporary };
    const child = spawn(process.execPath, ['bench/run.ts', ...args], { cwd: ROOT, env });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      if (interruptAt !== undefined && errors.includes(interruptAt) && !child.killed) child.kill('SIGINT');
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, lines: out.split('\n').filter((line) => line !== ''), errors };
  }

  it('prints each figure as one JSON line and nothing else, and leaves nothing behind', async () => {
    const { code, lines } = await bench(['turn', '--short']);
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      ['p50', 'p95'].map((figure) => ({
        bench: 'turn',
        figure,
        value: expect.any(Number),
        unit: 'ms',
        calibration: expect.any(Number),
        ratio: expect.any(Number),
      })),
    );
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('shows what each answer costs in the context beside the raw one, and whether what matters is in it', async () => {
    const { code, lines, errors } = await bench(['context', '--short', '--texts', temporary]);
    const missing = /There is no tool (.*)\./.exec(errors)?.[1]?.split(', ') ?? [];
    const figures = CONTEXT.filter(([, tool]) => tool === undefined || !missing.includes(tool)).map(
      ([figure]) => figure,
    );
    expect(code).toBe(missing.length > 0 ? 1 : 0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      figures.map((figure) => ({
        bench: 'context',
        figure,
        value: expect.any(Number),
        unit: 'tokens',
        calibration: expect.any(Number),
        ratio: expect.any(Number),
        raw_tokens: expect.any(Number),
        tokens: expect.any(Number),
        kept: expect.any(Boolean),
        raw_usd: expect.any(Number),
        usd: expect.any(Number),
      })),
    );
    const texts = readdirSync(temporary);
    expect(texts.sort()).toEqual(figures.map((figure) => `${figure}.txt`).sort());
    const [first] = lines.map((line) => JSON.parse(line) as { tokens: number; value: number; usd: number });
    const text = readFileSync(join(temporary, `${figures[0]}.txt`), 'utf8');
    expect(text).toContain('query: rate(container_cpu_usage_seconds_total{namespace="shop"}[1m])');
    expect(first).toMatchObject({ tokens: Math.ceil(text.length / 4), value: first!.tokens });
    expect(first!.usd).toBeCloseTo((first!.tokens * 2) / 1e6, 6);
    for (const name of texts) rmSync(join(temporary, name));
  });

  it('ends what it started when it is interrupted', async () => {
    const { code, lines, errors } = await bench(['ingest', '--short'], 'warm-up');
    expect(code).toBe(1);
    expect(lines).toEqual([]);
    expect(errors).toContain('The bench stopped: it was interrupted');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('names the benches when it is asked for one that there is not', async () => {
    const { code, lines, errors } = await bench(['crowd', 'speed']);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(errors).toBe(
      'There is no bench speed. The benches: ingest, wake_up, turn, crowd, start, context. The options: --short, --cpu-prof DIR, --texts DIR.\n',
    );
  });
});
