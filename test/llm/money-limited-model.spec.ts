import { Logger } from '@nestjs/common';
import type { Settings } from '../../src/config/settings';
import { ModelConfig, MoneyConfig } from '../../src/config/slices';
import { DayLimit } from '../../src/llm/day-limit';
import type { ModelRequest } from '../../src/llm/language-model';
import { MoneyLimitedModel, MoneySpent } from '../../src/llm/money-limited-model';
import { countedUsd } from '../../src/llm/prices';
import { says } from '../stand-ins/anthropic-answer.ts';
import { MODEL, type ModelBench, modelBench } from './model-bench';

describe('a model with a limit of money', () => {
  let bench: ModelBench;
  beforeEach(async () => {
    bench = await modelBench();
  });
  afterEach(() => bench.stop());

  const ask = (spentUsd: number, limitUsd: number, over: Partial<ModelRequest> = {}) =>
    new MoneyLimitedModel(bench.model, { spentUsd: () => Promise.resolve(spentUsd) }, limitUsd).reply(
      { ...bench.request(), ...over },
      new AbortController().signal,
    );
  const asked = () =>
    bench.service.journal.map(({ bodyText }) => (JSON.parse(bodyText) as { max_tokens: number }).max_tokens);

  it('asks as before while there is money', async () => {
    expect(await ask(0.1, 5)).toMatchObject({ blocks: [{ text: 'fine' }] });
    expect(asked()).toEqual([2_000]);
  });

  it('makes no call that the rest of the day cannot pay', async () => {
    await expect(ask(4.999, 5)).rejects.toThrow(MoneySpent);
    await expect(ask(7, 5)).rejects.toMatchObject({ code: 'llm.money_spent', spentUsd: 7, limitUsd: 5 });
    await expect(ask(0, 0)).rejects.toThrow(MoneySpent);
    expect(bench.service.journal).toEqual([]);
  });

  it('asks for a shorter answer where a whole one is too dear, so that the call cannot cost more than is left', async () => {
    const leftUsd = 0.015;
    await ask(4.985, 5);
    const [tokens] = asked() as [number];
    expect(tokens).toBeLessThan(2_000);
    expect(tokens).toBeGreaterThanOrEqual(1_024);
    expect((tokens / 1e6) * 10).toBeLessThan(leftUsd);
  });

  it('counts the prompt as if nothing of it were cached', async () => {
    const wires = [...bench.request().wires, 'x'.repeat(300_000)]; // 100,000 tokens: $0.25 to write, $0.01 to read
    await expect(ask(4.76, 5, { wires })).rejects.toThrow(MoneySpent);
  });

  it('counts a model without a known price at the dearest one', async () => {
    await expect(ask(4.97, 5, { model: 'claude-of-next-year' })).rejects.toThrow(MoneySpent);
    bench.service.play(() => says('fine', { model: 'claude-of-next-year', outputTokens: 1_000 }));
    const reply = await ask(0, 5);
    expect(reply.costUsd).toBeNull();
    expect(reply.countedUsd).toBe(
      countedUsd('claude-fable-5-1', { ...reply.usage }), // 50 dollars a million tokens of output
    );
    expect(reply.countedUsd).toBeGreaterThan(0.05);
  });

  it('counts a model with a known price at what it costs', async () => {
    const reply = await ask(0, 5);
    expect(reply.countedUsd).toBe(reply.costUsd);
  });

  describe('at the start', () => {
    const warnings: string[] = [];
    beforeEach(() => {
      warnings.length = 0;
      const ignore = (): void => undefined;
      Logger.overrideLogger({
        log: ignore,
        error: ignore,
        warn: (...line: unknown[]) => void warnings.push(JSON.stringify(line)),
      });
    });
    const start = (maxCostUsdPerDay: number | undefined, claudeModel = MODEL): DayLimit => {
      const settings = { maxCostUsdPerDay, claudeModel, claudeApiKey: 'k', llmTimeoutSeconds: 1 } as Settings;
      const limit = new DayLimit(new MoneyConfig(settings), new ModelConfig(settings));
      limit.onApplicationBootstrap();
      return limit;
    };

    it('says nothing of a limit that holds a call, and nothing without a limit', () => {
      expect(start(5).leastUsd).toBeLessThan(0.06);
      start(undefined, 'claude-of-next-year');
      expect(warnings).toEqual([]);
    });

    it('says that a limit below one call lets all triages wait', () => {
      start(0);
      expect(warnings.join()).toContain('every triage waits');
    });

    it('says how it counts a model whose price it does not know', () => {
      start(5, 'claude-of-next-year');
      expect(warnings.join()).toContain('at the dearest known price');
    });
  });
});
