import { FAULTS } from './endings-faults';
import { DEADLINE, NO_TOOLS, PASSING, TOKEN_BUDGET, TOOL_BUDGET } from './endings-limits';
import { CALLS, STOPS } from './endings-table';
import { type Ending, EndingsWorld, type Seen } from './endings-world';
import { isByModel } from './stand-ins';

/** Slack is given a message a second: at that pace this file would wait for a minute and a half. */
jest.mock('../../src/notification/slack/slack-limits', () => ({
  ...jest.requireActual<object>('../../src/notification/slack/slack-limits'),
  MESSAGE_INTERVAL_MS: 1,
}));

/** Titles that promise an answer: of a triage that has given one, and of no other (GV-41). */
const SUCCESSES = /^(Cause found|Possible cause|No cause found|Analysis without a structured report): /;

/** The name by which the model's side and Slack know the alert of a row. */
const alertOf = (rows: readonly Ending[], { name }: Ending): string =>
  `case-${rows.findIndex((row) => row.name === name)}`;

const OUTCOMES = ['complete', 'partial', 'failed', 'error', 'cancelled'];
const counts = (world: EndingsWorld): Promise<number[]> =>
  Promise.all(OUTCOMES.map((outcome) => world.finished(outcome)));

/** Every call of the conversation has its one result. */
function expectWhole({ conversations }: Seen): void {
  const blocks = conversations.flatMap(({ turns }) => turns.flatMap(({ content }) => content));
  const handles = (type: string): unknown[] => blocks.filter((block) => block.type === type).map((b) => b.handle);
  expect(handles('tool_result')).toEqual(handles('tool_use'));
}

/** Runs all rows at once in one program, then looks at each. */
function endings(
  what: string,
  rows: readonly Ending[],
  settings: Readonly<Record<string, string>> = {},
  prepare: (world: EndingsWorld) => void = () => undefined,
): void {
  describe(what, () => {
    let world: EndingsWorld;
    let before: readonly number[];
    const ids = new Map<string, string>();

    beforeAll(async () => {
      world = await EndingsWorld.start({ max_concurrent_triages: '20', ...settings });
      before = await counts(world);
      prepare(world);
      for (const row of rows) ids.set(row.name, await world.alert(alertOf(rows, row), row.answers));
    });
    afterAll(() => world.stop());

    it.each(rows.map((row) => [row.name, row] as const))(
      '%s',
      async (name, row) => {
        const alert = alertOf(rows, row);
        const seen = await world.inStatus(ids.get(name)!, 'finished');
        expect(seen).toMatchObject({ outcome: row.outcome, ended_by: row.endedBy });
        expect(world.playedOf(alert)).toBe(row.answers.length);
        // The stand-in answers 400 by itself to what the real API would refuse: then it asks no script.
        expect(world.requestsOf(alert)).toHaveLength(row.answers.length);
        expectWhole(seen);

        const { title, text } = await world.messageAbout(alert);
        expect(title).toBe(`${row.title}: ${alert}`);
        expect(SUCCESSES.test(title)).toBe(row.outcome === 'complete');
        expect(text.replace(/\s+/g, ' ')).toMatch(row.says);
        expect(`${seen.analysis} ${text}`).not.toMatch(/undefined|\[object|internal words|req_/);
      },
      15_000,
    );

    it('and no request that the real API would refuse, nor one that changes what was sent before (GV-15, GV-30)', () => {
      expect(world.standIns.anthropic.faults).toEqual([]);
      expect(world.standIns.slack.posts.filter((post) => !post.accepted)).toEqual([]);
      const asked = world.standIns.prometheus.journal.map(({ params }) => params.get('query'));
      for (const never of ['refused', 'unforeseen', 'up{service="beside"}']) expect(asked).not.toContain(never);
    });

    it('and a count of each outcome among the metrics (GV-27)', async () => {
      const counted = await counts(world);
      const ended = OUTCOMES.map((outcome) => rows.filter((row) => row.outcome === outcome).length);
      expect(counted.map((count, i) => count - before[i]!)).toEqual(ended);
    });
  });
}

endings('A conversation ends by its stop reason:', STOPS);
endings('A conversation ends by its calls and its report:', CALLS);
endings('A report that does not hold goes back once:', FAULTS);
endings('With three tool calls:', TOOL_BUDGET, { max_tool_calls: '3' });
endings('With no tool call:', NO_TOOLS, { max_tool_calls: '0' });
endings('With 6,000 output tokens:', TOKEN_BUDGET, { max_output_tokens: '6000' });
endings('With two seconds:', DEADLINE, { triage_deadline_seconds: '2' }, (world) =>
  // The tools hang; what the opening message asks for beforehand would use the time up.
  world.standIns.prometheus.fault((request) => (isByModel(request) ? { kind: 'hang' } : undefined)),
);
endings('A fault that passes by itself:', PASSING, { llm_timeout_seconds: '1' });
