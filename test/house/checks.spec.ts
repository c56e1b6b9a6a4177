import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

type Rules = Readonly<Record<string, readonly [severity: number, ...options: unknown[]]>>;
const ERROR = 2;

/** What eslint itself says that it holds a file to. */
async function rulesFor(file: string): Promise<Rules> {
  const eslint = join(ROOT, 'node_modules/eslint/bin/eslint.js');
  const { stdout } = await promisify(execFile)(process.execPath, [eslint, '--print-config', file], { cwd: ROOT });
  return (JSON.parse(stdout) as { rules: Rules }).rules;
}

describe('A change', () => {
  it('is checked by what runs everywhere: tests too, on any commit, without an address of ours (GV-71)', () => {
    expect(read('.ci/run')).toMatch(/^if step install \d+ npm ci; then\n {2}step check \d+ npm run check$/m);
    expect(read('.ci/run')).not.toMatch(/\btags?\b|CI_COMMIT|GITHUB_/);
    const steps = scripts.check!.split(' && ');
    expect(steps.filter((step) => /^npm (test|run \S+)/.test(step))).toEqual(steps);
    expect(steps.map((step) => /^npm (?:run )?(\S+)/.exec(step)![1])).toEqual(
      expect.arrayContaining(['format:check', 'lint', 'types', 'law', 'dead', 'test']),
    );
    expect(scripts.test).toBe('jest');
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  it('holds no function longer than a screen and no file longer than 300 lines (GV-68)', async () => {
    expect(await rulesFor('src/vigil.ts')).toMatchObject({
      'max-lines': [ERROR, 300],
      'max-lines-per-function': [ERROR, { max: 60 }],
    });
    expect(await rulesFor('test/stand-ins/anthropic.ts')).toMatchObject({ 'max-lines': [ERROR, 300] });
  });

  it('holds no check that cannot be otherwise, and no code that nobody needs (GV-67)', async () => {
    expect(await rulesFor('src/vigil.ts')).toMatchObject({ '@typescript-eslint/no-unnecessary-condition': [ERROR] });
    expect(scripts.dead).toBe('knip');
  });

  it('is covered by its tests as far as the guide for contributors says (GV-70)', () => {
    const said = /coverage \((\d+) % of lines at least\)/.exec(read('CONTRIBUTING.md'))?.[1];
    const { coverageThreshold } = require('../../jest.config.js') as {
      coverageThreshold: { global: { lines: number } };
    };
    expect(Number(said)).toBe(coverageThreshold.global.lines);
    expect(scripts.check).toContain('npm test -- --coverage');
  });
});
