import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RanBench, runBench } from './run-bench';

/** The cases of `context` in their order, with the tokens that each may take at most. */
const CONTEXT: Readonly<Record<string, number>> = {
  range_100_series: 1_000,
  range_1_series: Infinity,
  vector_1000_series: 1_000,
  anomalies_1000_series: 1_000,
  logs_100_lines: 500,
  patterns_5000_lines: 1_500,
  alerts_500: 1_000,
  metadata_5000_metrics: 1_000,
  label_2000_values: 1_000,
  targets_2000: 1_000,
  captured_up: Infinity,
  captured_logs: Infinity,
  captured_metadata: 1_000,
  changes_200: 2_000,
  opening: 2_500,
  prefix: 8_000,
};

/** The benchmarks as a person runs them; their times are nobody's business here. */
describe('npm run bench', () => {
  jest.setTimeout(60_000);
  let temporary: string;

  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'vigil-test-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  const bench = (args: readonly string[], interruptAt?: string): Promise<RanBench> =>
    runBench(args, temporary, interruptAt);

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
    const { code, lines, errors } = await bench(['context', '--texts', temporary]);
    expect(errors).not.toMatch(/lost|more than its/);
    expect(code).toBe(0);
    const figures = lines.map((line) => JSON.parse(line) as { figure: string; value: number });
    expect(figures).toEqual(
      Object.keys(CONTEXT).map((figure) => ({
        bench: 'context',
        figure,
        value: expect.any(Number),
        unit: 'tokens',
        calibration: expect.any(Number),
        ratio: expect.any(Number),
        raw_tokens: expect.any(Number),
        tokens: expect.any(Number),
        kept: true,
        raw_usd: expect.any(Number),
        usd: expect.any(Number),
      })),
    );
    expect(figures.filter(({ figure, value }) => value > CONTEXT[figure]!)).toEqual([]);
    const texts = readdirSync(temporary);
    expect(texts.sort()).toEqual(figures.map(({ figure }) => `${figure}.txt`).sort());
    const [first] = lines.map((line) => JSON.parse(line) as { tokens: number; value: number; usd: number });
    const text = readFileSync(join(temporary, `${figures[0]!.figure}.txt`), 'utf8');
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
      'There is no bench speed. The benches: ingest, flood, wake_up, turn, crowd, start, resume, context. The options: --short, --cpu-prof DIR, --texts DIR.\n',
    );
  });
});
