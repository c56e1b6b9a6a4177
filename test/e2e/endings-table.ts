import { type Answer, type AnswerBlock, calls, says } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import type { Step } from '../stand-ins/anthropic-steps.ts';
import type { Ending } from './endings-world';

const REPORT = {
  headline: 'the disk of db-1 is full',
  what_is_happening: 'Writes fail.',
  root_cause: { statement: 'The log is not rotated.', component: 'db-1', change: null, confidence: 'high' },
  affected: [],
  evidence: [],
  ruled_out: [],
  actions: [{ action: 'Rotate the log', urgency: 'now' }],
  could_not_check: [],
  flags: [],
};

const reportCall = (over: object = {}): { name: string; input: object } => ({
  name: 'submit_report',
  input: { ...REPORT, ...over },
});
export const report = calls(reportCall());
const badReport = calls({ name: 'submit_report', input: { ...REPORT, root_cause: 'the log' } });
const queryCall = (what: string): { name: string; input: object } => ({
  name: 'query_metrics',
  input: { query: `up{service="${what}"}` },
});
export const query = (what = 'payments'): Answer => calls(queryCall(what));
const unknownTool = (n: number): Answer => calls({ name: 'rm_rf', input: { n } });
const text = (value: string): AnswerBlock => ({ type: 'text', text: value });
const use = (input: object | string, id?: string): AnswerBlock => ({
  type: 'tool_use',
  name: 'query_metrics',
  input,
  id,
});
const stops = (stopReason: string, ...content: AnswerBlock[]): Answer => ({ content, stopReason });
const status = (code: number, message?: string): Answer => ({ fault: 'status', status: code, message });

/** Goes on with `answer` if the results so far are as they should be, else a fault: `is` names each, oldest first. */
function when(is: readonly (RegExp | 'ok' | 'error')[], answer: Answer): Step {
  return (request: ParsedRequest): Answer => {
    const results = toolResults(request);
    const fits = (expected: RegExp | 'ok' | 'error' | undefined, i: number): boolean => {
      const { isError, text: said } = results[i]!;
      return expected instanceof RegExp ? expected.test(said) : isError === (expected === 'error');
    };
    if (results.length === is.length && is.every(fits)) return answer;
    throw new Error(`the results are ${results.map((r) => `${r.isError ? 'error' : 'ok'} ${r.text}`).join(' | ')}`);
  };
}

type Columns = readonly [
  name: string,
  answers: readonly Step[],
  outcome: string,
  endedBy: string,
  title: string,
  says: RegExp,
];

const listed = (rows: readonly Columns[]): Ending[] =>
  rows.map(([name, answers, outcome, endedBy, title, said]) => ({
    name,
    answers,
    outcome,
    endedBy,
    title,
    says: said,
  }));

const FOUND = 'Cause found';
const ANALYSED = 'Analysis without a structured report';
const PARTIAL = 'Partial findings';
const NO_REPORT = 'Ended without a report';
const FAILED = 'Investigation failed';
const DISK = /the disk of db-1 is full/;

