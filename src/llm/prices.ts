import type { Usage } from '../domain/conversation';

/** US dollars for a million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** The cache that lives five minutes: the only one that Vigil writes. */
  readonly cacheWrite: number;
}

/** Prices of one model; the first tier whose prompt limit holds is the price of the whole request. */
type Tiers = readonly { readonly upToPromptTokens: number; readonly price: Price }[];

/**
 * Anthropic's list prices as of November 2026. A model that is not listed has an unknown cost,
 * which is never 0.
 */
const TIERS: ReadonlyMap<string, Tiers> = new Map([
  ['claude-opus-5-5', flat({ input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 })],
  ['claude-sonnet-5-5', flat({ input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 })],
  [
    'claude-haiku-5-5',
    [
      { upToPromptTokens: 100_000, price: { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite: 0.125 } },
      { upToPromptTokens: Infinity, price: { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 } },
    ],
  ],
  ['claude-fable-5-1', flat(withUsualCache(10, 50))],
  ['claude-opus-5', flat(withUsualCache(5, 25))],
  ['claude-sonnet-5', flat(withUsualCache(2, 10))],
  ['claude-haiku-4-5', flat(withUsualCache(1, 5))],
]);

/** What one call costs in US dollars; null for a model without a known price. */
export function costUsd(model: string, usage: Usage): number | null {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const promptTokens = inputTokens + cacheReadTokens + cacheWriteTokens;
  const price = TIERS.get(model)?.find((tier) => promptTokens <= tier.upToPromptTokens)?.price;
  if (price === undefined) return null;
  const perMillion =
    inputTokens * price.input +
    outputTokens * price.output +
    cacheReadTokens * price.cacheRead +
    cacheWriteTokens * price.cacheWrite;
  return perMillion / 1_000_000;
}

/**
 * What one call counts against a limit of money: its cost, or, for a model without a known price, what it would cost
 * at the dearest price in the list. A limit that took the unknown for nothing would be none.
 */
export function countedUsd(model: string, usage: Usage): number {
  return costUsd(model, usage) ?? Math.max(...[...TIERS.keys()].map((known) => costUsd(known, usage) ?? 0));
}

/** Whether the list has this model. */
export function hasPrice(model: string): boolean {
  return TIERS.has(model);
}

function flat(price: Price): Tiers {
  return [{ upToPromptTokens: Infinity, price }];
}

/** Where no cache price is listed, the general rule holds: reads cost 0.1 of the input price, writes 1.25. */
function withUsualCache(input: number, output: number): Price {
  return { input, output, cacheRead: input * 0.1, cacheWrite: input * 1.25 };
}
