import type { Client } from 'pg';

interface Turn {
  readonly conversation_id: string;
  readonly seq: number;
  readonly role: 'user' | 'assistant';
  readonly stop_reason: string | null;
  readonly blocks: readonly { readonly type: string; readonly handle?: string }[];
}

/** Turns without gaps, each tool call with one result in the next turn, sums that are the turns'. */
export async function conversationViolations(sql: Client): Promise<string[]> {
  const { rows } = await sql.query<Turn>('SELECT * FROM turns ORDER BY conversation_id, seq');
  const conversations = Map.groupBy(rows, (turn) => turn.conversation_id);
  return [
    ...[...conversations.values()].flatMap(turnViolations),
    ...(await callViolations(sql)),
    ...(await sumViolations(sql)),
  ];
}

function turnViolations(turns: readonly Turn[]): string[] {
  return turns.flatMap((turn, i) => {
    const where = `turn ${turn.seq} of conversation ${turn.conversation_id}`;
    const before = turns[i - 1];
    const found: string[] = [];
    if (turn.seq !== i) found.push(`I3: ${where} stands where turn ${i} should`);
    const role =
      i === 0 || (before!.role === 'assistant' && before!.stop_reason !== 'pause_turn') ? 'user' : 'assistant';
    if (turn.role !== role) found.push(`I3: ${where} is the ${turn.role}'s, not the ${role}'s`);
    const asked = before?.stop_reason === 'tool_use' ? handles(before, 'tool_use') : [];
    const told = handles(turn, 'tool_result');
    if (asked.join() !== told.join())
      found.push(`I3: ${where} has results ${told.join()} for the calls ${asked.join()}`);
    return found;
  });
}

function handles(turn: Turn, type: string): string[] {
  return turn.blocks.filter((block) => block.type === type).map((block) => block.handle ?? '');
}

/** The key of the table makes two results of one call impossible; a call of a finished triage must have one. */
async function callViolations(sql: Client): Promise<string[]> {
  const orphans = await sql.query<{ handle: string; conversation_id: string }>(
    `SELECT c.handle, c.conversation_id FROM tool_calls c
     WHERE NOT EXISTS (
       SELECT 1 FROM turns t, json_array_elements(t.blocks) b
       WHERE t.conversation_id = c.conversation_id AND t.seq = c.turn_seq
         AND b ->> 'type' = 'tool_use' AND b ->> 'handle' = c.handle)`,
  );
  const repeated = await sql.query<{ handle: string; conversation_id: string }>(
    `SELECT conversation_id, handle FROM tool_calls GROUP BY 1, 2 HAVING count(*) > 1`,
  );
  return [
    ...orphans.rows.map((row) => `I3: the result ${row.handle} of conversation ${row.conversation_id} answers no call`),
    ...repeated.rows.map((row) => `I3: the call ${row.handle} of conversation ${row.conversation_id} has two results`),
  ];
}

async function sumViolations(sql: Client): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT t.id FROM triages t
     LEFT JOIN conversations c ON c.triage_id = t.id LEFT JOIN turns u ON u.conversation_id = c.id
     GROUP BY t.id
     HAVING (t.input_tokens, t.output_tokens, t.cache_read_tokens, t.cache_write_tokens, COALESCE(t.cost_usd, 0))
       IS DISTINCT FROM (COALESCE(sum(u.input_tokens), 0), COALESCE(sum(u.output_tokens), 0),
         COALESCE(sum(u.cache_read_tokens), 0), COALESCE(sum(u.cache_write_tokens), 0), COALESCE(sum(u.cost_usd), 0))`,
  );
  return rows.map((row) => `I7: the sums of triage ${row.id} are not its turns'`);
}
