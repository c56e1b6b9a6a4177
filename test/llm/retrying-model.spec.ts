import { RetryingModel } from '../../src/llm/retrying-model';
import { type Answer, overloaded, rateLimited, says } from '../stand-ins/anthropic-answer.ts';
import { steps } from '../stand-ins/anthropic-steps.ts';
import { FixedChance } from './fake-clock';
import { type BenchOptions, modelBench, type ModelBench } from './model-bench';

const never = new AbortController().signal;
let bench: ModelBench;

async function patient(answers: readonly Answer[], options: BenchOptions = {}): Promise<RetryingModel> {
  bench = await modelBench({ script: steps(answers), ...options });
  return new RetryingModel(bench.model, bench.clock, new FixedChance(0.5));
}

afterEach(async () => {
  await bench.stop();
});

describe('asking again', () => {
  it('waits longer each time, counts every attempt and gives the answer (F25)', async () => {
    const model = await patient([
      overloaded(),
      { fault: 'reset' },
      { fault: 'cut', reply: says('half') },
      says('whole'),
    ]);
    const reply = await model.reply(bench.request(), never);
    expect(reply.blocks).toEqual([{ type: 'text', text: 'whole' }]);
    expect(reply.attempts).toBe(4);
    expect(bench.clock.slept).toEqual([750, 1_500, 3_000]);
    bench.service.assertFinished();
  });

  it('sends the same bytes again', async () => {
    const model = await patient([overloaded(), says('fine')]);
    await model.reply(bench.request(), never);
    const [one, two] = bench.service.journal;
    expect(two?.bodyText).toBe(one?.bodyText);
  });

  it('gives up after four attempts', async () => {
    const model = await patient([overloaded(), overloaded(), overloaded(), overloaded(), says('too late')]);
    await expect(model.reply(bench.request(), never)).rejects.toMatchObject({ kind: 'overloaded' });
    expect(bench.service.journal).toHaveLength(4);
  });

  it('is never sooner than the API asked for', async () => {
    const model = await patient([rateLimited(37), says('fine')]);
    await model.reply(bench.request(), never);
    expect(bench.clock.slept).toEqual([37_000]);
  });

  it('keeps its own pace where the API asks for none: a zero does not become a hammer', async () => {
    const model = await patient([rateLimited(0), says('fine')]);
    await model.reply(bench.request(), never);
    expect(bench.clock.slept).toEqual([750]);
  });

  it('is left to the worker when the API asks for more than a minute', async () => {
    const model = await patient([rateLimited(86_400), says('fine')]);
    await expect(model.reply(bench.request(), never)).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 86_400_000,
    });
    expect(bench.clock.slept).toEqual([]);
    expect(bench.service.journal).toHaveLength(1);
  });

  it('happens once after a time-out: each one holds a worker for the whole of llm-timeout-seconds (F29, GV-19)', async () => {
    const model = await patient([{ fault: 'hang' }, { fault: 'hang' }, says('too late')], { timeoutMs: 100 });
    await expect(model.reply(bench.request(), never)).rejects.toMatchObject({ kind: 'timeout' });
    expect(bench.service.journal).toHaveLength(2);
  });

  it.each([
    ['a wrong key', 401],
    ['a malformed request', 400],
    ['a request that is too large', 413],
  ])('does not happen after %s', async (_what, status) => {
    const model = await patient([{ fault: 'status', status }, says('fine')]);
    await expect(model.reply(bench.request(), never)).rejects.toThrow();
    expect(bench.service.journal).toHaveLength(1);
    expect(bench.clock.slept).toEqual([]);
  });

  it('ends with the reason of the caller when that aborts during a wait', async () => {
    const model = await patient([overloaded(), says('fine')]);
    const caller = new AbortController();
    const reason = new Error('the worker drains');
    bench.clock.sleep = () => {
      caller.abort(reason);
      return Promise.resolve();
    };
    await expect(model.reply(bench.request(), caller.signal)).rejects.toBe(reason);
    expect(bench.service.journal).toHaveLength(1);
  });
});
