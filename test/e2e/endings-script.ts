import { type Answer, type AnswerBlock, calls } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import type { Step } from '../stand-ins/anthropic-steps.ts';
import type { Ending } from './endings-world';

export const REPORT = {
  headline: 'the disk of the database is full',
  what_is_happening: 'Writes fail.',
  root_cause: { statement: 'The log is not rotated.', component: 'database', change: null, confidence: 'high' },
  affected: [],
  evidence: [],
  ruled_out: [],
  actions: [{ action: 'Rotate the log', urgency: 'now' }],
  could_not_check: [],
  flags: [],
};

export const reportCall = (over: object = {}): { name: string; input: object } => ({
  name: 'submit_report',
  input: { ...REPORT, ...over },
});
export const report = calls(reportCall());
/** A number that stands nowhere: what is looked up first goes back. */
export const faultyReport = calls(reportCall({ headline: 'the disk of the database is full for 4711 users' }));
export const badReport = calls({ name: 'submit_report', input: { ...REPORT, root_cause: 'the log' } });
export const queryCall = (what: string): { name: string; input: object } => ({
  name: 'query_metrics',
  input: { query: `up{service="${what}"}` },
});
export const query = (what = 'payments'): Answer => calls(queryCall(what));
export const unknownTool = (n: number): Answer => calls({ name: 'rm_rf', input: { n } });
export const text = (value: string): AnswerBlock => ({ type: 'text', text: value });
export const use = (input: object | string, id?: string): AnswerBlock => ({
  type: 'tool_use',
  name: 'query_metrics',
  input,
  id,
});
export const stops = (stopReason: string, ...content: AnswerBlock[]): Answer => ({ content, stopReason });
export const status = (code: number, message?: string): Answer => ({ fault: 'status', status: code, message });
export const BOUND = status(400, 'messages.1: `thinking` blocks are bound to a different conversation');

/** Goes on with `answer` if the results so far are as they should be, else a fault: `is` names each, oldest first. */
export function when(is: readonly (RegExp | 'ok' | 'error')[], answer: Answer): Step {
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

/** How a row ends, and the title of its message. */
type End = Pick<Ending, 'outcome' | 'endedBy' | 'title'>;
const end = (outcome: string, endedBy: string, title: string): End => ({ outcome, endedBy, title });

/** Its report claims more than its evidence, of which it has none: code lowers its confidence. */
export const REPORTED = end('complete', 'answer', 'Possible cause');
export const TOLD = end('complete', 'answer', 'Analysis without a structured report');
export const STOPPED = end('partial', 'answer', 'Ended without a report');
export const NO_CALLS = end('partial', 'tool_budget', 'Ended without a report');
export const NO_CALLS_REPORTED = end('partial', 'tool_budget', 'Partial findings');
export const NO_TOKENS = end('partial', 'token_budget', 'Ended without a report');
export const NO_TOKENS_REPORTED = end('partial', 'token_budget', 'Partial findings');
export const NO_TIME = end('partial', 'deadline', 'Ended without a report');
export const NO_TIME_REPORTED = end('partial', 'deadline', 'Partial findings');
export const TOO_LONG = end('partial', 'context_full', 'Ended without a report');
export const REFUSED = end('failed', 'refusal', 'Investigation failed');
export const GIVEN_UP = end('failed', 'model_unavailable', 'Investigation failed');

/** @param what its message in Slack says; @param answers one for each request */
export const row = (name: string, how: End, what: RegExp, answers: readonly Step[]): Ending => ({
  name,
  ...how,
  says: what,
  answers,
});

export const DISK = /the disk of the database is full/;
/** The headline of the report with a fault, when it stands. */
export const USERS = /the disk of the database is full for 4711/;

/** A query for each of these, in turn. */
export const circle = (...which: string[]): Answer[] => which.map((what) => query(what));
