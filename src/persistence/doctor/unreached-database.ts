import { connectionFault } from '../../domain/connection-fault';
import type { UnreachedWhy } from '../../doctor/ports/installation-records';

/** PostgreSQL's words for a refusal (Appendix A, Error Codes), each with what to do. */
const REFUSALS: ReadonlyMap<string, UnreachedWhy> = new Map([
  ['28P01', { reason: 'it refuses the password', todo: 'Correct the password in database-url.' }],
  [
    '28000',
    { reason: 'it does not let this user in', todo: 'Correct the user in database-url, or pg_hba.conf on the server.' },
  ],
  ['3D000', { reason: 'it has no database of this name', todo: 'Create the database, or correct database-url.' }],
  [
    '53300',
    {
      reason: 'all of its connections are taken',
      todo: 'Raise max_connections, put a pooler before it, or end what holds them (pg_stat_activity).',
    },
  ],
  ['57P03', { reason: 'it is starting, recovering or shutting down', todo: 'Wait a minute, then look again.' }],
]);

const CHECK = 'Check that Postgres runs, and the host and port in database-url, from this machine.';

/** Why a database cannot be asked, without its address. */
export function unreachedWhy(error: unknown): UnreachedWhy {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const refusal = typeof code === 'string' ? REFUSALS.get(code) : undefined;
  if (refusal) return refusal;
  const said = typeof message === 'string' ? message : '';
  if (/timeout exceeded when trying to connect|connection timeout|Query read timeout/i.test(said)) {
    return { reason: 'it does not answer in time', todo: CHECK };
  }
  if (/does not support SSL/i.test(said)) {
    return { reason: 'it speaks no TLS', todo: 'Take sslmode out of database-url, or switch TLS on at the server.' };
  }
  if (/certificate/i.test(said) && typeof code !== 'string') {
    return { reason: 'its certificate is not accepted', todo: 'Name its authority by sslrootcert in database-url.' };
  }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE') {
    return { reason: `it refuses the connection (SQLSTATE ${code})`, todo: CHECK };
  }
  return { reason: connectionFault(error), todo: CHECK };
}
