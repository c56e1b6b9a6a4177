import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const RUN = join(__dirname, 'run.ts');

/** The runner itself waits for what it starts, with deadlines that name it. */
jest.setTimeout(240_000);

/** @returns the closing table by its names, and the rest of what it said */
async function chaos(...args: string[]): Promise<{ code: number; table: Map<string, string>; out: string }> {
  const ended = await promisify(execFile)(process.execPath, [RUN, ...args]).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: `${error.stdout}\n${error.stderr}`,
    }),
  );
  const rows = [...ended.out.matchAll(/^ {2}(\S[\w ]*?) {2,}(\S.*)$/gm)];
  return { ...ended, table: new Map(rows.map(([, name, value]) => [name!, value!])) };
}

describe('Two replicas whose processes and database are killed at random moments', () => {
  it('lose nothing, pay for nothing twice, and say everything once (F10)', async () => {
    const { code, table, out } = await chaos('--short', '--seed', '1');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Tests: 1 passed, 1 total') });
    expect(table.get('kills')).toMatch(/^4 /);
    expect(table.get('Postgres restarts')).toMatch(/^1 /);
    expect(Number(/^\d+/.exec(table.get('alerts acknowledged')!))).toBeGreaterThanOrEqual(12);
    expect(table.get('lost')).toBe('0');
  });
});

describe('The chaos run', () => {
  it('says what it takes, when it is asked for something else', async () => {
    const { code, out } = await chaos('--seed', 'one');
    expect(code).toBe(2);
    expect(out).toContain('A seed is a whole number');
  });
});
