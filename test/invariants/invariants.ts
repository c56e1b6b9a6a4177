import type { Client } from 'pg';
import type { JournalEntry } from '../stand-ins/anthropic.ts';
import type { SlackPost } from '../stand-ins/slack.ts';
import { canariesIn } from './canaries.ts';
import { conversationViolations } from './conversations.ts';
import { modelCallViolations } from './model-calls.ts';
import { postViolations } from './posts.ts';
import { queueViolations } from './queue.ts';

/** What was seen from outside of one installation, and what its faults excuse. */
export interface Seen {
  /** Alerts that were answered with 2xx. */
  readonly acknowledged?: readonly AcknowledgedAlert[];
  readonly model: { readonly journal: readonly JournalEntry[]; readonly faults: readonly string[] };
  readonly slack: { readonly posts: readonly SlackPost[] };
  /** `lease-seconds` of all replicas. */
  readonly leaseSeconds: number;
  /** Answered model calls that may be missing in the record: in flight at a kill, a cut, or a database outage. */
  readonly lostAnswers?: number;
  /** Posts that may stand twice: Slack had said ok, and the process died or the database was away before that was recorded. */
  readonly repeatedPosts?: number;
  /** Secrets of the installation: in no table, model request or post. */
  readonly secrets?: readonly string[];
}

export interface AcknowledgedAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
}

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
