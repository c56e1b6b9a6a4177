import { Client, type ClientConfig } from 'pg';

/** What a server that is there does at once: the end of a session. */
const GOODBYE_MS = 1_000;

/**
 * A connection to a server that may stop answering without going away: its process stopped, its machine, the network in
 * between. `query_timeout` fails a statement whose answer is late, but pg keeps the connection, and in a pool the next
 * statement would wait behind the late one. This connection is ended with such a statement, so that nobody gets it again;
 * what the server did with the statement is not known.
 */
export class ImpatientClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // Between the hands of the pool and ours nobody listens; a server that ends the session then would end the process.
    // The statement under way, or the next one, fails and tells.
    this.on('error', () => undefined);
  }

  // pg has nine forms of it; whatever comes is passed on as it is.
  override query(...given: never[]): never {
    const answer: unknown = super.query(...(given as unknown as [text: string]));
    if (answer instanceof Promise) answer.catch((error: unknown) => isLate(error) && void this.end());
    return answer as never;
  }

  // Forms as in pg.
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const { connection } = this;
    const timer = setTimeout(() => connection.stream.destroy(), GOODBYE_MS).unref();
    connection.once('end', () => clearTimeout(timer));
    return callback ? super.end(callback) : super.end();
  }
}

/** pg's words for it; they have no code. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}
