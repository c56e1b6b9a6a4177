import type { Client } from 'pg';
import type { Seen } from './seen.ts';

/** No secret of the installation stands in a table, in a request to the model, or in a message. */
export async function canariesIn(
  sql: Client,
  { secrets = [], model, slack }: Pick<Seen, 'secrets' | 'model' | 'slack'>,
): Promise<string[]> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const found: string[] = [];
  for (const [i, secret] of secrets.entries()) {
    const which = `secret ${i + 1} of ${secrets.length}`;
    for (const { name } of tables) {
      const { rows } = await sql.query(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [secret]);
      if (rows.length > 0) found.push(`I8: ${which} stands in the table ${name}`);
    }
    if (model.journal.some(({ bodyText }) => bodyText.includes(secret)))
      found.push(`I8: ${which} was sent to the model`);
    if (slack.posts.some(({ bodyText }) => bodyText.includes(secret))) found.push(`I8: ${which} was posted`);
  }
  return found;
}
