import type { Conversation } from '../domain/conversation';

/** Characters of a result by its kind; some four to a token. What does not fit is counted, said, and kept in full. */
export const CEILINGS = {
  /** Series with their figures and their course: eight of them tell what a hundred do. */
  metrics: 4_000,
  lines: 6_000,
  patterns: 6_000,
  /** Names, alerts, targets. */
  list: 4_000,
  /** Diffs are read whole or not at all. */
  changes: 8_000,
  /** A slice that was asked for by its place. */
  slice: 8_000,
} as const;

/** All results of a conversation together: they are sent again with each turn. */
const TOGETHER_CHARS = 64_000;
/** A result gets so much, whatever came before it: less says nothing. */
const LEAST_CHARS = 1_000;

/**
 * Characters that each result of a turn may have: what the turns before it have left, shared among its calls. It counts
 * what is recorded, so that a call which is run again after a crash gets the same room.
 */
export function roomOfResults(conversation: Conversation, turnSeq: number, callsOfTurn: number): number {
  const { toolCalls, earlier } = conversation;
  const sent = [...(earlier?.toolCalls ?? []), ...toolCalls.filter((call) => call.turnSeq < turnSeq)];
  const used = sent.reduce((sum, { text }) => sum + text.length, 0);
  return Math.max(LEAST_CHARS, Math.floor((TOGETHER_CHARS - used) / Math.max(1, callsOfTurn)));
}
