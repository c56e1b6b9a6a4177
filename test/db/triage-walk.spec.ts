import { chanceOf } from '../stand-ins/chance.ts';
import { type Adapters, freshAdapters } from './adapters';
import { GIVE_UP_MS, LEASE_MS, WalkedInstallation } from './walked-installation';
import type { WalkedWorker } from './walked-worker';

/** To walk elsewhere and longer: `WALK_SEEDS="5 6 7" WALK_STEPS=1000 npx jest test/db/triage-walk.spec.ts`. */
const SEEDS = (process.env.WALK_SEEDS ?? '1 2 3 4').split(' ');
const STEPS = Number(process.env.WALK_STEPS ?? 100);

/** How the rest is worked off when nobody sends any more. */
const WORKS: Readonly<Record<string, (worker: WalkedWorker) => Promise<boolean>>> = {
  'everything goes well': (worker) => worker.claimAndEnd(LEASE_MS),
  'each attempt kills its process': (worker) => worker.claimAndDie(LEASE_MS),
  'the model stays away': (worker) => worker.claimInVain(LEASE_MS, GIVE_UP_MS, 'model_unavailable'),
  'there is no more money': (worker) => worker.claimInVain(LEASE_MS, GIVE_UP_MS, 'money'),
};

describe('Whatever senders, workers, kills, cuts and the time do in whatever order', () => {
  let db: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
  });
  afterEach(() => db.close());

  const ways = Object.keys(WORKS);
  it.each(SEEDS.map((seed, i) => [seed, ways[i % ways.length]!] as const))(
    'each alert keeps its promise, each triage ends and each fingerprint is free: seed %s, and then %s',
    async (seed, way) => {
      const walk = new WalkedInstallation([db, await db.again()], chanceOf(seed));
      try {
        for (let i = 0; i < STEPS; i += 1) await walk.step();
        await walk.letAllEnd(WORKS[way]!);
        expect(new Set(await walk.admitNew())).toEqual(new Set(['queued']));
      } catch (error) {
        throw new Error(`${String(error)}\nafter, from the last: ${walk.acts.slice(-15).reverse().join('; ')}`, {
          cause: error,
        });
      }
    },
  );
});