/** The stop reasons, with what may stand beside each. */
export const STOPS: readonly Ending[] = listed([
  [
    'end_turn with a report',
    [stops('end_turn', { type: 'tool_use', ...reportCall() })],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'end_turn with text only',
    [says('It is the disk.'), says('It is the disk.')],
    'complete',
    'answer',
    ANALYSED,
    /It is the disk\./,
  ],
  [
    'end_turn without any content',
    [{ content: [] }, { content: [] }],
    'partial',
    'answer',
    NO_REPORT,
    /stopped without saying/,
  ],
  ['end_turn with white space', [says(' \n'), says('\t')], 'partial', 'answer', NO_REPORT, /stopped without saying/],
  ['nothing, then a report', [{ content: [] }, report], 'complete', 'answer', FOUND, DISK],
  [
    'a text, then nothing: the text is kept',
    [says('It is the disk.'), { content: [] }],
    'partial',
    'answer',
    NO_REPORT,
    /It is the disk\./,
  ],
  ['tool_use with a call', [query(), when(['ok'], report)], 'complete', 'answer', FOUND, DISK],
  [
    'tool_use without any call: one nudge, no lap (GV-23)',
    [stops('tool_use', text('Let me look.')), stops('tool_use', text('Let me look.'))],
    'partial',
    'answer',
    NO_REPORT,
    /Let me look/,
  ],
  [
    'tool_use without any content (GV-23)',
    [stops('tool_use'), stops('tool_use')],
    'partial',
    'answer',
    NO_REPORT,
    /stopped without saying/,
  ],
  [
    'max_tokens in a text: it goes on',
    [stops('max_tokens', text('The disk of db-1')), says('is full.')],
    'complete',
    'answer',
    ANALYSED,
    /The disk of db-1\s+is full\./,
  ],
  [
    'max_tokens twice',
    [stops('max_tokens', text('The disk of')), stops('max_tokens', text('db-1 is'))],
    'partial',
    'token_budget',
    NO_REPORT,
    /past the length of one answer[^]*The disk of\s+db-1 is/,
  ],
  [
    'max_tokens in a cut call',
    [stops('max_tokens', use('{"query":"up')), when([/cut off/], report)],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'max_tokens in a cut call, twice',
    [stops('max_tokens', use('{"query":"up')), stops('max_tokens', use('{"q'))],
    'partial',
    'token_budget',
    NO_REPORT,
    /Nothing was queried/,
  ],
  [
    'max_tokens in a thought without its signature',
    [stops('max_tokens', { type: 'thinking', thinking: 'hm', signature: '' }), report],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'max_tokens behind a whole report',
    [stops('max_tokens', { type: 'tool_use', ...reportCall() }, text('And'))],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'stop_sequence',
    [stops('stop_sequence', text('The disk.')), stops('stop_sequence', text('The disk.'))],
    'complete',
    'answer',
    ANALYSED,
    /The disk\./,
  ],
  [
    'pause_turn five times, then a report',
    [1, 2, 3, 4, 5].map((n) => stops('pause_turn', text(`so far ${n}`)) as Step).concat(report),
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'pause_turn without end',
    [1, 2, 3, 4, 5, 6].map((n) => stops('pause_turn', text(`so far ${n}`))),
    'partial',
    'answer',
    NO_REPORT,
    /paused again and again[^]*so far 1[^]*so far 6/,
  ],
  [
    'pause_turn without any content',
    [1, 2, 3, 4, 5, 6].map(() => stops('pause_turn')),
    'partial',
    'answer',
    NO_REPORT,
    /paused again and again/,
  ],
  [
    'refusal without content (GV-15)',
    [stops('refusal')],
    'failed',
    'refusal',
    FAILED,
    /declined to answer\. [^]*yourself/,
  ],
  [
    'refusal with its category',
    [{ content: [text('I can not.')], stopReason: 'refusal', stopDetails: { type: 'refusal', category: 'cyber' } }],
    'failed',
    'refusal',
    FAILED,
    /declined to answer \(category: cyber\)[^]*I can not/,
  ],
  [
    'refusal with a call: it is not run',
    [stops('refusal', use({ query: 'refused' }))],
    'failed',
    'refusal',
    FAILED,
    /Nothing was queried/,
  ],
  [
    'refusal with a report: it is not taken',
    [stops('refusal', { type: 'tool_use', ...reportCall() })],
    'failed',
    'refusal',
    FAILED,
    /declined to answer/,
  ],
  [
    'model_context_window_exceeded',
    [query(), stops('model_context_window_exceeded', text('So far:'))],
    'partial',
    'context_full',
    NO_REPORT,
    /longer than the model can read[^]*So far:[^]*query_metrics/,
  ],
  [
    '400 for a prompt that is too long',
    [query(), status(400, 'prompt is too long: 210000 tokens > 200000 maximum')],
    'partial',
    'context_full',
    NO_REPORT,
    /longer than the model can read[^]*query_metrics/,
  ],
  [
    '413',
    [query(), status(413)],
    'partial',
    'context_full',
    NO_REPORT,
    /longer than the model can read[^]*query_metrics/,
  ],
  [
    'an unknown stop reason, twice',
    [stops('new_one', text('The disk.')), stops('new_one', text('The disk.'))],
    'partial',
    'answer',
    NO_REPORT,
    /does not know \(new[_＿]one\)[^]*The disk/,
  ],
  [
    'an unknown stop reason with a call',
    [stops('new_one', use({ query: 'unforeseen' })), when([/unforeseen way/], report)],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'an unknown stop reason with a call, twice',
    [stops('new_one', use({ query: 'unforeseen' })), stops('new_one', use({ query: 'unforeseen' }))],
    'partial',
    'answer',
    NO_REPORT,
    /does not know/,
  ],
  [
    'blocks of kinds that Vigil does not know (GV-21)',
    [
      {
        content: [
          { type: 'raw', json: '{"type":"container_upload","file_id":"f","z":1.0,"1":[]}' },
          use({ query: 'up' }),
        ],
      },
      when(['ok'], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
]);

const SAME = { query: 'up' };
const circle = (...which: string[]): Answer[] => which.map((what) => query(what));

/** What calls and reports can be. */
export const CALLS: readonly Ending[] = listed([
  ['an unknown tool', [unknownTool(1), when(['error'], report)], 'complete', 'answer', FOUND, DISK],
  [
    'malformed inputs',
    [
      calls(
        ...['"up"', '["up"]', 'null', '{}', '{"query":"up","host":"x"}', '{"query":"up'].map((input) => ({
          name: 'query_metrics',
          input,
        })),
      ),
      when(['error', 'error', 'error', 'error', 'error', 'error'], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'two calls of one id in an answer: the second is refused (F32)',
    [
      { content: [use({ query: 'up' }, 'toolu_1'), use({ query: 'down' }, 'toolu_1')] },
      when(['ok', /same id/], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'an id that was given before',
    [
      { content: [use({ query: 'up' }, 'call_0')] },
      { content: [use({ query: 'up{service="payments"}' }, 'call_0')] },
      when(['ok', 'ok'], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'the same call three times, then a report (F38)',
    [
      calls({ name: 'query_metrics', input: SAME }),
      calls({ name: 'query_metrics', input: SAME }),
      when(['ok', /made before[^]*\[r1\]/], calls({ name: 'query_metrics', input: SAME })),
      when(['ok', 'ok', /already asked/], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'the same call three times in one answer',
    [
      calls(...[1, 2, 3].map(() => ({ name: 'query_metrics', input: SAME }))),
      when(['ok', /made before/, /already asked/], report),
    ],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'the same call without end (F38)',
    circle('a', 'a', 'a', 'a'),
    'partial',
    'answer',
    NO_REPORT,
    /asked for the same things[^]*query_metrics/,
  ],
  [
    'two calls in turns without end (F38)',
    circle('a', 'b', 'a', 'b', 'a', 'b'),
    'partial',
    'answer',
    NO_REPORT,
    /asked for the same things/,
  ],
  [
    'three failed turns, then a report (F31)',
    [1, 2, 3, 4].map((n): Step => unknownTool(n)).concat(when(['error', 'error', 'error', /three turns/], report)),
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'nothing but failed turns (F31)',
    [1, 2, 3, 4, 5].map(unknownTool),
    'partial',
    'answer',
    NO_REPORT,
    /One tool call after the other failed/,
  ],
  [
    'a malformed report twice: what it says is kept',
    [badReport, badReport],
    'partial',
    'answer',
    NO_REPORT,
    /form that cannot be read[^]*the disk of db-1 is full/,
  ],
  ['a malformed report, then a good one', [badReport, when([/root_cause/], report)], 'complete', 'answer', FOUND, DISK],
  [
    'two malformed reports in one answer, then a good one',
    [{ content: [...badReport.content, ...badReport.content] }, report],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'a report beside other calls: they are not run',
    [calls(queryCall('beside'), reportCall())],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'two reports in one answer: the first counts',
    [calls(reportCall(), reportCall({ headline: 'another' }))],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'a report without a headline, then a good one',
    [calls(reportCall({ headline: ' ' })), when([/headline: must say something/], report)],
    'complete',
    'answer',
    FOUND,
    DISK,
  ],
  [
    'a report of empty strings, twice (GV-22)',
    [1, 2].map(() => calls(reportCall({ headline: '', root_cause: { ...REPORT.root_cause, statement: '\n' } }))),
    'partial',
    'answer',
    NO_REPORT,
    /form that cannot be read/,
  ],
  [
    'a report that is only a string, twice',
    [1, 2].map(() => calls({ name: 'submit_report', input: '"The disk is full."' })),
    'partial',
    'answer',
    NO_REPORT,
    /The disk is full\./,
  ],
  [
    '400 invalid_request: the API’s words are not repeated (F28, GV-18)',
    [query(), status(400, 'messages.7: internal words of req_123')],
    'failed',
    'model_unavailable',
    FAILED,
    /malformed[^]*yourself[^]*query_metrics/,
  ],
  [
    '400 bound to a different conversation (F28)',
    [query(), status(400, 'messages.1: `thinking` blocks are bound to a different conversation')],
    'failed',
    'model_unavailable',
    FAILED,
    /takes this conversation for another one/,
  ],
]);

const many = Array.from({ length: 64 }, (_, n) => queryCall(`s${n}`));
const untilSpent = circle('a', 'b', 'c', 'd');

/** With three tool calls. */
export const TOOL_BUDGET: readonly Ending[] = listed([
  [
    '64 calls in one answer with three left (F39, GV-16)',
    [
      calls(...many),
      when(
        many.map((_, n) => (n < 3 ? /up\{/ : /budget of tool calls/)),
        report,
      ),
    ],
    'partial',
    'tool_budget',
    PARTIAL,
    /used up its tool calls[^]*the disk of db-1 is full/,
  ],
  [
    'a report when it is asked for (F40, GV-17)',
    [...untilSpent, report],
    'partial',
    'tool_budget',
    PARTIAL,
    /used up its tool calls[^]*the disk/,
  ],
  [
    'calls although the report was asked for (GV-17)',
    [...untilSpent, query('e')],
    'partial',
    'tool_budget',
    NO_REPORT,
    /did not conclude[^]*query_metrics/,
  ],
  [
    'a text although the report was asked for',
    [...untilSpent, says('The disk.'), says('The disk.')],
    'partial',
    'tool_budget',
    NO_REPORT,
    /did not conclude[^]*The disk\./,
  ],
  ['a report in time', [query(), report], 'complete', 'answer', FOUND, DISK],
]);

/** With no tool call at all. */
export const NO_TOOLS: readonly Ending[] = listed([
  ['a report from the opening message', [report], 'complete', 'answer', FOUND, DISK],
  ['a call, then a report', [query(), when([/budget of tool calls/], report)], 'partial', 'tool_budget', PARTIAL, DISK],
]);

const long = (answer: Answer, outputTokens: number): Answer => ({
  ...(answer as ReturnType<typeof says>),
  outputTokens,
});

/** With 6,000 output tokens. */
export const TOKEN_BUDGET: readonly Ending[] = listed([
  [
    'tokens spent half-way, then a report (F40, GV-17)',
    [long(query(), 2_000), when([/budget of tokens/], report)],
    'partial',
    'token_budget',
    PARTIAL,
    /used up its tokens[^]*the disk/,
  ],
  [
    'no token left for another answer',
    [long(says('The disk.'), 5_900)],
    'partial',
    'token_budget',
    NO_REPORT,
    /tokens were used up[^]*The disk/,
  ],
]);

/** With two seconds, and a Prometheus that hangs. */
export const DEADLINE: readonly Ending[] = listed([
  [
    'a tool until the time is up, then a report (GV-17)',
    [query(), when([/time for this investigation is up/], report)],
    'partial',
    'deadline',
    PARTIAL,
    /ran out of time[^]*the disk/,
  ],
  [
    'a tool until the time is up, then more calls',
    [query(), query('b')],
    'partial',
    'deadline',
    NO_REPORT,
    /time was up/,
  ],
  [
    'a model that says nothing until the time is up (GV-19)',
    [{ fault: 'hang' }],
    'partial',
    'deadline',
    NO_REPORT,
    /time was up[^]*Nothing was queried/,
  ],
]);

const partly = says('a rather long answer, in several pieces');

/** With one second for a call of the model: each fault once, then a report. */
export const PASSING: readonly Ending[] = listed(
  (
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
  ).map(([name, fault]): Columns => [`${name}, then a report`, [fault, report], 'complete', 'answer', FOUND, DISK]),
);
