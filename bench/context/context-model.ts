import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { calls } from '../../test/stand-ins/anthropic-answer.ts';
import { events, messageFrom } from '../../test/stand-ins/anthropic-events.ts';
import { listen } from '../listen.ts';
import type { StandIn } from '../listen.ts';

/** A request to the model, as far as it is looked at. */
export interface SeenRequest {
  readonly model: string;
  readonly system: unknown;
  readonly tools: readonly { readonly name: string }[];
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export interface Call {
  readonly name: string;
  readonly input: object;
}

/** A model that asks one given question and then reports. `opened` is told the first request of each triage. */
export function startContextModel(call: () => Call, opened: (request: SeenRequest) => void): Promise<StandIn> {
  return listen(
    createServer((request, response) => {
      json(request).then(
        (body) => {
          const seen = body as SeenRequest;
          const isFirst = !seen.messages.some(({ role }) => role === 'assistant');
          if (isFirst) opened(seen);
          const { opening, lastDeltas, closing } = events(
            messageFrom(isFirst ? calls(call()) : REPORT, seen.model, USAGE),
          );
          response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
          response.end([...opening, ...lastDeltas, ...closing].join(''));
        },
        () => response.destroy(),
      );
    }),
  );
}

/** Small: a budget of tokens is not what is measured. */
const USAGE = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 1000 };

/** It claims nothing: a report with faults would be asked for twice. */
const REPORT = calls({
  name: 'submit_report',
  input: {
    headline: 'The question was asked',
    what_is_happening: 'One question was asked, and its answer was measured.',
    root_cause: { statement: 'It is not known.', component: 'not known', change: null, confidence: 'unknown' },
    affected: [],
    evidence: [],
    ruled_out: [],
    actions: [],
    could_not_check: [],
    flags: [],
  },
});
