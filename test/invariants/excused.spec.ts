import { type Loss, unexcused } from './excused.ts';

const loss = (what: string, subject = 'one triage'): Loss => ({ what, subject });
const fault = (...covered: string[]) => ({ covers: ({ what }: Loss) => covered.includes(what) });
const left = (losses: readonly Loss[], ...faults: ReturnType<typeof fault>[]): string[] =>
  unexcused(losses, faults).map(({ what }) => what);

describe('What is not on record', () => {
  it('is excused by a fault that was at work, and by nothing else', () => {
    expect(left([loss('a'), loss('b', 'another')], fault('a'))).toEqual(['b']);
    expect(left([loss('a')])).toEqual(['a']);
  });

  it('is excused once a fault and triage: two calls of one triage want two faults', () => {
    expect(left([loss('a'), loss('b')], fault('a', 'b'))).toEqual(['b']);
    expect(left([loss('a'), loss('b', 'another')], fault('a', 'b'))).toEqual([]);
  });

  it('is excused as far as that is possible, whichever loss comes first', () => {
    expect(left([loss('a'), loss('b'), loss('c')], fault('a', 'b'), fault('a', 'c'), fault('b'))).toEqual([]);
    expect(left([loss('a'), loss('b'), loss('c')], fault('a', 'b'), fault('a', 'b'))).toEqual(['c']);
  });
});
