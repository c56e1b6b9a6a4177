/**
 * Writes dist/build-info.json, from which `--version` and the metric `build_info` take the commit. Without git, or
 * outside of a clone (an unpacked tarball, perhaps inside of somebody else's repository), the commit stays unknown.
 */
import { execFileSync } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = realpathSync(join(import.meta.dirname, '..'));
const file = join(root, 'dist', 'build-info.json');

const commit = commitOf(root);
if (commit) writeFileSync(file, `${JSON.stringify({ commit })}\n`);
else rmSync(file, { force: true });

function commitOf(directory) {
  const git = (...args) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== directory) return undefined;
    // `-dirty` at its end: what was built is not what was committed.
    return git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*');
  } catch {
    return undefined;
  }
}
