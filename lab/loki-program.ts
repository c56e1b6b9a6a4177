import { homedir } from 'node:os';
import { join } from 'node:path';
import { isExecutable } from './server-process.ts';

/** The Loki that the lab is written for; build-loki.ts builds it. */
export const LOKI_VERSION = '3.7.8';

/** Where it is kept, outside the repository: one for all clones. */
export function lokiPath(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'vigil-lab', `loki-${LOKI_VERSION}`);
}

/** @returns the built Loki, if there is one */
export function findLoki(): string | undefined {
  return isExecutable(lokiPath()) ? lokiPath() : undefined;
}
