import { Story, story } from '../../../test/triage/story';
import type { Block } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';
import { ANSWER_MAX_TOKENS } from './budget';

const text = (value: string): Block[] => [{ type: 'text', text: value }];
const finish = (outcome: string, endedBy: string): unknown => ({
  step: 'finish',
  finish: expect.objectContaining({ outcome, endedBy }) as unknown,
});

describe('The next step of a conversation', () => {
  it('asks the model after the opening message, and after results', () => {
    expect(story().next()).toEqual({ step: 'call-model', maxOutputTokens: ANSWER_MAX_TOKENS });
    expect(story().asks('a').got('ok').sent().next()).toMatchObject({ step: 'call-model' });
  });

  it('runs the calls that have no result, and only those (F6, F7)', () => {
    const after = story().asks('a', 'b', 'c', 'd').got('ok', 'no_data').next();
    expect(after).toMatchObject({ step: 'run-tools', calls: [{ position: 2 }, { position: 3 }] });
  });

  it('sends the results when every call has one', () => {
    expect(story().asks('a', 'b').got('ok', 'failed').next()).toEqual({ step: 'send-results' });
  });

  it('takes the report, refuses what stands beside it, and finishes', () => {
    const both = story().asks('a', SUBMIT_REPORT);
    expect(both.next()).toMatchObject({ step: 'take-report', call: { position: 1 } });
    const alone = story().asks(SUBMIT_REPORT).got('ok').sent();
    expect(alone.next()).toEqual(finish('complete', 'answer'));
  });

  it('asks once more for a report that is malformed, then ends with what there is', () => {
    const once = story().reports('bad');
    expect(once.next()).toMatchObject({ step: 'take-report' });
    once.got('failed').sent();
    expect(once.next()).toMatchObject({ step: 'call-model' });
    expect(once.reports('bad').got('failed').sent().next()).toEqual(finish('partial', 'answer'));
  });

  it('counts two malformed reports of one answer once: the model has not seen yet what is wrong', () => {
    const twins = story().reports('bad', 'bad').got('failed', 'failed').sent();
    expect(twins.next()).toMatchObject({ step: 'call-model' });
    expect(twins.reports('bad').got('failed').sent().next()).toEqual(finish('partial', 'answer'));
  });

  it('takes the first of two reports of one answer that can be accepted', () => {
    const two = story().reports('bad', 'whole', 'whole');
    expect(two.next()).toMatchObject({ step: 'take-report', call: { position: 1 } });
  });

  it.each(['max_tokens', 'context_full', 'pause_turn', 'unknown'] as const)(
    'takes a report that is whole although its answer ended with %s',
    (stop) => {
      const given = story();
      given.says(stop, [given.call(SUBMIT_REPORT)]);
      expect(given.next()).toMatchObject({ step: 'take-report' });
      expect(given.got('ok').next()).toEqual({ step: 'send-results' });
      expect(given.sent().next()).toEqual(finish('complete', 'answer'));
    },
  );

  it('runs three of 64 calls when three are left, and refuses the rest (F39, GV-16)', () => {
    const many = story().asks(...Array.from({ length: 64 }, () => 'a'));
    expect(many.next({ maxToolCalls: 3, maxInputTokens: 2_000_000 })).toMatchObject({
      step: 'run-tools',
      calls: { length: 3 },
    });
    expect(many.got('ok', 'ok', 'ok').next({ maxToolCalls: 3, maxInputTokens: 2_000_000 })).toMatchObject({
      step: 'refuse',
      refusal: 'tool_budget',
      calls: { length: 61 },
    });
  });

  it('calls a report that was given after a spent budget partial (F40, GV-17)', () => {
    const told = story().asks('a').got('tool_budget').sent().asks(SUBMIT_REPORT).got('ok').sent();
    expect(told.next()).toEqual(finish('partial', 'tool_budget'));
  });

  it('ends when the model asks on although it was told to conclude', () => {
    expect(story().asks('a').got('token_budget').sent().asks('b').next()).toEqual(finish('partial', 'token_budget'));
  });

  it('stays ended when a crash came between its last turn and the settling: nothing is asked again', () => {
    const ended = (): Story => story().asks('q').got('tool_budget').sent().asks('q', 'q');
    expect(ended().got('not_run').next()).toEqual(finish('partial', 'tool_budget'));
    expect(ended().got('not_run', 'not_run').sent().next()).toEqual(finish('partial', 'tool_budget'));
    const cut = story().says('max_tokens', text('a')).nudged();
    const again = cut
      .says('max_tokens', [cut.call('q')])
      .got('not_run')
      .sent();
    expect(again.next()).toEqual(finish('partial', 'token_budget'));
  });

  it('answers from the opening message when no tool call is allowed', () => {
    expect(story().next({ maxToolCalls: 0 })).toMatchObject({ step: 'call-model' });
    expect(story().asks('a').next({ maxToolCalls: 0 })).toMatchObject({ step: 'refuse', refusal: 'tool_budget' });
  });

  it('keeps room for the concluding answer inside the token budget', () => {
    const used = story().says('tool_use', [story().call('a')], { inputTokens: 90_000 });
    expect(used.next({ maxInputTokens: 280_000 })).toMatchObject({ step: 'refuse', refusal: 'token_budget' });
    expect(used.next({ maxInputTokens: 300_000 })).toMatchObject({ step: 'run-tools' });
  });

  it('asks for no answer that the budget cannot hold', () => {
    const full = story()
      .says('tool_use', [story().call('a')], { inputTokens: 150_000 })
      .got('token_budget')
      .sent();
    expect(full.next()).toEqual(finish('partial', 'token_budget'));
    expect(story().says('end_turn', text('x'), { outputTokens: 49_900 }).nudged().next()).toEqual(
      finish('partial', 'token_budget'),
    );
  });

  it('concludes before the deadline, and ends at it', () => {
    expect(story().asks('a').next({ remainingMs: 59_000 })).toMatchObject({ step: 'refuse', refusal: 'deadline' });
    expect(story().asks('a').got('deadline').sent().next({ remainingMs: 30_000 })).toMatchObject({
      step: 'call-model',
    });
    expect(story().asks('a').got('deadline').sent().next({ remainingMs: 0 })).toEqual(finish('partial', 'deadline'));
  });

  it('concludes after three turns of nothing but failures (F31)', () => {
    const failing = story();
    for (let i = 0; i < 3; i += 1) failing.asks('a').got('failed').sent();
    expect(failing.asks('a').next()).toMatchObject({ step: 'refuse', refusal: 'tool_failures' });
    const once = story().asks('a').got('failed').sent().asks('a').got('ok').sent().asks('a').got('failed').sent();
    expect(once.asks('a').next()).toMatchObject({ step: 'run-tools' });
  });

  it('nudges once for a text without a report; then the text is the analysis', () => {
    const told = story().says('end_turn', text('because'));
    expect(told.next()).toEqual({ step: 'nudge', nudge: 'submit_report' });
    expect(told.nudged().says('end_turn', text('because')).next()).toEqual(finish('complete', 'answer'));
  });

  it.each(['tool_use', 'unknown'] as const)('calls no text the whole analysis that stopped with %s', (stop) => {
    const told = story().says(stop, text('because')).nudged().says(stop, text('because'));
    expect(told.next()).toEqual(finish('partial', 'answer'));
  });

  it.each(['end_turn', 'unknown', 'stop_sequence', 'tool_use'] as const)(
    'nudges once for an empty answer that stopped with %s, and never laps (F37, GV-23)',
    (stop) => {
      const empty = story().says(stop, []);
      expect(empty.next()).toEqual({ step: 'nudge', nudge: 'submit_report' });
      expect(empty.nudged().says(stop, []).next()).toEqual(finish('partial', 'answer'));
    },
  );

  it('does not run the calls of an answer that was cut, and asks once for a shorter one (F33)', () => {
    const cut = story();
    cut.says('max_tokens', [cut.call('a')]);
    expect(cut.next()).toMatchObject({ step: 'refuse', refusal: 'answer_cut' });
    cut.got('answer_cut').sent();
    expect(cut.next()).toEqual({ step: 'call-model', maxOutputTokens: 2 * ANSWER_MAX_TOKENS });
    cut.says('max_tokens', [cut.call('a')]);
    expect(cut.next()).toEqual(finish('partial', 'token_budget'));
    expect(story().says('max_tokens', text('and so')).next()).toEqual({ step: 'nudge', nudge: 'go_on' });
  });

  it('does not run the calls of an answer that ended in an unknown way, asks once more, and ends (F37)', () => {
    const strange = story();
    strange.says('unknown', [strange.call('a'), strange.call('b')]);
    expect(strange.next()).toMatchObject({ step: 'refuse', refusal: 'stop_unknown', calls: { length: 2 } });
    expect(strange.got('stop_unknown', 'stop_unknown').next()).toEqual({ step: 'send-results' });
    expect(strange.sent().next()).toMatchObject({ step: 'call-model' });
    strange.says('unknown', [strange.call('a')]);
    expect(strange.next()).toEqual(finish('partial', 'answer'));
  });

  it('refuses a call whose id stands before another call of the same answer, and runs that one (F32)', () => {
    const twins = story();
    const [first, second] = [twins.call('a'), twins.call('b')];
    twins.says('tool_use', [first, { ...second, repeatsId: true } as Block]);
    expect(twins.next()).toMatchObject({ step: 'refuse', refusal: 'id_repeated', calls: [{ position: 1 }] });
  });

  it('answers the same call from the record once, refuses it the third time, then asks for no more (F38)', () => {
    const circling = story().asksFor('a').got('ok').sent().asksFor('a');
    expect(circling.next()).toMatchObject({ step: 'run-tools' }); // the call runner answers it from the record
    circling.got('ok').sent().asksFor('a');
    expect(circling.next()).toMatchObject({ step: 'refuse', refusal: 'already_asked' });
    circling.got('already_asked').sent();
    expect(circling.next()).toMatchObject({ step: 'call-model' });
    expect(circling.asksFor('new').next()).toEqual(finish('partial', 'answer'));
  });

  it('sees the circle also where two calls alternate, and whatever the order of their fields (F38)', () => {
    const alternating = story();
    for (const query of ['a', 'b', 'a', 'b']) alternating.asksFor(query).got('ok').sent();
    expect(alternating.asksFor('a').next()).toMatchObject({ step: 'refuse', refusal: 'already_asked' });
    const turned = story();
    for (const input of [
      { x: 1, y: 2 },
      { y: 2, x: 1 },
    ])
      turned
        .says('tool_use', [turned.call('q', input)])
        .got('ok')
        .sent();
    expect(turned.says('tool_use', [turned.call('q', { x: 1, y: 2 })]).next()).toMatchObject({ step: 'refuse' });
  });

  it('runs one of several equal calls of an answer; the others wait for its result (F38)', () => {
    const same = story();
    same.says(
      'tool_use',
      ['a', 'a', 'b', 'a'].map((query) => same.call('q', { query })),
    );
    expect(same.next()).toMatchObject({ step: 'run-tools', calls: [{ position: 0 }, { position: 2 }] });
  });

  it('lets a call that failed be made again', () => {
    const failing = story().asksFor('a').got('failed').sent().asksFor('a').got('failed').sent();
    expect(failing.asksFor('a').next()).toMatchObject({ step: 'run-tools' });
  });

  it('asks for no more answers than calls and a dozen, also when nobody counts tokens (GV-16)', () => {
    const uncounted = story();
    const free = { inputTokens: 0, outputTokens: 0 };
    for (let i = 0; i < 14; i += 1)
      uncounted
        .says('end_turn', [uncounted.call('a')], free)
        .got('answer_cut')
        .sent();
    expect(uncounted.next({ maxToolCalls: 3 })).toMatchObject({ step: 'call-model' });
    uncounted
      .says('end_turn', [uncounted.call('a')], free)
      .got('answer_cut')
      .sent();
    expect(uncounted.next({ maxToolCalls: 3 })).toEqual(finish('partial', 'answer'));
  });

  it('goes on with a paused answer at most five times in a row (F35)', () => {
    const paused = story();
    for (let i = 0; i < 5; i += 1) paused.says('pause_turn', text('…'));
    expect(paused.next()).toMatchObject({ step: 'call-model' });
    expect(paused.says('pause_turn', text('…')).next()).toEqual(finish('partial', 'answer'));
    const calling = story();
    expect(calling.says('pause_turn', [calling.call('a')]).next()).toMatchObject({ step: 'run-tools' });
  });

  it.each([
    ['refusal', 'failed', 'refusal'],
    ['context_full', 'partial', 'context_full'],
  ] as const)('ends at %s without running its calls (F34, F36, GV-15)', (stop, outcome, endedBy) => {
    const ended = story();
    ended.says(stop, [ended.call('a')]);
    expect(ended.next()).toEqual(finish(outcome, endedBy));
  });
});
