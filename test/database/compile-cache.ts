import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
/** Where the packages are, so that it goes with them. */
const DIRECTORY = join(ROOT, 'node_modules/.cache/vigil-compiled');
const PROGRAM = join(ROOT, 'dist/main.js');

/**
 * Lets every process of this run that loads the built program find it compiled (Node's own cache, by the content of each
 * file): it is started some eighty times. Filled beforehand, once, because writing it delays the end of a process.
 */
export async function keepCompiled(): Promise<void> {
  process.env.NODE_COMPILE_CACHE = DIRECTORY;
  if (existsSync(DIRECTORY)) return;
  // Where the program is not built, or does not run, its own specs fail and say so.
  await promisify(execFile)(process.execPath, [PROGRAM, '--version']).catch(() => undefined);
}
