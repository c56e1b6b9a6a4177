import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuildInfo {
  readonly version: string;
  /** `unknown` where the build did not write it down. */
  readonly commit: string;
  readonly node: string;
}

/** Which Vigil this is: the version from package.json, the commit from `dist/build-info.json`, which `npm run build` leaves there. */
export function buildInfo(): BuildInfo {
  return {
    version: textField(join(__dirname, '../../package.json'), 'version'),
    commit: textField(join(__dirname, '../build-info.json'), 'commit'),
    node: process.versions.node,
  };
}

/** What `--version` prints. */
export function versionText({ version, commit, node }: BuildInfo): string {
  return `vigil ${version} (commit ${commit}, Node ${node})\n`;
}

function textField(path: string, field: string): string {
  try {
    const value = (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)[field];
    return typeof value === 'string' ? value : 'unknown';
  } catch {
    return 'unknown';
  }
}
