import type { Conversation, ToolCallRecord } from '../../domain/conversation';
import { type Report, SUBMIT_REPORT } from '../../domain/report';
import { parseReport } from './submit-report';

/** A report was accepted: with it the conversation ends. */
export function hasAcceptedReport(conversation: Conversation): boolean {
  return submissions(conversation).some((call) => call.status === 'ok' && readReport(call) !== undefined);
}

/**
 * The last report that could be read, accepted or sent back with its faults: whatever ends the conversation, this is not
 * lost.
 */
export function lastReadableReport(conversation: Conversation): Report | undefined {
  return submissions(conversation).reduce<Report | undefined>((last, call) => readReport(call) ?? last, undefined);
}

/** Turns whose report could not be read. One that was sent back with its faults is none. */
export function unreadableReports(conversation: Conversation): number {
  const bad = submissions(conversation).filter((call) => call.status === 'failed' && !readReport(call));
  return new Set(bad.map((call) => call.turnSeq)).size;
}

function submissions({ toolCalls }: Conversation): ToolCallRecord[] {
  return toolCalls.filter(({ name, refusal }) => name === SUBMIT_REPORT && !refusal);
}

function readReport({ input }: ToolCallRecord): Report | undefined {
  const parsed = parseReport(input);
  return 'report' in parsed ? parsed.report : undefined;
}
