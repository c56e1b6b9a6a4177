import { setTimeout as delay } from 'node:timers/promises';
import { newAlerts, webhookBody } from './alert-bodies.ts';
import type { WebhookClient } from './webhook-client.ts';

/** A webhook that was answered with 202. */
export interface AnsweredPost {
  readonly fingerprint: string;
  /** From the moment at which it was due, in milliseconds: a sender that falls behind counts against what it measures. */
  readonly ms: number;
}

/**
 * Posts bodies of one alert, none seen before, so many a second whether or not those before them are answered, until
 * `ended` says so.
 */
export async function postSteadily(
  client: WebhookClient,
  perSecond: number,
  ended: () => boolean,
): Promise<readonly AnsweredPost[]> {
  const posts: Promise<AnsweredPost>[] = [];
  const startedMs = performance.now();
  while (!ended()) {
    const dueMs = startedMs + (posts.length * 1000) / perSecond;
    await delay(Math.max(0, dueMs - performance.now()));
    posts.push(postOne(client, dueMs));
  }
  return Promise.all(posts);
}

async function postOne(client: WebhookClient, dueMs: number): Promise<AnsweredPost> {
  const [alert] = newAlerts(1);
  await client.post(webhookBody([alert!]));
  return { fingerprint: alert!.fingerprint, ms: performance.now() - dueMs };
}
