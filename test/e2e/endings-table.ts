import { calls, says } from '../stand-ins/anthropic-answer.ts';
import type { Step } from '../stand-ins/anthropic-steps.ts';
import {
  badReport,
  BOUND,
  circle,
  DISK,
  GIVEN_UP,
  NO_TOKENS,
  query,
  queryCall,
  REFUSED,
  report,
  REPORT,
  reportCall,
  REPORTED,
  row,
  status,
  STOPPED,
  stops,
  text,
  TOLD,
  TOO_LONG,
  unknownTool,
  use,
  when,
} from './endings-script';
import type { Ending } from './endings-world';

/** The stop reasons, with what may stand beside each. */
export const STOPS: readonly Ending[] = [
  row('end_turn with a report', REPORTED, DISK, [stops('end_turn', { type: 'tool_use', ...reportCall() })]),
  row('end_turn with text only', TOLD, /It is the disk\./, [says('It is the disk.'), says('It is the disk.')]),
  row('end_turn without any content (F37)', STOPPED, /stopped without saying/, [{ content: [] }, { content: [] }]),
  row('end_turn with white space', STOPPED, /stopped without saying/, [says(' \n'), says('\t')]),
  row('nothing, then a report', REPORTED, DISK, [{ content: [] }, report]),
  row('a text, then nothing: the text is kept', STOPPED, /It is the disk\./, [
    says('It is the disk.'),
    { content: [] },
  ]),
  row('tool_use with a call', REPORTED, DISK, [query(), when(['ok'], report)]),
  row('tool_use without any call: one nudge, no lap (GV-23)', STOPPED, /Let me look/, [
    stops('tool_use', text('Let me look.')),
    stops('tool_use', text('Let me look.')),
  ]),
  row('tool_use without any content (GV-23)', STOPPED, /stopped without saying/, [
    stops('tool_use'),
    stops('tool_use'),
  ]),
  row('max_tokens in a text: it goes on (F33)', TOLD, /The disk of db-1\s+is full\./, [
    stops('max_tokens', text('The disk of db-1')),
    says('is full.'),
  ]),
  row('max_tokens twice (F33)', NO_TOKENS, /past the length of one answer[^]*The disk of\s+db-1 is/, [
    stops('max_tokens', text('The disk of')),
    stops('max_tokens', text('db-1 is')),
  ]),
  row('max_tokens in a cut call (F33)', REPORTED, DISK, [
    stops('max_tokens', use('{"query":"up')),
    when([/cut off/], report),
  ]),
  row('max_tokens in a cut call, twice (F33)', NO_TOKENS, /Nothing was queried/, [
    stops('max_tokens', use('{"query":"up')),
    stops('max_tokens', use('{"q')),
  ]),
  row('max_tokens in a thought without its signature', REPORTED, DISK, [
    stops('max_tokens', { type: 'thinking', thinking: 'hm', signature: '' }),
    report,
  ]),
  row('max_tokens behind a whole report', REPORTED, DISK, [
    stops('max_tokens', { type: 'tool_use', ...reportCall() }, text('And')),
  ]),
  row('stop_sequence', TOLD, /The disk\./, [
    stops('stop_sequence', text('The disk.')),
    stops('stop_sequence', text('The disk.')),
  ]),
  row(
    'pause_turn five times, then a report (F35)',
    REPORTED,
    DISK,
    [1, 2, 3, 4, 5].map((n) => stops('pause_turn', text(`so far ${n}`)) as Step).concat(report),
  ),
  row(
    'pause_turn without end (F35)',
    STOPPED,
    /paused again and again[^]*so far 1[^]*so far 6/,
    [1, 2, 3, 4, 5, 6].map((n) => stops('pause_turn', text(`so far ${n}`))),
  ),
  row(
    'pause_turn without any content',
    STOPPED,
    /paused again and again/,
    [1, 2, 3, 4, 5, 6].map(() => stops('pause_turn')),
  ),
  row('refusal without content (F34, GV-15)', REFUSED, /declined to answer\. [^]*yourself/, [stops('refusal')]),
  row('refusal with its category (F34)', REFUSED, /declined to answer \(category: cyber\)[^]*I can not/, [
    { content: [text('I can not.')], stopReason: 'refusal', stopDetails: { type: 'refusal', category: 'cyber' } },
  ]),
  row('refusal with a call: it is not run (F34)', REFUSED, /Nothing was queried/, [
    stops('refusal', use({ query: 'refused' })),
  ]),
  row('refusal with a report: it is not taken', REFUSED, /declined to answer/, [
    stops('refusal', { type: 'tool_use', ...reportCall() }),
  ]),
  row('model_context_window_exceeded (F36)', TOO_LONG, /longer than the model can read[^]*So far:[^]*query_metrics/, [
    query(),
    stops('model_context_window_exceeded', text('So far:')),
  ]),
  row('400 for a prompt that is too long (F36)', TOO_LONG, /longer than the model can read[^]*query_metrics/, [
    query(),
    status(400, 'prompt is too long: 210000 tokens > 200000 maximum'),
  ]),
  row('413 (F28)', TOO_LONG, /longer than the model can read[^]*query_metrics/, [query(), status(413)]),
  row('an unknown stop reason, twice (F37)', STOPPED, /does not know \(new[_＿]one\)[^]*The disk/, [
    stops('new_one', text('The disk.')),
    stops('new_one', text('The disk.')),
  ]),
  row('an unknown stop reason with a call (F37)', REPORTED, DISK, [
    stops('new_one', use({ query: 'unforeseen' })),
    when([/unforeseen way/], report),
  ]),
  row('an unknown stop reason with a call, twice', STOPPED, /does not know/, [
    stops('new_one', use({ query: 'unforeseen' })),
    stops('new_one', use({ query: 'unforeseen' })),
  ]),
  row('blocks of kinds that Vigil does not know (GV-21)', REPORTED, DISK, [
    {
      content: [
        { type: 'raw', json: '{"type":"container_upload","file_id":"f","z":1.0,"1":[]}' },
        use({ query: 'up' }),
      ],
    },
    when(['ok'], report),
  ]),
];

