import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Ran {
  readonly code: number | null;
  /** The lines on standard output. */
  readonly lines: readonly string[];
  readonly errors: string;
}

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
      'There is no bench speed. The benches: ingest, wake_up, turn, crowd, start. The options: --short, --cpu-prof DIR.\n',
    );
  });
});
