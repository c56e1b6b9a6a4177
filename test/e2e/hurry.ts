import type { Client } from 'pg';

/** Lets pauses and leases pass where they are kept; what the only worker runs, it does not take again. */
export async function hurry(sql: Client): Promise<void> {
  await sql.query(`
    UPDATE triages SET due_at = now() WHERE status = 'queued' AND due_at > now();
    UPDATE triages SET lease_until = now() WHERE status = 'running' AND lease_until > now();
    UPDATE deliveries SET lease_until = now() WHERE lease_until > now()`);
}
