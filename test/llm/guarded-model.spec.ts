import { Logger } from '@nestjs/common';
import type { VigilEventEmitter } from '../../src/events/vigil-event-emitter';
import { Breaker } from '../../src/llm/breaker';
import { GuardedModel } from '../../src/llm/guarded-model';
import type { LanguageModel } from '../../src/llm/language-model';
import { RetryingModel } from '../../src/llm/retrying-model';
import { type Answer, overloaded, says } from '../stand-ins/anthropic-answer.ts';
import { steps } from '../stand-ins/anthropic-steps.ts';
import { FixedChance } from './fake-clock';
import { MODEL, modelBench, type ModelBench } from './model-bench';

const never = new AbortController().signal;
const status = (code: number, message?: string): Answer => ({ fault: 'status', status: code, message });

describe('the breaker in front of the model', () => {
  let bench: ModelBench;
  let model: GuardedModel;
  let breaker: Breaker;
  const announced: number[] = [];
  const said: { level: string; msg: string }[] = [];

  const guard = async (answers: readonly Answer[]): Promise<void> => {
    bench = await modelBench({ script: steps(answers) });
    around(new RetryingModel(bench.model, bench.clock, new FixedChance(1)));
  };
  const around = (patient: LanguageModel): void => {
    const emit = (_name: string, { count }: { count: number }): number => announced.push(count);
    breaker = new Breaker(bench.clock, { emit } as unknown as VigilEventEmitter);
    model = new GuardedModel(patient, bench.model, breaker, bench.clock);
  };
  /** One call: its answer's text, or the kind of its failure and when it may be asked again. */
  const ask = (asked = MODEL): Promise<unknown> =>
    model.reply({ ...bench.request(), model: asked }, never).then(
      ({ blocks }) => (blocks[0] as { text: string }).text,
      ({ kind, retryAfterMs }: { kind: string; retryAfterMs?: number }) => [kind, retryAfterMs],
    );

  beforeEach(() => {
    const note =
      (level: string) =>
      ({ msg }: { msg: string }): number =>
        said.push({ level, msg });
    said.length = 0;
    announced.length = 0;
    Logger.overrideLogger({ log: note('log'), warn: note('warn'), error: note('error') });
  });
  afterEach(async () => {
    Logger.overrideLogger(false);
    await bench.stop();
  });

  it('lets one call find out that the key is refused; the others are told so without a request (F27)', async () => {
    await guard([status(401)]);
    expect(await ask()).toEqual(['configuration', undefined]);
    expect(await ask()).toEqual(['configuration', 2_000]);
    await bench.clock.sleep(500);
    expect(await ask()).toEqual(['configuration', 1_500]);
    expect(bench.service.journal).toHaveLength(1);
    expect(said).toEqual([{ level: 'warn', msg: expect.stringContaining('check claude-api-key') as string }]);
  });

  it('probes after 2, 4, 8, 16 and then each 25 seconds, with one request each, and says nothing new', async () => {
    await guard(Array.from({ length: 7 }, () => status(401)));
    await ask();
    for (const seconds of [2, 4, 8, 16, 25, 25]) {
      await bench.clock.sleep(seconds * 1000 - 1);
      expect(await ask()).toEqual(['configuration', 1]);
      await bench.clock.sleep(1);
      expect(await ask()).toEqual(['configuration', undefined]);
    }
    bench.service.assertFinished();
    expect(said).toHaveLength(1);
  });

  it('closes with the first answer, and says so', async () => {
    await guard([status(529), status(529), status(529), status(529), status(529), says('back'), says('again')]);
    expect(await ask()).toEqual(['overloaded', undefined]);
    expect(bench.service.journal).toHaveLength(4); // a usual call is patient
    await bench.clock.sleep(2_000);
    expect(await ask()).toEqual(['overloaded', undefined]);
    expect(bench.service.journal).toHaveLength(5); // a probe is not
    await bench.clock.sleep(4_000);
    expect(await ask()).toBe('back');
    expect(await ask()).toBe('again');
    expect(said.map(({ level }) => level)).toEqual(['warn', 'log']);
    expect(announced).toEqual([1, 0]);
  });

  it('lets one triage be begun for each probe, and holds the others back until the next one', async () => {
    await guard([status(401), status(401), says('back')]);
    expect(breaker.holdsBack(MODEL)).toBeUndefined();
    await ask();
    expect(breaker.holdsBack(MODEL)).toMatchObject({ kind: 'configuration', retryAfterMs: 2_000 });
    expect(breaker.holdsBack('another')).toBeUndefined();
    await bench.clock.sleep(2_000);
    expect(breaker.holdsBack(MODEL)).toBeUndefined();
    breaker.begun(MODEL);
    expect(breaker.holdsBack(MODEL)).toMatchObject({ retryAfterMs: 2_000 });
    await ask();
    expect(breaker.holdsBack(MODEL)).toMatchObject({ retryAfterMs: 4_000 });
    await bench.clock.sleep(4_000);
    await ask();
    expect(breaker.holdsBack(MODEL)).toBeUndefined();
  });

  it('says more when the reason changes', async () => {
    await guard([status(401), overloaded()]);
    await ask();
    await bench.clock.sleep(2_000);
    await ask();
    expect(said.map(({ msg }) => msg)).toEqual([expect.stringContaining('key'), expect.stringContaining('overloaded')]);
  });

  it.each<[string, Answer]>([
    ['400', status(400)],
    ['400 for another conversation', status(400, '`thinking` blocks are bound to a different conversation')],
    ['413', status(413)],
  ])('stays closed at a %s: that is an answer, to one conversation', async (_what, answer) => {
    await guard([answer, says('fine')]);
    await ask();
    expect(await ask()).toBe('fine');
    expect(said).toEqual([]);
  });

  it('stops the conversations of one model only', async () => {
    await guard([status(404, 'model: claude-of-last-year'), says('fine')]);
    await ask('claude-of-last-year');
    expect(await ask()).toBe('fine');
    expect(await ask('claude-of-last-year')).toEqual(['configuration', 2_000]);
  });

  it('takes no outage from a call that failed while others got their answers', async () => {
    let fail = (): void => undefined;
    const held = new Promise<Answer>((resolve) => (fail = () => resolve(status(401))));
    bench = await modelBench({ script: (_request, n) => (n === 0 ? held : says('fine')) });
    around(bench.model);
    const slow = ask();
    while (bench.service.journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask()).toBe('fine');
    fail();
    expect(await slow).toEqual(['configuration', undefined]);
    expect(await ask()).toBe('fine');
  });

  it('lets a call that the caller aborts say nothing about the model', async () => {
    await guard([{ fault: 'hang' }, says('fine')]);
    await expect(model.reply(bench.request(), AbortSignal.timeout(50))).rejects.toThrow();
    expect(await ask()).toBe('fine');
  });
});
