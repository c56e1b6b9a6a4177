import { Story, story } from '../../../test/triage/story';
import type { StopReason } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';
import { endingOf } from './ending';
import { hasAcceptedReport, lastReadableReport } from './given-reports';
import type { Finish, NextStep } from './next-step';

type Limits = NonNullable<Parameters<Story['next']>[0]>;

/** Numbers that are the same in each run: a small generator by a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % sides;
  };
}

const STOPS: readonly StopReason[] = ['tool_use', 'end_turn', 'max_tokens', 'pause_turn', 'unknown', 'stop_sequence'];

/** An answer of a model that does whatever the dice say. */
function answer(told: Story, roll: (sides: number) => number, durationMs: number): void {
  const calls = Array.from({ length: roll(4) }, () => {
    const kind = roll(4);
    if (kind === 0) return told.call('q', { query: `same ${roll(2)}` });
    return kind === 1 ? told.call('q') : told.call(SUBMIT_REPORT, kind === 2 ? undefined : { headline: 'half' });
  });
  const blocks = [...(roll(3) === 0 ? [{ type: 'text' as const, text: 'so' }] : []), ...calls];
  const rare = roll(20);
  const stop = rare === 0 ? 'refusal' : rare === 1 ? 'context_full' : STOPS[roll(STOPS.length)]!;
  told.says(stop, blocks, { inputTokens: 500 + roll(9_000), outputTokens: 20 + roll(3_000) }, durationMs);
}

interface Played {
  readonly told: Story;
  readonly finish: Finish;
  /** How often a report that could be read went back. */
  readonly sentBack: number;
  readonly given: boolean;
}

/** Plays the loop as it is run, every report with a fault, until it ends. */
function play(seed: number, limits: Limits): Played {
  const roll = dice(seed);
  const told = story();
  let { remainingMs = 900_000 } = limits;
  let sentBack = 0;
  let given = false;
  for (let steps = 0; steps < 1_000; steps += 1) {
    const next: NextStep = told.next({ ...limits, remainingMs });
    switch (next.step) {
      case 'finish':
        return { told, finish: next.finish, sentBack, given };
      case 'call-model':
        remainingMs -= 20_000;
        answer(told, roll, 20_000);
        break;
      case 'send-results':
        told.sent();
        break;
      case 'nudge':
        told.nudged();
        break;
      case 'take-report': {
        const isWhole = (next.call.call.input as { headline: string }).headline === 'h';
        given ||= isWhole;
        if (isWhole && !next.stands) sentBack += 1;
        told.gotFor(next.call, isWhole && next.stands ? 'ok' : 'failed');
        break;
      }
      case 'refuse':
        for (const call of next.calls) told.gotFor(call, next.refusal);
        break;
      case 'run-tools':
        for (const call of next.calls) told.gotFor(call, (['ok', 'no_data', 'failed'] as const)[roll(3)]!);
    }
  }
  throw new Error('it laps');
}

describe('A model that does whatever it likes, and whose reports all have faults', () => {
  it.each<[string, Limits]>([
    ['with room for all', {}],
    ['without tool calls', { maxToolCalls: 0 }],
    ['with few tokens', { maxInputTokens: 40_000, maxOutputTokens: 6_000 }],
    ['with little time', { remainingMs: 150_000 }],
  ])('%s ends, is told of faults at most once, and loses no report that could be read', (_what, limits) => {
    const played = Array.from({ length: 400 }, (_, seed) => play(seed + 1, limits));
    for (const { told, finish, sentBack, given } of played) {
      const conversation = told.conversation();
      expect(sentBack).toBeLessThanOrEqual(1);
      expect(lastReadableReport(conversation) !== undefined).toBe(given);
      const ending = endingOf(conversation, finish);
      expect(ending.report !== undefined).toBe(given);
      expect(ending.analysis).not.toBe('');
      if (given) expect(ending.report!.check).toBeDefined();
    }
    expect(played.some(({ sentBack }) => sentBack === 1)).toBe(true);
    expect(played.some(({ told }) => hasAcceptedReport(told.conversation()))).toBe(true);
  });

  it('goes on after a crash between any two steps as if there had been none', () => {
    const first = story().reports('whole');
    expect(first.next()).toMatchObject({ step: 'take-report', stands: false });
    expect(first.next()).toMatchObject({ step: 'take-report', stands: false });
    first.got('failed');
    expect(first.next({ remainingMs: 0 })).toEqual({ step: 'send-results' });
    first.sent();
    expect(first.next({ remainingMs: 0 })).toMatchObject({ step: 'finish', finish: { endedBy: 'deadline' } });
    const ended = endingOf(first.conversation(), { outcome: 'partial', endedBy: 'deadline' });
    expect(ended).toMatchObject({ outcome: 'complete', report: { headline: 'h', check: { figures: [] } } });
  });
});
