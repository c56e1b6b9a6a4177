import type { Setting } from './setting';
import { SETTINGS } from './settings';

/** What `--help` prints. */
export function helpText(): string {
  const width = Math.max(...SETTINGS.map(({ flag }) => flag.length)) + 4;
  const rows = SETTINGS.map((setting) => {
    const names = variablesOf(setting).join(' or ');
    return `  ${`--${setting.flag}`.padEnd(width)}${plain(setting.options.help)}${suffix(setting)}\n${' '.repeat(width + 2)}${names}`;
  });
  return [
    'Vigil investigates Prometheus alerts with Claude and posts a root cause analysis with its evidence.',
    '',
    'Usage: npm start -- [--name value | --name=value | --switch | --no-switch] …',
    '       node dist/main.js [the same]',
    '',
    'A flag goes over its environment variable, and that over the default. A flag can be read by everyone on the',
    'machine (ps): give secrets by variable, or in a file that VIGIL_<NAME>_FILE names.',
    '',
    ...rows,
    '',
    `  ${'--help'.padEnd(width)}This text`,
    `  ${'--version'.padEnd(width)}Version, commit and Node's version`,
    '',
  ].join('\n');
}

/** The README's table of settings. */
export function settingsTable(): string {
  const rows = SETTINGS.map(
    (setting) =>
      `| \`${setting.flag}\` | ${variablesOf(setting)
        .map((name) => `\`${name}\``)
        .join(' or ')} | ${defaultText(setting)} | ${setting.options.help} |`,
  );
  return ['| flag | variable | default | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function variablesOf({ variable, options }: Setting): string[] {
  return options.secret ? [variable, `${variable}_FILE`] : [variable];
}

function suffix(setting: Setting): string {
  const text = plain(defaultText(setting));
  if (text === '') return '';
  return setting.options.required ? ' (required)' : ` (default: ${text})`;
}

function defaultText({ options }: Setting): string {
  if (options.required) return 'required';
  if (options.defaultText !== undefined) return options.defaultText;
  if (typeof options.default === 'boolean') return options.default ? 'on' : 'off';
  return options.default === undefined ? '' : `\`${options.default}\``;
}

/** Markdown's code marks mean nothing on a terminal. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}
