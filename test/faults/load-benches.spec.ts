import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBench } from '../e2e/run-bench';

/** Those of the benchmarks that take their time, in their short form; their times are nobody's business here. */
describe('npm run bench', () => {
  let temporary: string;
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'vigil-test-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it('shows how soon a triage goes on after its process, beside what is promised', async () => {
    const { code, lines, errors } = await runBench(['resume', '--short'], temporary);
    expect(code).toBe(0);
    expect(errors).toMatch(/after SIGKILL: \d+\.\d\d s\n[^]*after SIGTERM: \d+\.\d\d s\n/);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      [
        { figure: 'kill', calibration: 5 },
        { figure: 'sigterm', calibration: 2 },
      ].map((figure) => ({
        bench: 'resume',
        unit: 's',
        value: expect.any(Number),
        ratio: expect.any(Number),
        ...figure,
      })),
    );
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('floods the intake, and loses nothing that was answered', async () => {
    const { code, lines } = await runBench(['flood', '--short'], temporary);
    expect(code).toBe(0);
    const figures = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(figures.map(({ figure, unit, lost, not_ready }) => [figure, unit, lost, not_ready])).toEqual([
      ['beside_10000', 'ms', 0, undefined],
      ['body_10000', 'ms', undefined, undefined],
      ['per_second_200', 'ms', 0, 0],
      ['storm_5000', 'ms', 0, undefined],
    ]);
    for (const { value, calibration } of figures) {
      expect([value, calibration]).toEqual([expect.any(Number), expect.any(Number)]);
    }
  });
});
