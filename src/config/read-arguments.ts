import { meantName } from '../domain/meant-name';
import type { Given } from './given';
import type { Setting } from './setting';

/** What stands in the place of a switch that was given without a value. */
const ON = 'true';

export type Arguments =
  { readonly kind: 'help' } | { readonly kind: 'version' } | { readonly kind: 'flags'; readonly given: Given };

/**
 * Reads a command line: one dash or two, `--name value`, `--name=value`, `--switch`, `--no-switch`. The last one wins.
 * No fault repeats an argument that is not a flag's name: it may be a secret whose flag was misspelt.
 */
export function readArguments(argv: readonly string[], settings: readonly Setting[]): Arguments {
  const byFlag = new Map(settings.map((setting) => [setting.flag, setting]));
  const values = new Map<string, string>();
  const faults: string[] = [];
  const broken = new Set<string>();

  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    const [, name, , inline] = /^--?([A-Za-z][\w-]*)(=([\s\S]*))?$/.exec(argument) ?? [];
    if (name === undefined) {
      faults.push(
        `Argument ${at + 1} is no flag: write --name=value (a switch takes its value only as --name=true or --name=false).`,
      );
      continue;
    }
    if (name === 'help' || name === 'h') return { kind: 'help' };
    if (name === 'version' || name === 'v') return { kind: 'version' };

    const negated = name.startsWith('no-') ? byFlag.get(name.slice(3)) : undefined;
    const setting = byFlag.get(name);
    if (negated?.kind === 'switch' && inline === undefined) {
      values.set(negated.field, 'false');
    } else if (!setting) {
      faults.push(unknownFlag(name, byFlag));
      if (inline === undefined && isValue(argv[at + 1])) at++;
    } else if (inline !== undefined) {
      values.set(setting.field, inline);
    } else if (setting.kind === 'switch') {
      values.set(setting.field, ON);
    } else if (isValue(argv[at + 1])) {
      values.set(setting.field, argv[++at] ?? '');
    } else {
      broken.add(setting.field);
      faults.push(`--${name} has no value: write --${name}=VALUE (so too if the value begins with a dash).`);
    }
  }
  return { kind: 'flags', given: { values, faults, broken } };
}

function isValue(argument: string | undefined): boolean {
  return argument !== undefined && !argument.startsWith('-');
}

function unknownFlag(name: string, byFlag: ReadonlyMap<string, Setting>): string {
  const suggestion = meantName(name, [...byFlag.keys()]);
  return `--${name} is not a flag of Vigil: ${suggestion ? `did you mean --${suggestion}?` : 'see --help.'}`;
}
