import type { Conversation, ToolCallRecord, ToolUseBlock } from '../../domain/conversation';
import type { PendingCall } from './pending-call';

/**
 * What is on record for this very call, oldest first: same tool, same input, asked earlier in the conversation or in
 * the same answer. A failure is no result: the same call may be made again.
 */
export function earlierResults(
  { toolCalls, earlier: begunBefore }: Conversation,
  { call, turnSeq, position }: PendingCall,
): ToolCallRecord[] {
  const before = toolCalls.filter(
    (earlier) => earlier.turnSeq < turnSeq || (earlier.turnSeq === turnSeq && earlier.position < position),
  );
  return [...(begunBefore?.toolCalls ?? []), ...before].filter(
    (earlier) => earlier.status !== 'failed' && isSameCall(earlier, call),
  );
}

/** The first of each set of equal calls. The others are answered from its record, so they wait until it has one. */
export function withoutTwins(pending: readonly PendingCall[]): PendingCall[] {
  return pending.filter((one, i) => !pending.slice(0, i).some((earlier) => isSameCall(earlier.call, one.call)));
}

type Asked = Pick<ToolUseBlock, 'name' | 'input'>;

function isSameCall(a: Asked, b: Asked): boolean {
  return a.name === b.name && canonical(a.input) === canonical(b.input);
}

/** An input as text in which the order of keys says nothing. */
export function canonical(input: unknown): string {
  return JSON.stringify(input, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
