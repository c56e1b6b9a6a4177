import type { Usage } from '../domain/conversation';
import { costUsd } from './prices';

function usage(part: Partial<Usage>): Usage {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, ...part };
}

describe('the price of a call', () => {
  it('counts input, output, cache reads and cache writes at their own prices', () => {
    const used = usage({
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      cacheReadTokens: 1_000_000,
      cacheWriteTokens: 1_000_000,
    });
    expect(costUsd('claude-sonnet-5-5', used)).toBeCloseTo(2 + 10 + 0.1 + 2.5, 10);
    expect(costUsd('claude-opus-5-5', used)).toBeCloseTo(4 + 20 + 0.2 + 5, 10);
  });

  it('takes the usual cache prices where none is listed: 0.1 of the input for a read, 1.25 for a write', () => {
    expect(costUsd('claude-haiku-4-5', usage({ cacheReadTokens: 1_000_000 }))).toBeCloseTo(0.1, 10);
    expect(costUsd('claude-haiku-4-5', usage({ cacheWriteTokens: 1_000_000 }))).toBeCloseTo(1.25, 10);
  });

  it('charges the whole request at the higher tier once the prompt, cache included, is above 100,000 tokens', () => {
    const below = usage({ inputTokens: 40_000, cacheReadTokens: 60_000, outputTokens: 1_000 });
    const above = usage({ inputTokens: 40_000, cacheReadTokens: 60_001, outputTokens: 1_000 });
    expect(costUsd('claude-haiku-5-5', below)).toBeCloseTo((40_000 * 0.1 + 60_000 * 0.01 + 1_000 * 0.5) / 1e6, 12);
    expect(costUsd('claude-haiku-5-5', above)).toBeCloseTo((40_000 * 0.5 + 60_001 * 0.05 + 1_000 * 2.5) / 1e6, 12);
  });

  it('is unknown, not zero, for a model that is not listed', () => {
    expect(costUsd('claude-of-next-year', usage({ inputTokens: 10 }))).toBeNull();
    expect(costUsd('', usage({}))).toBeNull();
  });
});
