import { says } from '../stand-ins/anthropic-answer.ts';
import {
  badReport,
  DISK,
  faultyReport,
  query,
  report,
  reportCall,
  REPORTED,
  row,
  status,
  stops,
  text,
  use,
  USERS,
  when,
} from './endings-script';
import type { Ending } from './endings-world';

/** What can come after a report with faults: they go back once, and whatever comes then, there is a report. */
export const FAULTS: readonly Ending[] = [
  row('a report with a fault, then a good one', REPORTED, /the disk of the database is full(?! for)/, [
    faultyReport,
    when([/headline: "4711" stands nowhere[^]*once more/], report),
  ]),
  row('a report with a fault, twice: the second stands', REPORTED, USERS, [faultyReport, faultyReport]),
  row('a fault, a query to set it right, then a report', REPORTED, DISK, [faultyReport, query(), report]),
  row('a form that cannot be read, a fault, then a good one', REPORTED, DISK, [badReport, faultyReport, report]),
  row('a fault, a form that cannot be read, then a good one', REPORTED, DISK, [faultyReport, badReport, report]),
  row('a fault, then a form that cannot be read twice', REPORTED, USERS, [faultyReport, badReport, badReport]),
  row('a fault, then a text', REPORTED, USERS, [faultyReport, says('It is as I said.')]),
  row('a fault, then nothing', REPORTED, USERS, [faultyReport, { content: [] }]),
  row('a fault, then a refusal', REPORTED, USERS, [faultyReport, stops('refusal')]),
  row('a fault, then a refusal with a report: that one is not taken', REPORTED, USERS, [
    faultyReport,
    stops('refusal', { type: 'tool_use', ...reportCall({ headline: 'refused' }) }),
  ]),
  row('a fault, then a cut answer, twice', REPORTED, USERS, [
    faultyReport,
    stops('max_tokens', text('The disk')),
    stops('max_tokens', text('of db-1')),
  ]),
  row('a fault, then a conversation that is too long', REPORTED, USERS, [
    faultyReport,
    status(400, 'prompt is too long: 210000 tokens > 200000 maximum'),
  ]),
  row('a fault, then a conversation that is not taken', REPORTED, USERS, [faultyReport, status(400, 'messages.3: no')]),
  row('a fault in a report that fills the context: it stands at once', REPORTED, USERS, [
    { ...faultyReport, stopReason: 'model_context_window_exceeded' },
  ]),
  row('a fault beside other calls: they are not run', REPORTED, DISK, [
    { content: [...faultyReport.content, use({ query: 'beside' })] },
    when([/4711/, /called alone/], report),
  ]),
];
