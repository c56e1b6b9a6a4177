import type { Client } from 'pg';
import type { SlackPost } from '../stand-ins/slack.ts';
import type { Seen } from './seen.ts';

/** Each report that is marked as delivered stands in the channel, once but for what the faults excuse. */
export async function postViolations(
  sql: Client,
  { slack, repeatedPosts = 0 }: Pick<Seen, 'slack' | 'repeatedPosts'>,
): Promise<string[]> {
  const { rows } = await sql.query<{ subject_id: string; state: string }>(
    `SELECT subject_id, state FROM deliveries WHERE kind = 'report' AND channel = 'slack'`,
  );
  const posted = postsOf(slack.posts);
  const unsaid = rows.filter((row) => row.state === 'delivered' && !posted.has(row.subject_id));
  const surplus = [...posted.values()].reduce((sum, count) => sum + count - 1, 0);
  return [
    ...unsaid.map((row) => `I5: the report of triage ${row.subject_id} is marked as delivered and stands nowhere`),
    ...(surplus > repeatedPosts ? [`I5: ${surplus} posts stand twice, ${repeatedPosts} may`] : []),
  ];
}

/** How often the channel shows a message with the link to each triage. */
export function postsOf(posts: readonly SlackPost[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const post of posts.filter(({ accepted }) => accepted)) {
    const ids = new Set([...post.bodyText.matchAll(/\/t\/([0-9A-HJKMNP-TV-Z]{26})/g)].map(([, id]) => id!));
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
