import { settlementOf } from './settlement';

const facts = { attempts: 1, ageMs: 60_000, giveUpAfterMs: 86_400_000, fraction: 0 };
const down = { outcome: 'retry', reason: 'Slack answered 500' } as const;

describe('what an attempt settles', () => {
  it('is done when delivered', () => {
    expect(settlementOf({ outcome: 'delivered' }, facts)).toEqual({ kind: 'delivered' });
  });

  it('backs off from two seconds to five minutes', () => {
    const waits = [1, 2, 3, 8, 9, 50].map((attempts) => settlementOf(down, { ...facts, attempts }));
    expect(waits.map((wait) => wait.kind === 'retry_later' && wait.afterMs)).toEqual([
      1_000, 2_000, 4_000, 128_000, 150_000, 150_000,
    ]);
    expect(settlementOf(down, { ...facts, attempts: 50, fraction: 1 })).toMatchObject({ afterMs: 300_000 });
  });

  it('waits as long as the channel asks for', () => {
    expect(settlementOf({ ...down, afterMs: 42_000 }, facts)).toMatchObject({ kind: 'retry_later', afterMs: 42_000 });
  });

  it('gives up at once what is refused, with the reason', () => {
    const settlement = settlementOf({ outcome: 'rejected', reason: 'no_service' }, facts);
    expect(settlement).toEqual({ kind: 'give_up', reason: 'no_service' });
  });

  it('gives up when the message is too old to matter, and says what stood in the way', () => {
    expect(settlementOf(down, { ...facts, ageMs: 86_400_001 })).toEqual({
      kind: 'give_up',
      reason: 'not delivered within 24 h; at last: Slack answered 500',
    });
    expect(settlementOf(down, { ...facts, ageMs: 86_400_000 }).kind).toBe('retry_later');
  });

  it('does not give up an old message that arrives', () => {
    expect(settlementOf({ outcome: 'delivered' }, { ...facts, ageMs: Infinity })).toEqual({ kind: 'delivered' });
  });
});
