import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpText, settingsTable } from '../../src/config/help';
import { SETTINGS } from '../../src/config/settings';

const README = join(__dirname, '../../README.md');

it("holds the README's table of settings equal to the settings themselves (GV-70)", () => {
  const [, table] = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(readFileSync(README, 'utf8')) ?? [];
  expect(table).toBe(settingsTable());
});

it('names every setting and its variables in the help', () => {
  const help = helpText();
  for (const { flag, variable, options } of SETTINGS) {
    expect(help).toContain(`--${flag} `);
    expect(help).toContain(options.secret ? `${variable} or ${variable}_FILE` : variable);
  }
});
