import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ModelConfig, MoneyConfig } from '../../src/config/slices';
import { Chance } from '../../src/domain/chance';
import { Clock } from '../../src/domain/clock';
import { VigilEventEmitter } from '../../src/events/vigil-event-emitter';
import { LanguageModel } from '../../src/llm/language-model';
import { LlmModule } from '../../src/llm/llm.module';
import { DayMoney } from '../../src/llm/ports/day-money';
import { STAND_IN_KEY } from '../stand-ins/anthropic.ts';
import { overloaded, says } from '../stand-ins/anthropic-answer.ts';
import { steps } from '../stand-ins/anthropic-steps.ts';
import { FakeClock, FixedChance } from './fake-clock';
import { MODEL, modelBench } from './model-bench';

describe('the module of the language model', () => {
  it('gives a model that asks again and answers', async () => {
    const bench = await modelBench({ script: steps([overloaded(), says('fine')]) });
    const config: ModelConfig = { apiKey: STAND_IN_KEY, model: MODEL, baseUrl: bench.service.url, timeoutMs: 5_000 };
    const provided = [
      { provide: ModelConfig, useValue: config },
      { provide: MoneyConfig, useValue: {} },
      { provide: DayMoney, useValue: { spentUsd: () => Promise.resolve(0) } },
      { provide: Clock, useValue: new FakeClock() },
      { provide: Chance, useValue: new FixedChance(0) },
      { provide: VigilEventEmitter, useValue: { emit: () => undefined } },
    ];
    @Global()
    @Module({ providers: provided, exports: provided })
    class Surroundings {}
    const app = await Test.createTestingModule({ imports: [Surroundings, LlmModule] }).compile();
    const reply = await app.get(LanguageModel).reply(bench.request(), new AbortController().signal);
    expect(reply).toMatchObject({ attempts: 2, blocks: [{ type: 'text', text: 'fine' }] });
    await app.close();
    await bench.stop();
  });
});
