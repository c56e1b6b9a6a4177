import { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';

/**
 * A process that owns the data directory of its first argument. Says `{"url","adopted"}` or `{"error","message"}` in one
 * line; stops the server at the end of its standard input.
 */
async function own(): Promise<void> {
  try {
    const log = (_level: string, message: string) => process.stderr.write(`${message}\n`);
    const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log });
    process.stdout.write(`${JSON.stringify({ url: postgres.url, adopted: postgres.adopted })}\n`);
    process.stdin.on('end', () => void postgres.stop().then(() => process.exit(0)));
    process.stdin.resume();
  } catch (error) {
    const { name, message } = error as Error;
    process.stdout.write(`${JSON.stringify({ error: name, message })}\n`);
    process.exitCode = 2;
  }
}

void own();
