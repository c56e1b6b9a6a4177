import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { calls, says } from '../test/stand-ins/anthropic-answer.ts';
import { events, messageFrom } from '../test/stand-ins/anthropic-events.ts';
import { listen } from './listen.ts';
import type { StandIn } from './listen.ts';

export interface ModelOptions {
  /** How many turns ask for something before the one that gives the report; absent: it takes requests and never answers. */
  readonly askingTurns?: number;
  /** Tool calls in each of them. */
  readonly callsPerTurn?: number;
  /** How long one answer takes, streamed; 0: all at once. */
  readonly streamMs?: number;
  /** Told, on `performance.now()`, when a request's headers have come and when the last byte of an answer was handed over. */
  readonly seen?: (what: 'request' | 'answered', atMs: number) => void;
}

/** A streamed answer is written in pieces this far apart. */
const PIECE_MS = 100;
/** Some hundred tokens: what a model says in two seconds. */
const TEXT =
  'The error ratio of payments rose with its deploy; the services behind it answer as they did before. '.repeat(6);

/**
 * A model behind the vendor's wire format that does next to nothing: it shares the machine with what is measured. Every
 * call is another query, for the same one would be answered from the record.
 */
export function startModel(options: ModelOptions): Promise<StandIn> {
  const { seen = () => undefined } = options;
  return listen(
    createServer((request, response) => {
      seen('request', performance.now());
      answer(request, response, options).then(
        () => seen('answered', performance.now()),
        () => response.destroy(),
      );
    }),
  );
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ModelOptions): Promise<void> {
  const { askingTurns, callsPerTurn = 1, streamMs = 0 } = options;
  const { model, messages } = (await json(request)) as { model: string; messages: readonly { role: string }[] };
  if (askingTurns === undefined) return new Promise(() => undefined);
  const turn = messages.filter(({ role }) => role === 'assistant').length;
  const { content } = turn < askingTurns ? queries(turn, callsPerTurn) : REPORT;
  const reply = { content: streamMs > 0 ? [...says(TEXT).content, ...content] : content };
  const { opening, lastDeltas, closing } = events(messageFrom(reply, model, USAGE));
  await stream(response, [...opening, ...lastDeltas, ...closing], streamMs);
}

async function stream(response: ServerResponse, all: readonly string[], streamMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const pieces = Math.max(1, Math.round(streamMs / PIECE_MS));
  const each = Math.ceil(all.length / pieces);
  /* answers that began together do not go on together */
  if (streamMs > 0) await delay(Math.random() * PIECE_MS);
  for (let i = 0; i < all.length; i += each) {
    if (streamMs > 0) await delay(PIECE_MS);
    response.write(all.slice(i, i + each).join(''));
  }
  response.end();
}

function queries(turn: number, count: number) {
  const wanted = Array.from({ length: count }, (_, i) => ({
    name: 'query_metrics',
    input: { query: `up{job="shop",turn="${turn}",call="${i}"}` },
  }));
  return calls(...wanted);
}

/** The same for every answer, and small: a budget of tokens is not what is measured. */
const USAGE = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 1000 };

/** Its quote stands in every result and it names no figure: a report with faults would be asked for twice. */
const REPORT = calls({
  name: 'submit_report',
  input: {
    headline: 'payments fails requests since its deploy',
    what_is_happening: TEXT,
    root_cause: { statement: TEXT, component: 'payments', change: null, confidence: 'low' },
    affected: ['payments'],
    evidence: [{ claim: 'payments is up', source: 'r1', quote: 'result: vector' }],
    ruled_out: ['inventory: it answers as before'],
    actions: [{ action: 'Roll payments back', urgency: 'now' }],
    could_not_check: [],
    flags: [],
  },
});
