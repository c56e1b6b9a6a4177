import type { DeliveryOutcome } from '../../domain/delivery';

/** An answer of Slack: the status and the first of its text. */
export interface SlackAnswer {
  readonly status: number;
  /** The `Retry-After` header as it came. */
  readonly retryAfter?: string;
  readonly text: string;
}

/** What an answer means; `unreadable` is our bug: the same message never gets through, a plainer one may. */
export type SlackOutcome = DeliveryOutcome | { readonly outcome: 'unreadable'; readonly reason: string };

/** Slack's own trouble, whatever the status. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'rollup_error',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

const TOO_MANY: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited', 'message_limit_exceeded']);

/** Slack cannot read the message. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
]);

/** What a person can do about an answer that stays the same until somebody does. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['no_service', 'the webhook was removed or switched off: make a new one and set slack-webhook-url'],
  ['no_active_hooks', 'the webhook was removed or switched off: make a new one and set slack-webhook-url'],
  ['no_team', 'the workspace of the webhook is gone: make a new one and set slack-webhook-url'],
  ['team_disabled', 'the workspace of the webhook is disabled: make a new one elsewhere and set slack-webhook-url'],
  ['invalid_token', 'the webhook URL is wrong or no longer valid: check slack-webhook-url'],
  ['channel_not_found', 'the channel of the webhook is gone: make a webhook for another one and set slack-webhook-url'],
  [
    'channel_is_archived',
    'the channel is archived: unarchive it, or set slack-webhook-url to a webhook of another one',
  ],
  ['action_prohibited', 'a rule of the workspace forbids the post: ask its administrators'],
  ['posting_to_general_channel_denied', 'the webhook may not post to #general: set slack-webhook-url to another one'],
]);

/** A server that says a day is not asked more seldom than this. Milliseconds. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/** Classifies Slack's answer. The status alone is never trusted: an error can come with 200. */
export function readAnswer({ status, retryAfter, text }: SlackAnswer, secret: string): SlackOutcome {
  const word = wordOf(text, secret);
  if (status >= 200 && status < 300 && word === 'ok') return { outcome: 'delivered' };
  const reason = `Slack answered ${status}${word === '' ? '' : ` ${word}`}`;
  if (status === 429 || TOO_MANY.has(word)) return { outcome: 'retry', reason, afterMs: milliseconds(retryAfter) };
  if (status >= 500 || status === 408 || TRANSIENT.has(word)) {
    return { outcome: 'retry', reason, afterMs: milliseconds(retryAfter) };
  }
  if (status === 413 || UNREADABLE.has(word)) return { outcome: 'unreadable', reason };
  return { outcome: 'rejected', reason: `${reason}: ${ADVICE.get(word) ?? adviceByStatus(status)}` };
}

/** A message that may have arrived is not sent again: nobody wants it every few minutes for a day. */
function adviceByStatus(status: number): string {
  if (status < 300) return 'that is not how Slack answers: check that slack-webhook-url is a webhook, not a proxy';
  if (status < 400) return 'redirects are not followed: set slack-webhook-url to the address of the webhook itself';
  return 'Slack will not take it as it is: check slack-webhook-url';
}

/** Slack's word for what happened, plain or in JSON; empty when it is no such word. It must not give the URL away. */
function wordOf(text: string, secret: string): string {
  const word = (wordInJson(text) ?? text).trim();
  return /^[a-z][a-z_]{1,63}$/.test(word) && (word === 'ok' || !secret.includes(word)) ? word : '';
}

function wordInJson(text: string): string | undefined {
  try {
    const answer = JSON.parse(text) as { ok?: unknown; error?: unknown } | null;
    if (answer?.ok === true) return 'ok';
    return typeof answer?.error === 'string' ? answer.error : undefined;
  } catch {
    return undefined;
  }
}

/** Slack counts in seconds. */
function milliseconds(retryAfter: string | undefined): number | undefined {
  if (!retryAfter || !/^\d{1,9}$/.test(retryAfter)) return undefined;
  return Math.min(Number(retryAfter) * 1_000, RETRY_AFTER_MAX_MS);
}
