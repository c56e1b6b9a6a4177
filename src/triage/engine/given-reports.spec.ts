import { Story, story } from '../../../test/triage/story';
import type { Block } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';

const text = (value: string): Block[] => [{ type: 'text', text: value }];
const finish = (outcome: string, endedBy: string): unknown => ({ step: 'finish', finish: { outcome, endedBy } });

describe('A report that was given', () => {
  it('asks once more for a report with faults; the second one stands, whatever is wrong with it', () => {
    const first = story().reports('whole');
    expect(first.next()).toMatchObject({ step: 'take-report', stands: false });
    expect(first.got('failed').next()).toEqual({ step: 'send-results' });
    expect(first.sent().next()).toMatchObject({ step: 'call-model' });
    expect(first.reports('whole').next()).toMatchObject({ step: 'take-report', stands: true });
    expect(first.got('ok').sent().next()).toEqual(finish('complete', 'answer'));
  });

  it('counts a form that cannot be read and faults apart: neither uses up the chance of the other', () => {
    const formFirst = story().reports('bad').got('failed').sent().reports('whole');
    expect(formFirst.next()).toMatchObject({ step: 'take-report', stands: false });
    expect(formFirst.got('failed').sent().next()).toMatchObject({ step: 'call-model' });
    const faultsFirst = story().reports('whole').got('failed').sent().reports('bad').got('failed').sent();
    expect(faultsFirst.next()).toMatchObject({ step: 'call-model' });
    expect(faultsFirst.reports('whole').next()).toMatchObject({ step: 'take-report', stands: true });
    expect(faultsFirst.got('ok').sent().next()).toEqual(finish('complete', 'answer'));
    const neverAgain = story().reports('whole').got('failed').sent();
    for (let i = 0; i < 2; i += 1) neverAgain.reports('bad').got('failed').sent();
    expect(neverAgain.next()).toEqual(finish('partial', 'answer'));
  });

  it.each<[string, Parameters<Story['next']>[0], Parameters<Story['says']>[2], number]>([
    ['time is left', { remainingMs: 30_000 }, {}, 30_000],
    ['answers are left', { maxToolCalls: -11 }, {}, 1],
    ['tokens are left for one as long', { maxOutputTokens: 10_000 }, { outputTokens: 5_001 }, 1],
    ['tokens are left to read it all again', { maxInputTokens: 100_000 }, { inputTokens: 50_000 }, 1],
  ])('lets a first report stand at once where too few %s', (_what, budget, usage, durationMs) => {
    const given = story();
    given.says('tool_use', [given.call(SUBMIT_REPORT)], usage, durationMs);
    expect(given.next(budget)).toMatchObject({ step: 'take-report', stands: true });
    expect(given.next()).toMatchObject({ step: 'take-report', stands: false });
  });

  it('lets a report stand at once that fills what the model can read', () => {
    const full = story();
    full.says('context_full', [full.call(SUBMIT_REPORT)]);
    expect(full.next()).toMatchObject({ step: 'take-report', stands: true });
  });

  it('gives the answer that corrects a report all that is left of the tokens', () => {
    const given = story();
    given.says('tool_use', [given.call(SUBMIT_REPORT)], { outputTokens: 4_000 });
    expect(given.next({ maxOutputTokens: 8_000 })).toMatchObject({ stands: false });
    expect(given.got('failed').sent().next({ maxOutputTokens: 8_000 })).toMatchObject({ maxOutputTokens: 4_000 });
  });

  it('asks for no report again when a text comes instead of the corrected one', () => {
    const told = story().reports('whole').got('failed').sent().says('end_turn', text('It is as I said.'));
    expect(told.next()).toEqual(finish('complete', 'answer'));
  });

  it('runs what the model asks for to correct its report', () => {
    const asks = story().reports('whole').got('failed').sent().asks('a');
    expect(asks.next()).toMatchObject({ step: 'run-tools' });
    expect(asks.got('ok').sent().reports('whole').next()).toMatchObject({ step: 'take-report', stands: true });
  });
});
