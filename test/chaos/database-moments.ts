import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { MomentName } from './moments.ts';

const AGAIN_MS = 50;

/** What tells the run, after its commit, of a row that the program has written. */
const TRIGGERS: readonly (readonly [MomentName, event: string, when: string])[] = [
  ['opening.recorded', 'INSERT ON turns', 'NEW.seq = 0'],
  ['turn.recorded', 'INSERT ON turns', `NEW.role = 'assistant'`],
  ['call.recorded', 'INSERT ON tool_calls', 'true'],
  ['triage.settled', 'UPDATE ON triages', `NEW.status = 'finished'`],
  ['delivery.recorded', 'UPDATE ON deliveries', `NEW.state = 'delivered'`],
];

/** Makes the database tell of what is committed; the tables are there already. */
export async function tellOfCommits(sql: Client): Promise<void> {
  await sql.query(`
    CREATE FUNCTION chaos_tell() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE triage text;
    BEGIN
      triage := CASE TG_TABLE_NAME
        WHEN 'triages' THEN to_jsonb(NEW) ->> 'id'
        WHEN 'deliveries' THEN to_jsonb(NEW) ->> 'subject_id'
        ELSE (SELECT triage_id FROM conversations WHERE id = to_jsonb(NEW) ->> 'conversation_id') END;
      PERFORM pg_notify('chaos', TG_ARGV[0] || ' ' || triage);
      RETURN NULL;
    END $$`);
  for (const [name, event, when] of TRIGGERS) {
    await sql.query(
      `CREATE TRIGGER "chaos ${name}" AFTER ${event} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION chaos_tell('${name}')`,
    );
  }
}

/** Hears of commits until `signal` aborts, over every restart of the server. */
export async function hearCommits(
  url: string,
  signal: AbortSignal,
  heard: (name: MomentName, triageId: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    const client = new Client({ connectionString: url, application_name: 'chaos ear' });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload = '' }) => {
      const [name, triageId] = payload.split(' ');
      heard(name as MomentName, triageId ?? '');
    });
    try {
      await client.connect();
      await client.query('LISTEN chaos');
      await ended;
    } catch {
      await delay(AGAIN_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
