import { clipped } from '../../domain/clipped';
import {
  type Conversation,
  type Handle,
  recordedCalls,
  type Refusal,
  type ToolCallRecord,
} from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';
import { DEAD, NOT_KNOWN } from '../../domain/sent-texts';
import { bodyOf, ourLines, type SentTexts } from './sent-body';

/** Of a reason, characters. */
const REASON_MAX = 160;

/** The calls that a spent budget, or too many failures, left unrun. */
const UNRUN = new Map<Refusal, string>([
  ['tool_budget', 'the tool calls were used up'],
  ['token_budget', 'the tokens were used up'],
  ['deadline', 'the time was up'],
  ['tool_failures', 'the calls before had all failed'],
]);

interface Gap {
  readonly handle: Handle;
  readonly source?: string;
  readonly reason: string;
}

/**
 * What could not be checked, whether the model admits it or not: its own lines, then a sentence for each failed call,
 * each dead source, and all calls that were not run. Equal reasons share one; a handle that the model names itself is
 * not named again.
 */
export function couldNotCheck(own: readonly string[], conversation: Conversation, sent: SentTexts): string[] {
  /* that a report was sent back is no gap in what was looked at */
  const told = own.filter((line) => !line.includes(SUBMIT_REPORT));
  const admitted = new Set(told.flatMap((line) => line.match(/\b[or]\d+\b/g) ?? []));
  const gaps = [...failedCalls(conversation, sent), ...silentSources(sent)].filter(
    ({ handle }) => !admitted.has(handle),
  );
  const byReason = Map.groupBy(gaps, ({ reason }) => reason);
  return [
    ...told,
    ...Array.from(byReason, ([reason, equal]) => sentence(reason, equal)),
    ...unrun(conversation, admitted),
  ];
}

function sentence(reason: string, equal: readonly Gap[]): string {
  const sources = [...new Set(equal.flatMap(({ source }) => source ?? []))];
  const handles = [...new Set(equal.map(({ handle }) => handle))].join(', ');
  return `${handles}${sources.length > 0 ? ` (${sources.join(', ')})` : ''}: ${reason}`;
}

function failedCalls(conversation: Conversation, sent: SentTexts): Gap[] {
  return recordedCalls(conversation)
    .filter(({ name, status, refusal }) => name !== SUBMIT_REPORT && status === 'failed' && !refusal)
    .map(({ handle, text }) => {
      const one = sent.get(handle);
      return { handle, source: one?.source, reason: reasonOf(one ? bodyOf(one) : text) };
    });
}

/** The lines of the opening message that say what is dead, or could not be found out. */
function silentSources(sent: SentTexts): Gap[] {
  return ourLines(sent).flatMap(({ handle, line }) => {
    const prefix = [DEAD, NOT_KNOWN].find((one) => line.startsWith(one));
    if (prefix === undefined) return [];
    const reason = reasonOf(line.slice(prefix.length));
    /* most of them say what they are about: the title of the whole section would only make them longer */
    return [{ handle, reason, ...(!reason.includes(': ') && { source: sent.get(handle)?.source }) }];
  });
}

/** All of them in one line. */
function unrun({ toolCalls }: Conversation, admitted: ReadonlySet<string>): string[] {
  const calls = toolCalls.filter(
    ({ name, handle, refusal }) => name !== SUBMIT_REPORT && refusal && UNRUN.has(refusal) && !admitted.has(handle),
  );
  if (calls.length === 0) return [];
  const handles = calls.map(({ handle }) => handle);
  const names = [...new Set(calls.map(nameOf))].join(', ');
  const reasons = [...new Set(calls.map(({ refusal }) => UNRUN.get(refusal!)!))].join(', ');
  const which = handles.length > 3 ? `${handles[0]} to ${handles.at(-1)}` : handles.join(', ');
  return [`${which} (${names}): not run, because ${reasons}.`];
}

/** The name of a tool is the model's word. */
function nameOf({ name }: ToolCallRecord): string {
  return clipped(name.replace(/[^\w.-]/g, ' '), 40);
}

/** What the model got wrong in its call is told to it at length, and is of no use to anybody else. */
const WRONG_CALL = /^(?:The input was not accepted|There is no tool of this name)/;

function reasonOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? 'It failed.';
  const wrong = WRONG_CALL.exec(line)?.[0];
  return wrong ? `${wrong}.` : clipped(line.trim(), REASON_MAX);
}