const SAME = { query: 'up' };

/** What calls and reports can be. */
export const CALLS: readonly Ending[] = [
  row('an unknown tool (F31)', REPORTED, DISK, [unknownTool(1), when(['error'], report)]),
  row('malformed inputs (F31)', REPORTED, DISK, [
    calls(
      ...['"up"', '["up"]', 'null', '{}', '{"query":"up","host":"x"}', '{"query":"up'].map((input) => ({
        name: 'query_metrics',
        input,
      })),
    ),
    when(['error', 'error', 'error', 'error', 'error', 'error'], report),
  ]),
  row('two calls of one id in an answer: the second is refused (F32)', REPORTED, DISK, [
    { content: [use({ query: 'up' }, 'toolu_1'), use({ query: 'down' }, 'toolu_1')] },
    when(['ok', /same id/], report),
  ]),
  row('an id that was given before', REPORTED, DISK, [
    { content: [use({ query: 'up' }, 'call_0')] },
    { content: [use({ query: 'up{service="payments"}' }, 'call_0')] },
    when(['ok', 'ok'], report),
  ]),
  row('the same call three times, then a report (F38)', REPORTED, DISK, [
    calls({ name: 'query_metrics', input: SAME }),
    calls({ name: 'query_metrics', input: SAME }),
    when(['ok', /made before[^]*\[r1\]/], calls({ name: 'query_metrics', input: SAME })),
    when(['ok', 'ok', /already asked/], report),
  ]),
  row('the same call three times in one answer', REPORTED, DISK, [
    calls(...[1, 2, 3].map(() => ({ name: 'query_metrics', input: SAME }))),
    when(['ok', /made before/, /already asked/], report),
  ]),
  row(
    'the same call without end (F38)',
    STOPPED,
    /asked for the same things[^]*query_metrics/,
    circle('a', 'a', 'a', 'a'),
  ),
  row(
    'two calls in turns without end (F38)',
    STOPPED,
    /asked for the same things/,
    circle('a', 'b', 'a', 'b', 'a', 'b'),
  ),
  row(
    'three failed turns, then a report (F31)',
    REPORTED,
    DISK,
    [1, 2, 3, 4].map((n): Step => unknownTool(n)).concat(when(['error', 'error', 'error', /three turns/], report)),
  ),
  row(
    'nothing but failed turns (F31)',
    STOPPED,
    /One tool call after the other failed/,
    [1, 2, 3, 4, 5].map(unknownTool),
  ),
  row(
    'a malformed report twice: what it says is kept',
    STOPPED,
    /form that cannot be read[^]*the disk of the database is full/,
    [badReport, badReport],
  ),
  row('a malformed report, then a good one', REPORTED, DISK, [badReport, when([/root_cause/], report)]),
  row('two malformed reports in one answer, then a good one', REPORTED, DISK, [
    { content: [...badReport.content, ...badReport.content] },
    report,
  ]),
  row('a report beside other calls: they are not run', REPORTED, DISK, [calls(queryCall('beside'), reportCall())]),
  row('two reports in one answer: the first counts', REPORTED, DISK, [
    calls(reportCall(), reportCall({ headline: 'another' })),
  ]),
  row('a report without a headline, then a good one', REPORTED, DISK, [
    calls(reportCall({ headline: ' ' })),
    when([/headline: must say something/], report),
  ]),
  row(
    'a report of empty strings, twice (GV-22)',
    STOPPED,
    /form that cannot be read/,
    [1, 2].map(() => calls(reportCall({ headline: '', root_cause: { ...REPORT.root_cause, statement: '\n' } }))),
  ),
  row(
    'a report that is only a string, twice',
    STOPPED,
    /The disk is full\./,
    [1, 2].map(() => calls({ name: 'submit_report', input: '"The disk is full."' })),
  ),
  row(
    '400 invalid_request: the API’s words are not repeated (F28, GV-18)',
    GIVEN_UP,
    /malformed[^]*yourself[^]*query_metrics/,
    [query(), status(400, 'messages.7: internal words of req_123')],
  ),
  row('400 bound to a different conversation: another one goes on from its results (F28)', REPORTED, DISK, [
    query(),
    BOUND,
    report,
  ]),
  row(
    '400 bound to a different conversation, twice: once is enough (F28)',
    GIVEN_UP,
    /takes this conversation for another one[^]*query_metrics/,
    [query(), BOUND, BOUND],
  ),
];
