import type { Given } from './given';
import { meantName } from '../domain/meant-name';
import type { Setting } from './setting';

export type Environment = Readonly<Record<string, string | undefined>>;
/** @throws what node:fs throws; only its code is shown */
export type ReadFile = (path: string) => string;

/**
 * Kubernetes gives every container variables for the services around it: a service called `vigil` puts
 * VIGIL_SERVICE_HOST and VIGIL_PORT_8080_TCP here, and one called `vigil-http` a VIGIL_HTTP_PORT that is a URL.
 */
const SERVICE_LINK = /^VIGIL_(.+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)$/;
const SERVICE_LINK_VALUE = /^(tcp|udp|sctp):\/\//;

/** Reads `VIGIL_*`, and each secret also from the file that `VIGIL_<NAME>_FILE` names. An empty value is none. */
export function readEnvironment(env: Environment, readFile: ReadFile, settings: readonly Setting[]): Given {
  const values = new Map<string, string>();
  const faults = unknownVariables(env, settings);
  const broken = new Set<string>();
  for (const setting of settings) {
    const { variable, field, kind } = setting;
    const value = env[variable];
    const path = setting.options.secret ? env[`${variable}_FILE`] : undefined;
    if (value && path) {
      broken.add(field);
      faults.push(`${variable} and ${variable}_FILE are both set: remove one of them.`);
    } else if (path) {
      const read = readSecret(`${variable}_FILE`, path, readFile);
      if ('fault' in read) {
        broken.add(field);
        faults.push(read.fault);
      } else {
        values.set(field, read.secret);
      }
    } else if (value && !(kind === 'number' && SERVICE_LINK_VALUE.test(value))) {
      values.set(field, value);
    }
  }
  return { values, faults, broken };
}

function readSecret(variable: string, path: string, readFile: ReadFile): { secret: string } | { fault: string } {
  try {
    const secret = readFile(path).replace(/\r?\n$/, '');
    return secret === '' ? { fault: `${variable} names an empty file: write the secret into ${path}.` } : { secret };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it cannot be read';
    return { fault: `${variable} names a file that cannot be read (${code}): check the path ${path} and its owner.` };
  }
}

function unknownVariables(env: Environment, settings: readonly Setting[]): string[] {
  const known = settings.flatMap(({ variable, options }) =>
    options.secret ? [variable, `${variable}_FILE`] : [variable],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('VIGIL_') && !name.startsWith('VIGIL_TEST_'))
    .filter((name) => !known.includes(name) && !SERVICE_LINK.test(name))
    .sort()
    .map((name) => {
      const suggestion = meantName(name, known);
      return `${name} is not a setting of Vigil: ${suggestion ? `did you mean ${suggestion}?` : 'remove it, or see --help.'}`;
    });
}
