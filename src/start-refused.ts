import { VigilError } from './domain/errors';
import { DataDirInUse, EmbeddedPostgresUnusable } from './persistence/embedded/embedded-postgres-errors';

/** A listener that cannot be opened as configured. */
export class PortUnusable extends VigilError {
  constructor(flag: 'http' | 'admin', address: string, port: number, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code ?? 'unknown'})`;
    super(
      'start.port_unusable',
      `port ${port} on ${address} ${why}: choose another with --${flag}-port or --${flag}-address`,
      cause,
    );
  }
}

/** A signal came before the program stood; what had been started is ended. No failure. */
export class StartInterrupted extends VigilError {
  constructor() {
    super('start.interrupted', 'a signal ended the start');
  }
}

/** What a person puts right before the next start, told in one sentence; everything else is a failure with its stack. */
export function isForTheOperator(error: unknown): error is VigilError {
  return error instanceof PortUnusable || error instanceof DataDirInUse || error instanceof EmbeddedPostgresUnusable;
}
