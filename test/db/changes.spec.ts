import type { Change } from '../../src/domain/change';
import { changesStatement, PostgresChanges } from '../../src/persistence/postgres-changes';
import type { ChangeFilter, ChangePosition } from '../../src/changes/ports/change-ledger';
import { type Adapters, freshAdapters } from './adapters';

const START = new Date('2026-11-24T03:00:00Z');
const at = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);

let count = 0;
function aChange(over: Partial<Change> = {}): Change {
  count += 1;
  return {
    source: 's',
    id: `i${count}`,
    kind: 'deploy',
    at: START,
    title: 't',
    commits: [],
    files: [],
    labels: {},
    ...over,
  };
}

describe('The changes on Postgres', () => {
  let db: Adapters;
  let changes: PostgresChanges;
  beforeAll(async () => {
    db = await freshAdapters();
    changes = new PostgresChanges(db.database);
  });
  afterEach(() => db.sql('TRUNCATE changes'));
  afterAll(() => db.close());

  const idsOf = async (filter: ChangeFilter): Promise<string[]> =>
    (await changes.list(filter, 200)).changes.map(({ id }) => id);

  it('come back as they went in, whatever their parts hold', async () => {
    const whole = aChange({
      title: `'); DROP TABLE changes; --\n"{}[],\\`,
      service: 'a "b"',
      environment: 'prod',
      author: 'Ö 漢 😀',
      revision: '9f3c2e1',
      previousRevision: '41be07d',
      commits: ['9f3c2e1', 'x"y'],
      version: '2.14.0',
      files: ['a,b', '{c}'],
      details: '--- a\n+++ b\n',
      url: 'https://x.example/1',
      labels: { ['__proto__']: 'p', team: 'checkout' },
    });
    const bare = aChange();
    await changes.record([whole, bare]);
    const found = (await changes.list({}, 10)).changes;
    const flat = (change: Change): object => ({ ...change, labels: Object.entries(change.labels).sort() });
    expect(found.map(flat)).toEqual([bare, whole].map(flat));
  });

  it('are one row for each source and id: what is told again replaces what was told', async () => {
    await changes.record([aChange({ id: 'x', service: 'a', details: 'd' }), aChange({ id: 'x', source: 'other' })]);
    await changes.record([aChange({ id: 'x', title: 'again', kind: 'flag' })]);
    const found = (await changes.list({}, 10)).changes;
    expect(found.map(({ source, title, kind, service, details }) => [source, title, kind, service, details])).toEqual([
      ['s', 'again', 'flag', undefined, undefined],
      ['other', 't', 'deploy', undefined, undefined],
    ]);
  });

  it('are one row each when two processes tell of the same ones at once, in opposite orders', async () => {
    const other = new PostgresChanges((await db.again()).database);
    const told = Array.from({ length: 200 }, () => aChange());
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => (i % 2 ? changes.record(told) : other.record(told.toReversed()))),
    );
    expect((await idsOf({})).sort()).toEqual(told.map(({ id }) => id).sort());
  });

  it.each([1, 2, 3, 7])('are listed once each in parts of %i, though many share one moment', async (limit) => {
    const told = Array.from({ length: 10 }, (_, i) => aChange({ at: at(Math.floor(i / 4)), source: `s${i % 3}` }));
    await changes.record(told);
    await db.sql(`UPDATE changes SET at = at + interval '7 microseconds' WHERE source = 's1'`);
    const seen: string[] = [];
    let after: ChangePosition | undefined;
    do {
      const part = await changes.list({}, limit, after);
      seen.push(...part.changes.map(({ id }) => id));
      after = part.next;
    } while (after);
    expect(seen).toHaveLength(10);
    expect(new Set(seen)).toEqual(new Set(told.map(({ id }) => id)));
    expect(seen).toEqual(await idsOf({}));
  });

  it('are given by service together with those that have none', async () => {
    const [a, b, none] = [aChange({ service: 'a' }), aChange({ service: 'b' }), aChange({ at: at(-1) })];
    await changes.record([a, b, none]);
    expect(await idsOf({ service: 'a' })).toEqual([a.id, none.id]);
    expect(await idsOf({ service: 'nobody' })).toEqual([none.id]);
  });

  it('are narrowed by kind and time', async () => {
    const [flag, deploy] = [aChange({ kind: 'flag', at: at(0) }), aChange({ at: at(5) })];
    await changes.record([flag, deploy]);
    expect(await idsOf({ kind: 'flag' })).toEqual([flag.id]);
    expect(await idsOf({ since: at(0), until: at(5) })).toEqual([flag.id]);
    expect(await idsOf({ since: at(1) })).toEqual([deploy.id]);
  });

  it('are found by a revision, by one that a deploy brings, and by the beginning of a hash', async () => {
    const hash = '9f3c2e1aa0b1c2d3e4f5061728394a5b6c7d8e9f';
    const own = aChange({ revision: hash, at: at(3) });
    const brings = aChange({ revision: 'v7', commits: ['1111111', hash], at: at(2) });
    const short = aChange({ commits: ['9f3c2e1'], at: at(1) });
    const other = aChange({ revision: '9f3c2e1bbbbbbbbb', commits: ['release-2026'], at: at(0) });
    await changes.record([own, brings, short, other]);
    expect(await idsOf({ revision: hash })).toEqual([own.id, brings.id, short.id]);
    expect(await idsOf({ revision: '9f3c2e1aa' })).toEqual([own.id, brings.id, short.id]);
    expect(await idsOf({ revision: '9f3c2e1' })).toEqual([own.id, brings.id, short.id, other.id]);
    expect(await idsOf({ revision: 'v7' })).toEqual([brings.id]);
    // Too short for a hash, or none: only the whole one.
    for (const revision of ['9f3c2e', 'release', 'release-202', 'v', '%', '']) {
      expect(await idsOf({ revision })).toEqual([]);
    }
  });

  it('are told to the briefing nearest first, with how many there are', async () => {
    const told = [-361, -359, -10, -1, 0, 2, 9].map((minutes) => aChange({ id: `${minutes}`, at: at(minutes) }));
    await changes.record(told);
    const before = { after: at(-360), upTo: at(0), nearestTo: START };
    const { changes: nearest, total } = await changes.between(before, 3);
    expect([nearest.map(({ id }) => id), total]).toEqual([['0', '-1', '-10'], 4]);
    const since = await changes.between({ after: at(0), upTo: at(5), nearestTo: START }, 3);
    expect([since.changes.map(({ id }) => id), since.total]).toEqual([['2'], 1]);
    expect(await changes.records(at(5))).toEqual({ lastSevenDays: 6, lastAt: at(2) });
    expect(await changes.records(at(60 * 24 * 7 - 1))).toEqual({ lastSevenDays: 3, lastAt: at(9) });
    expect(await changes.records(at(-400))).toEqual({ lastSevenDays: 0, lastAt: undefined });
  });

  it('are read from an index, whatever the list is narrowed by, among 50,000 of them', async () => {
    await db.sql(`INSERT INTO changes (source, id, kind, at, title, service, revision, commits)
      SELECT 'ci', i::text, 'deploy', timestamptz '2026-11-01Z' + i * interval '1 min', 't', 'svc' || i % 500, md5(i::text),
        jsonb_build_array(md5('c' || i))
      FROM generate_series(1, 50000) AS i`);
    await db.sql('ANALYZE changes');
    const served: [ChangeFilter, string][] = [
      [{}, 'changes_newest'],
      [{ since: new Date('2026-11-03Z'), until: new Date('2026-11-04Z') }, 'changes_newest'],
      [{ kind: 'deploy' }, 'changes_newest'],
      [{ service: 'svc7' }, 'changes_(newest|of_service)'],
      [{ service: 'nobody' }, 'changes_of_service'],
      [{ revision: '9f3c2e1' }, 'changes_of_revision'],
    ];
    for (const [filter, index] of served) {
      for (const after of [undefined, { at: '2026-11-08T12:00:00.000000Z', source: 'x', id: 'x' }]) {
        const { text, parameters } = changesStatement(filter, 50, after);
        const lines = await db.sql<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF) ${text}`, parameters);
        const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
        expect({ filter, plan }).toEqual({ filter, plan: expect.stringMatching(` ${index}( on changes)? `) });
        expect({ filter, plan }).toEqual({ filter, plan: expect.not.stringContaining('Seq Scan') });
      }
    }
  });
});
