/**
 * Three families of errors, chosen by who can act: `Rejected` (the caller), `Unavailable` (a dependency, now),
 * `Defect` (us). An end that is expected is no error but a value (`Admission`, `NextStep`, `ToolOutcome` …).
 */
export abstract class VigilError extends Error {
  /**
   * @param code stable, dotted, lower case (`webhook.not_an_object`): a metric label and the thing a test asks for
   * @param message may be shown to anybody: no host, no token, no stack, no vendor's text
   * @param cause what went wrong underneath; for the log, never for an answer
   */
  constructor(
    readonly code: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** The caller's input or rights; nothing changes until the caller does. HTTP 4xx, logged as info. */
export class Rejected extends VigilError {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 410 | 413 | 415 | 422,
    code: string,
    message: string,
    cause?: unknown,
  ) {
    super(code, message, cause);
  }
}

/** A dependency does not answer as it should, now; the same may succeed later. HTTP 503, logged as warn, retried. */
export class Unavailable extends VigilError {
  /** How long to wait before asking again, in milliseconds, where the other side said so. */
  readonly retryAfterMs?: number;
  constructor(code: string, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(code, message, options.cause);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A broken invariant of our own. HTTP 500, logged as error. */
export class Defect extends VigilError {}

/** The worker no longer holds this triage: another one does, or it was settled. Nothing may be written any more. */
export class LeaseLost extends VigilError {
  constructor(triageId: string) {
    super('triage.lease_lost', `the lease of triage ${triageId} is held by another worker`);
  }
}

/** Makes a union's switch total: a new member does not compile until it has a branch. */
export function assertNever(value: never): never {
  throw new Defect('defect.unreachable', `unexpected value: ${JSON.stringify(value)}`);
}
