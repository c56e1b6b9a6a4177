import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { slackRefusal } from './slack-limits.ts';

/** How one post ends. A well-formed post is `ok` by default; a malformed one is refused in any case but a fault's. */
export type SlackAnswer =
  | 'ok'
  | 'server_error'
  | 'invalid_blocks'
  | 'no_service'
  /** Takes the post and never answers. */
  | 'hang'
  /** Resets the connection, the post is not taken. */
  | 'reset'
  /** The post is taken and shown; the answer is lost. */
  | 'lost_answer'
  | { readonly retryAfterSeconds: number }
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

/** One body that arrived at the webhook's path. */
export interface SlackPost {
  readonly at: Date;
  /** The message; undefined when it was no JSON. */
  readonly body: SlackMessage | undefined;
  readonly bodyText: string;
  readonly contentType: string;
  /** Shown in the channel. */
  accepted: boolean;
  /** `200 ok`, `429 rate_limited`, `hang` …; `open` while it is being answered. */
  answered: string;
}

export interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly [member: string]: unknown;
}

/** A running incoming webhook. */
export interface SlackStandIn {
  /** The webhook URL: a secret as a whole. */
  readonly url: string;
  /** Every post, oldest first, refused ones too. */
  readonly posts: readonly SlackPost[];
  /** What stands in the channel. */
  readonly channel: readonly SlackMessage[];
  /** Chooses the answer to each post (`n` counts from 0); without an argument all is well again. */
  answer(choose?: (post: SlackPost, n: number) => SlackAnswer): void;
  stop(): Promise<void>;
}

/** Serves one incoming webhook on a free port of 127.0.0.1. */
export async function startSlack(): Promise<SlackStandIn> {
  const path = `/services/T00000000/B00000000/${randomBytes(12).toString('hex')}`;
  const posts: SlackPost[] = [];
  let choose: (post: SlackPost, n: number) => SlackAnswer = () => 'ok';
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bodyText = await text(request);
    if (request.url !== path) return send(response, 404, 'no_service');
    if (request.method !== 'POST') return send(response, 400, 'invalid_payload');
    const post: SlackPost = {
      at: new Date(),
      body: parsed(bodyText),
      bodyText,
      contentType: request.headers['content-type'] ?? '',
      accepted: false,
      answered: 'open',
    };
    posts.push(post);
    end(response, post, choose(post, posts.length - 1));
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    posts,
    get channel() {
      return posts.flatMap((post) => (post.accepted && post.body !== undefined ? [post.body] : []));
    },
    answer: (chosen = () => 'ok') => void (choose = chosen),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function end(response: ServerResponse, post: SlackPost, answer: SlackAnswer): void {
  const [status, body, headers] = statusOf(post, answer);
  post.answered = status === 0 ? body : `${status} ${body}`;
  if (body === 'hang') return;
  post.accepted = body === 'ok' || body === 'lost_answer';
  if (status === 0) response.socket?.resetAndDestroy();
  else send(response, status, body, headers);
}

/** Status 0 stands for an end without an answer. */
function statusOf(post: SlackPost, answer: SlackAnswer): [number, string, Readonly<Record<string, string>>?] {
  if (typeof answer === 'object') {
    if ('status' in answer) return [answer.status, answer.body, answer.headers];
    return [429, 'rate_limited', { 'retry-after': String(answer.retryAfterSeconds) }];
  }
  const refusal = slackRefusal(post.body);
  switch (answer) {
    case 'hang':
    case 'reset':
      return [0, answer];
    case 'server_error':
      return [500, 'internal_error'];
    case 'invalid_blocks':
      return [400, answer];
    case 'no_service':
      return [404, answer];
    case 'lost_answer':
      return refusal === undefined ? [0, answer] : [400, refusal];
    case 'ok':
      return refusal === undefined ? [200, answer] : [400, refusal];
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);
}

function parsed(bodyText: string): SlackMessage | undefined {
  try {
    return JSON.parse(bodyText) as SlackMessage;
  } catch {
    return undefined;
  }
}
