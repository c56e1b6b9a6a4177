import { Unavailable } from '../domain/errors';

/** An error as it is logged. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

const MAX_CAUSES = 4;

/**
 * Takes named fields only: a database error carries the statement's arguments, an HTTP client's the request with its
 * headers, and a log keeps them all.
 */
export function loggedError(error: unknown): LoggedError {
  // Of a dependency that is away the reason is all that helps; where it was met is nobody's fault.
  return fieldsOf(error, 0, !(error instanceof Unavailable));
}

function fieldsOf(error: unknown, depth: number, withStack: boolean): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    message: error.message,
    stack: withStack ? error.stack : undefined,
    cause: error.cause === undefined || depth >= MAX_CAUSES ? undefined : fieldsOf(error.cause, depth + 1, withStack),
  };
}
