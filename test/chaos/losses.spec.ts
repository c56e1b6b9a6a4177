import type { JournalEntry } from '../stand-ins/anthropic.ts';
import type { SlackPost } from '../stand-ins/slack.ts';
import type { Fault } from './faults.ts';
import type { Life } from './life.ts';
import { modelRepeats, postRepeats, queryRepeats } from './losses.ts';
import type { ChaosPost, ModelCall } from './world.ts';
import { writerViolations } from './writers.ts';

const lifeOf = (replica: 'A' | 'B', number: number, log: string[] = []): Life => ({
  replica,
  number,
  pid: 1,
  log,
  spawnedAt: 0,
});
const a = lifeOf('A', 0);
const b = lifeOf('B', 1);
const kill = (life: Life, at: number): Fault => ({ kind: 'kill', life, at, words: 'kill' });

/** One triage `T` whose first answer was recorded at 5 s, with the call `toolu_9_0` in it. */
const record = {
  conversations: new Map([['opening', 'T']]),
  turnAt: new Map([['T/1', 5_000]]),
  callIds: new Set(['toolu_9_0']),
  queryAt: new Map([['up * 1', 5_000]]),
};
const call = (life: Life, at: number, ids: readonly string[]): ModelCall => ({
  at,
  life,
  opening: 'opening',
  seq: 1,
  entry: { answered: '200 tool_use' } as JournalEntry,
  ids,
  isFaulty: false,
  endedAt: at + 500,
});
const recorded = call(a, 4_400, ['toolu_9_0']);

describe('A call of the model whose answer is not on record', () => {
  it('is allowed where its process was killed meanwhile', () => {
    const calls = [call(b, 1_000, ['toolu_1_0']), recorded];
    expect(modelRepeats(calls, record, [kill(b, 1_200)])).toEqual({ repeated: 1, allowed: 1, violations: [] });
  });

  it.each([
    ['nothing happened', []],
    ['another process was killed', [kill(a, 1_200)]],
    ['its process was killed long after it', [kill(b, 30_000)]],
  ])('is none that a fault allows where %s (F10)', (_, faults) => {
    const { violations } = modelRepeats([call(b, 1_000, ['toolu_1_0']), recorded], record, faults);
    expect(violations).toEqual([expect.stringMatching(/^I4: the model's answer 1 of triage T to replica B/)]);
  });

  it('is a violation where the answer was on record before, whatever was killed (F4)', () => {
    const { violations } = modelRepeats([recorded, call(b, 9_000, [])], record, [kill(b, 9_100)]);
    expect(violations).toEqual([expect.stringMatching(/^P3: .* and was asked for again$/)]);
  });
});

describe('A query', () => {
  it('is sent again only where its process was killed before its result was recorded (F7)', () => {
    const queries = [
      { at: 1_000, query: 'up * 1', life: b },
      { at: 4_000, query: 'up * 1', life: a },
    ];
    expect(queryRepeats(queries, record, [kill(b, 1_100)]).violations).toEqual([]);
    expect(queryRepeats(queries, record, []).violations).toHaveLength(1);
    const late = { at: 9_000, query: 'up * 1', life: b };
    expect(queryRepeats([queries[1]!, late], record, [kill(b, 4_100)]).violations).toContainEqual(
      expect.stringMatching(/^P3: .* was on record since/),
    );
  });
});

describe('A query of a process that was stopped', () => {
  it('is sent once more after another one has taken over, and that is the one whose result is lost (F12)', () => {
    const queries = [
      { at: 4_000, query: 'up * 1', life: a },
      { at: 4_800, query: 'up * 1', life: b },
    ];
    const stop: Fault = { kind: 'stop', life: b, at: 500, endedAt: 4_790, words: 'stop' };
    expect(queryRepeats(queries, record, [stop])).toMatchObject({ repeated: 1, violations: [] });
  });
});

describe('A post that stands twice', () => {
  const triage = '01M8QA2YE21TJYWW035ES91QJV';
  const post = (life: Life, at: number): ChaosPost => ({
    life,
    post: { at: new Date(at), accepted: true, bodyText: `http://v/t/${triage}?s=1` } as SlackPost,
  });

  it('is allowed where its process was killed before it was recorded, and by no SIGTERM (F9)', () => {
    const posts = [post(a, 1_000), post(b, 40_000)];
    expect(postRepeats(posts, [kill(a, 1_002)])).toEqual({ repeated: 1, allowed: 1, violations: [] });
    expect(postRepeats(posts, [{ ...kill(a, 1_002), kind: 'term' }]).violations).toHaveLength(1);
  });

  it('is a violation where it was recorded', () => {
    const said = lifeOf('A', 0, [JSON.stringify({ msg: 'delivered', triage_id: triage })]);
    const { violations } = postRepeats([post(said, 1_000), post(b, 40_000)], [kill(said, 1_002)]);
    expect(violations).toEqual([expect.stringMatching(/^I5: .* was recorded, and was made again$/)]);
  });
});

describe('A turn', () => {
  const line = (msg: string, second: number, more: object = {}): string =>
    JSON.stringify({ msg, time: new Date(second * 1_000).toISOString(), triage_id: 'T', ...more });
  const first = lifeOf('A', 0, [line('triage started', 1), line('the model answered', 9, { seq: 1 })]);

  it('is written by the last process that began its triage, and by no earlier one (F12)', () => {
    const second = lifeOf('B', 1, [line('triage started', 4)]);
    expect(writerViolations([first], record.turnAt)).toEqual([]);
    expect(writerViolations([first, second], record.turnAt)).toEqual([
      expect.stringMatching(/^P4: turn 1 of triage T was written by replica A/),
    ]);
  });

  it('may be told of after another process has begun: the time of its record counts', () => {
    const second = lifeOf('B', 1, [line('triage started', 8)]);
    expect(writerViolations([first, second], record.turnAt)).toEqual([]);
  });
});
