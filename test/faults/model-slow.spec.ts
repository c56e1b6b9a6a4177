import { query, report } from '../e2e/endings-script';
import { EndingsWorld } from '../e2e/endings-world';
import { askedByModel } from '../e2e/stand-ins';
import type { Answer, calls } from '../stand-ins/anthropic-answer.ts';

const status = (code: number, more: object = {}): Answer => ({ fault: 'status', status: code, ...more });

/** Each test has a program of its own, so they wait side by side. */
async function inWorld(
  play: (world: EndingsWorld) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const world = await EndingsWorld.start(settings);
  await play(world).finally(() => world.stop());
}

describe('A model that is slow or away for a moment', () => {
  /** The one attempt went through it: nobody took the triage over, and nothing was given back. */
  const inOneAttempt = async (world: EndingsWorld, id: string, requests: number): Promise<void> => {
    expect(await world.inStatus(id, 'finished')).toMatchObject({ outcome: 'complete', attempts: 1 });
    const { rows } = await world.sql.query(
      `SELECT epoch, strikes, (SELECT max(model_attempts) FROM turns)::int AS requests FROM triages`,
    );
    expect(rows).toEqual([{ epoch: 1, strikes: 0, requests }]);
  };

  // The lease is three seconds in these worlds.
  it.concurrent(
    'is left alone for as long as it asks, longer than a lease, in one attempt: 429 with retry-after: 4 (F23)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [status(429, { headers: { 'retry-after': '4' } }), report]);
        await inOneAttempt(world, id, 2);
        const [first, second] = world.requestsOf('first');
        expect(second!.at.getTime() - first!.at.getTime()).toBeGreaterThanOrEqual(3_999);
      }),
    30_000,
  );

  it.concurrent(
    'is asked again with pauses after three failures, in one attempt: 529, 500, 504 (F25)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [status(529), status(500), status(504), report]);
        await inOneAttempt(world, id, 4);
      }),
    30_000,
  );

  it.concurrent(
    'is hung up on after llm-timeout-seconds, longer than a lease, and asked once more in the same attempt (F29)',
    () =>
      inWorld(
        async (world) => {
          const id = await world.alert('first', [{ fault: 'hang' }, report]);
          await inOneAttempt(world, id, 2);
          expect(world.requestsOf('first').map(({ answered }) => answered)).toEqual(['client closed', '200 tool_use']);
        },
        { llm_timeout_seconds: '4' },
      ),
    30_000,
  );

  it.concurrent(
    'is waited for when it hangs twice, each time cut in the middle of a call, of which nothing is recorded (F29, F30)',
    () =>
      inWorld(
        async (world) => {
          const stall: Answer = { fault: 'stall', reply: query() as ReturnType<typeof calls> };
          const id = await world.alert('first', [stall, stall]);
          const waiting = await world.inStatus(id, 'waiting');
          expect(world.requestsOf('first')).toHaveLength(2);
          expect(waiting.conversations[0]!.turns).toHaveLength(1);
          expect(askedByModel(world.standIns.prometheus)).toEqual([]);
        },
        { llm_timeout_seconds: '1' },
      ),
    30_000,
  );
});
