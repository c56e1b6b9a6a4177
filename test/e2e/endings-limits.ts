import { type Answer, calls, says } from '../stand-ins/anthropic-answer.ts';
import {
  circle,
  DISK,
  faultyReport,
  NO_CALLS,
  NO_CALLS_REPORTED,
  NO_TIME,
  NO_TIME_REPORTED,
  NO_TOKENS,
  NO_TOKENS_REPORTED,
  query,
  queryCall,
  report,
  REPORTED,
  row,
  status,
  USERS,
  when,
} from './endings-script';
import type { Ending } from './endings-world';

const many = Array.from({ length: 64 }, (_, n) => queryCall(`s${n}`));
const untilSpent = circle('a', 'b', 'c', 'd');

/** With three tool calls. */
export const TOOL_BUDGET: readonly Ending[] = [
  row(
    '64 calls in one answer with three left (F39, GV-16)',
    NO_CALLS_REPORTED,
    /used up its tool calls[^]*the disk of the database is full/,
    [
      calls(...many),
      when(
        many.map((_, n) => (n < 3 ? /up\{/ : /budget of tool calls/)),
        report,
      ),
    ],
  ),
  row('a report when it is asked for (F40, GV-17)', NO_CALLS_REPORTED, /used up its tool calls[^]*the disk/, [
    ...untilSpent,
    report,
  ]),
  row('calls although the report was asked for (GV-17)', NO_CALLS, /did not conclude[^]*query_metrics/, [
    ...untilSpent,
    query('e'),
  ]),
  row('a text although the report was asked for', NO_CALLS, /did not conclude[^]*The disk\./, [
    ...untilSpent,
    says('The disk.'),
    says('The disk.'),
  ]),
  row('a report in time', REPORTED, DISK, [query(), report]),
  row('a report with a fault after the calls were spent', NO_CALLS_REPORTED, DISK, [
    ...untilSpent,
    faultyReport,
    report,
  ]),
];

/** With no tool call at all. */
export const NO_TOOLS: readonly Ending[] = [
  row('a report from the opening message', REPORTED, DISK, [report]),
  row('a call, then a report', NO_CALLS_REPORTED, DISK, [query(), when([/budget of tool calls/], report)]),
];

const long = (answer: Answer, outputTokens: number): Answer => ({
  ...(answer as ReturnType<typeof says>),
  outputTokens,
});

/** With 6,000 output tokens. */
export const TOKEN_BUDGET: readonly Ending[] = [
  row('tokens spent half-way, then a report (F40, GV-17)', NO_TOKENS_REPORTED, /used up its tokens[^]*the disk/, [
    long(query(), 2_000),
    when([/budget of tokens/], report),
  ]),
  row('no token left for another answer', NO_TOKENS, /tokens were used up[^]*The disk/, [
    long(says('The disk.'), 5_900),
  ]),
  row('no token left for another report: one with a fault stands at once', REPORTED, USERS, [
    long(faultyReport, 3_100),
  ]),
];

/** With two seconds, and a Prometheus that hangs. */
export const DEADLINE: readonly Ending[] = [
  row('a tool until the time is up, then a report (GV-17)', NO_TIME_REPORTED, /ran out of time[^]*the disk/, [
    query(),
    when([/time for this investigation is up/], report),
  ]),
  row('a tool until the time is up, then more calls', NO_TIME, /time was up/, [query(), query('b')]),
  row('a model that says nothing until the time is up (GV-19)', NO_TIME, /time was up[^]*Nothing was queried/, [
    { fault: 'hang' },
  ]),
  row('a model that stops in the middle of its answer until the time is up', NO_TIME, /time was up/, [
    { fault: 'stall', reply: says('a rather long answer, in several pieces') },
  ]),
  row('a report with a fault, then silence until the time is up', REPORTED, USERS, [faultyReport, { fault: 'hang' }]),
];

const partly = says('a rather long answer, in several pieces');

/** With one second for a call of the model: each fault once, then a report. */
export const PASSING: readonly Ending[] = (
  [
    ['a connection that is reset', { fault: 'reset' }],
    ['a stream that is cut', { fault: 'cut', reply: partly }],
    ['a stream that is cut in a call (F30)', { fault: 'cut', reply: query() as ReturnType<typeof calls> }],
    ['a stream that ends early', { fault: 'ended_early', reply: partly }],
    ['an error event in the stream', { fault: 'stream_error', reply: partly }],
    ['no byte at all (F29)', { fault: 'hang' }],
    ['half an answer and silence (F29)', { fault: 'stall', reply: partly }],
    ['429 with retry-after: 3 (F23)', { fault: 'status', status: 429, headers: { 'retry-after': '3' } }],
    ['500 (F25)', status(500)],
    ['504', status(504)],
    ['529', status(529)],
    ['503 with a page of a proxy', { fault: 'status', status: 503, body: '<html>down</html>' }],
  ] as readonly (readonly [string, Answer])[]
).map(([name, fault]) => row(`${name}, then a report`, REPORTED, DISK, [fault, report]));
