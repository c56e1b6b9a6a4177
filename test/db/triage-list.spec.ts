import { admission } from '../../src/alerts/admission';
import type { Alert } from '../../src/domain/alert';
import { listStatement, PostgresTriageReader } from '../../src/persistence/postgres-triage-reader';
import type { ListPosition, TriageFilter } from '../../src/triage/ports/triage-reader';
import { type Adapters, anAlert, freshAdapters } from './adapters';

const ROWS = 20_000;

describe('The list of triages on Postgres', () => {
  let db: Adapters;
  let reader: PostgresTriageReader;
  beforeAll(async () => {
    db = await freshAdapters();
    reader = new PostgresTriageReader(db.stored, db.database);
  });
  afterEach(() => db.sql('TRUNCATE triages CASCADE'));
  afterAll(() => db.close());

  const queue = async (...alerts: Partial<Alert>[]): Promise<string[]> => {
    const body = alerts.map((over) => anAlert(over));
    const admitted = await db.intake.admit({ alerts: body, quarantined: [], cooldownMs: 0 }, admission);
    return admitted.flatMap((one) => ('triageId' in one ? (one.triageId ?? []) : []));
  };
  const idsOf = async (filter: TriageFilter): Promise<string[]> =>
    (await reader.list(filter, 200)).triages.map(({ id }) => id);

  it('gives the newest first, and those of one body, which share a moment, by their ids', async () => {
    const first = await queue({}, {}, {});
    const second = await queue({});
    const shared = await db.sql<{ n: string }>('SELECT count(DISTINCT created_at) AS n FROM triages');
    expect(shared).toEqual([{ n: '2' }]);
    expect(await idsOf({})).toEqual([...second, ...[...first].sort().reverse()]);
  });

  it.each([1, 2, 3, 7])(
    'gives each triage once in parts of %i, though many share one moment and others arrive meanwhile',
    async (limit) => {
      const there = [
        ...(await queue(...Array.from({ length: 10 }, () => ({})))),
        ...(await queue({})),
        ...(await queue({}, {})),
      ];
      const seen: string[] = [];
      let after: ListPosition | undefined;
      do {
        const part = await reader.list({}, limit, after);
        seen.push(...part.triages.map(({ id }) => id));
        after = part.next;
        await queue({}, {});
      } while (after);
      expect(seen).toEqual([...there].sort().reverse());
    },
  );

  it('ends with the last triage, not with an empty part after it', async () => {
    await queue({}, {});
    expect(await reader.list({}, 1)).toHaveProperty('next', { createdAt: expect.any(String), id: expect.any(String) });
    expect((await reader.list({}, 2)).next).toBeUndefined();
    expect(await reader.list({ severity: 'none has this' }, 2)).toEqual({ triages: [], next: undefined });
  });

  it('keeps what each filter asks for', async () => {
    const [a, b] = await queue(
      { fingerprint: 'aa', labels: { alertname: 'Disk', severity: 'critical' } },
      { fingerprint: 'bb', labels: { alertname: 'Net' } },
    );
    await db.sql(
      `UPDATE triages SET status = 'finished', outcome = 'error', completed_at = now(),
         created_at = '2026-11-23T19:00:00.123456Z' WHERE id = $1`,
      [b],
    );
    expect(await idsOf({ status: 'queued' })).toEqual([a]);
    expect(await idsOf({ outcome: 'error' })).toEqual([b]);
    expect(await idsOf({ alertName: 'Disk' })).toEqual([a]);
    expect(await idsOf({ fingerprint: 'bb' })).toEqual([b]);
    expect(await idsOf({ severity: 'critical' })).toEqual([a]);
    expect(await idsOf({ fingerprint: 'bb', severity: 'critical' })).toEqual([]);
    expect(await idsOf({ until: new Date('2026-11-23T19:00:00.123Z') })).toEqual([]);
    expect(await idsOf({ until: new Date('2026-11-23T19:00:00.124Z') })).toEqual([b]);
    expect(await idsOf({ since: new Date('2026-11-23T19:00:00.123Z'), until: new Date('2026-11-24Z') })).toEqual([b]);
    expect(await idsOf({ since: new Date('2026-11-23T19:00:00.124Z') })).toEqual([a]);
  });

  it('says which figures of a headline nothing bears out, and nothing where nobody looked', async () => {
    const [doubted, sound, old] = await queue({}, {}, {});
    const figure = (field: string, text: string, verified: string): object => ({
      field,
      text,
      at: 0,
      verified,
      how: '',
    });
    const report = (figures?: object[]): string =>
      JSON.stringify({
        headline: 'fails 97.3 % since 2.14.0',
        rootCause: { component: 'c', change: null, confidence: 'low' },
        ...(figures && { check: { figures, faults: [] } }),
      });
    const shown = figure('headline', '2.14.0', 'quoted');
    const reports = [
      [doubted, report([figure('headline', '97.3 %', 'unverified'), shown, figure('root_cause', '7', 'unverified')])],
      [sound, report([shown])],
      [old, report()],
    ];
    for (const parameters of reports) await db.sql('UPDATE triages SET report = $2 WHERE id = $1', parameters);
    const { triages } = await reader.list({}, 10);
    const told = new Map(triages.map(({ id, report: listed }) => [id, listed?.headlineUnverified]));
    expect([doubted, sound, old].map((id) => told.get(id!))).toEqual([['97.3 %'], undefined, undefined]);
  });

  it('finds a name that is longer than an index holds', async () => {
    const alertname = 'a'.repeat(200_000);
    const queued = await queue({}, { labels: { alertname } });
    expect(await idsOf({ alertName: alertname })).toEqual([queued[1]]);
  });

  it('is read from an index whatever it is narrowed by, among 20,000 triages', async () => {
    await db.sql(`INSERT INTO triages (id, subject_key, status, outcome, ended_by, alert_name, fingerprint, severity, created_at,
        completed_at, analysis, report, input_tokens, output_tokens)
      SELECT lpad(i::text, 26, '0'), 'alert:' || i, 'finished',
        CASE WHEN i % 5000 = 0 THEN 'error' WHEN i % 50 = 0 THEN 'failed' ELSE 'complete' END, 'answer', 'Alert' || i % 200,
        'fp' || i % 2000, CASE WHEN i % 10 = 0 THEN 'critical' ELSE 'warning' END,
        timestamptz '2026-11-01Z' + (i / 20) * interval '1 min', now(), repeat(md5(i::text), 60),
        json_build_object('headline', 'h' || i, 'rootCause', json_build_object('component', 'c', 'change', null,
          'confidence', 'high'), 'evidence', repeat(md5(i::text), 60)), 1, 1
      FROM generate_series(1, ${ROWS}) AS i`);
    await db.sql('ANALYZE triages');
    const served: [TriageFilter, string][] = [
      [{}, 'triages_newest'],
      [{ since: new Date('2026-11-01Z'), until: new Date('2026-11-02Z') }, 'triages_newest'],
      [{ severity: 'critical' }, 'triages_newest'],
      [{ alertName: 'Alert7' }, 'triages_of_alert_name'],
      [{ fingerprint: 'fp7' }, 'triages_of_fingerprint'],
      [{ outcome: 'error' }, 'triages_of_outcome'],
      [{ status: 'queued' }, 'triages_owed'],
    ];
    for (const [filter, index] of served) {
      for (const after of [undefined, { createdAt: '2026-11-08T12:00:00.000000Z', id: 'x' }]) {
        const { text, parameters } = listStatement(filter, 50, after);
        const lines = await db.sql<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF) ${text}`, parameters);
        const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
        expect({ filter, plan }).toEqual({ filter, plan: expect.stringMatching(` ${index}( on triages)? `) });
        expect({ filter, plan }).toEqual({ filter, plan: expect.not.stringContaining('Seq Scan') });
      }
    }
  });
});
