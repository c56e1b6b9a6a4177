import type { Conversation } from '../domain/conversation';
import { roomOfResults } from './result-room';

/** Results of so many characters, by the turn that asked for them. */
const after = (...results: readonly (readonly [turnSeq: number, chars: number])[]): Conversation =>
  ({ toolCalls: results.map(([turnSeq, chars]) => ({ turnSeq, text: 'x'.repeat(chars) })) }) as unknown as Conversation;

describe('The room of a result', () => {
  it('is what the turns before have left, shared by the calls of the turn', () => {
    expect(roomOfResults(after(), 1, 1)).toBe(64_000);
    expect(roomOfResults(after([1, 8_000], [1, 6_000]), 3, 1)).toBe(50_000);
    expect(roomOfResults(after([1, 8_000], [3, 6_000]), 5, 4)).toBe(12_500);
  });

  it('is the same after a crash: what the turn has recorded of itself does not count', () => {
    const before = after([1, 8_000]);
    const resumed = after([1, 8_000], [3, 20_000], [3, 8_000]);
    expect(roomOfResults(resumed, 3, 4)).toBe(roomOfResults(before, 3, 4));
  });

  it('is never so little that a result says nothing', () => {
    expect(roomOfResults(after([1, 63_900]), 3, 2)).toBe(1_000);
    expect(roomOfResults(after([1, 90_000]), 3, 1)).toBe(1_000);
    expect(roomOfResults(after(), 1, 200)).toBe(1_000);
    expect(roomOfResults(after(), 1, 0)).toBe(64_000);
  });
});
