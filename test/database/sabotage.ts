import type { Client } from 'pg';

let count = 0;

/**
 * Lets the database misbehave at a statement, from outside of the program: wait in it, or refuse it.
 * @param at of a trigger: `BEFORE INSERT ON firings`, with `FOR EACH ROW` where the body reads the row. One that is
 *   `DEFERRABLE` runs inside of COMMIT
 * @param body of a function in PL/pgSQL, what it returns included
 * @returns mends it
 */
export async function sabotage(sql: Pick<Client, 'query'>, at: string, body: string): Promise<() => Promise<unknown>> {
  const name = `sabotage_${(count += 1)}`;
  const trigger = at.includes('DEFERRABLE') ? 'CONSTRAINT TRIGGER' : 'TRIGGER';
  await sql.query(`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
    CREATE ${trigger} ${name} ${at} EXECUTE FUNCTION ${name}()`);
  return () => sql.query(`DROP FUNCTION ${name} CASCADE`);
}
