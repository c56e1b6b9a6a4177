import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';

/** What a driver error carries: an SQLSTATE, or Node's word for a broken socket. */
function codeOf(error: unknown): string {
  const driverError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof driverError !== 'object' || driverError === null) return '';
  return 'code' in driverError ? String(driverError.code) : '';
}

/** Another transaction changed what this one had read: on a second look it finds out what. */
export class Overtaken extends Error {}

/** Serialization failure, deadlock, overtaken: the transaction can be run again as it is. */
export function isConflict(error: unknown): boolean {
  return error instanceof Overtaken || ['40001', '40P01'].includes(codeOf(error));
}

/** The server takes no writes, as after a failover. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/** A key that exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** pg's own errors without a code. */
const DRIVER_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|Query read timeout|Driver not Connected/i;
const SOCKET_CODES = [
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
];

/**
 * The database cannot do it now: connection (08), resources (53), going down or up (57P), read-only after a failover
 * (25006), statement_timeout (57014), lock_timeout (55P03), a transaction that was cut because this process had been
 * stopped in it (25P03), or no connection at all.
 */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|53)...$/.test(code) || /^57P0[1235]$/.test(code) || ['57014', '55P03', '25P03'].includes(code)) return true;
  if (isReadOnly(error)) return true;
  if (SOCKET_CODES.includes(code)) return true;
  // TypeORM's word for a connection that was cut between two statements of one read.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  return error instanceof Error && DRIVER_MESSAGES.test(error.message);
}
