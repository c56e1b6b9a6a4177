import type { Client } from 'pg';
import { canariesIn } from './canaries.ts';
import { conversationViolations } from './conversations.ts';
import { modelCallViolations } from './model-calls.ts';
import { postViolations } from './posts.ts';
import { queueViolations } from './queue.ts';
import type { Seen } from './seen.ts';

/** What must hold whatever happened: each violation in a sentence, none when all is well. */
export async function violations(sql: Client, seen: Seen): Promise<string[]> {
  return [
    ...(await queueViolations(sql, seen)),
    ...(await conversationViolations(sql)),
    ...(await modelCallViolations(sql, seen)),
    ...(await postViolations(sql, seen)),
    ...(await canariesIn(sql, seen)),
  ];
}
