import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase } from './create-test-database';

const ROOT = join(__dirname, '../..');
/** What can be set up by root alone, or not on every machine: told aloud where it is not tried. */
const MAY_SKIP = ['test/embedded/embedded-bench.ts', 'test/embedded/accounts.spec.ts'];

describe('The tests of the database', () => {
  it('have a real Postgres of the version that Vigil brings, migrated, with nothing set or installed (GV-72)', async () => {
    const { url, drop } = await createTestDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int / 10000 AS major, to_regclass('triages') IS NOT NULL AS migrated`,
    );
    await client.end();
    await drop();
    expect(rows).toEqual([{ major: 18, migrated: true }]);
  });

  it('are never skipped, and no other test is but for want of root (GV-72)', () => {
    const specs = ['src', 'test'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    );
    const skipping = specs
      .filter((name) => name.endsWith('.ts') && !name.endsWith('runs-by-default.spec.ts'))
      .filter((name) =>
        /\b(it|describe|test)(\.\w+)*\.(skip|todo)\b|\bx(it|describe|test)\(/.test(
          readFileSync(join(ROOT, name), 'utf8'),
        ),
      )
      .map((name) => name.replaceAll(sep, '/'));
    expect(skipping.sort()).toEqual(MAY_SKIP.sort());
  });
});
