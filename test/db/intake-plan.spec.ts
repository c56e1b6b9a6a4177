import { READ_FACTS } from '../../src/persistence/intake-statements';
import { type Adapters, freshAdapters } from './adapters';

/** The triages of one storm: all of them ended three hours ago, and since then it has been quiet. */
const QUIET_SINCE_THREE_HOURS = `
  INSERT INTO triages (id, subject_key, alert_name, fingerprint, status, outcome, ended_by, created_at, completed_at)
  SELECT 'T' || n, 'alert:fp' || n, 'Alert', 'fp' || n, 'finished', 'complete', 'answer',
         now() - interval '4 hours', now() - interval '3 hours'
  FROM generate_series(1, 20000) AS n`;
const FIRINGS = `
  INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations)
  SELECT 'F' || n, 'fp' || n, now(), 'firing', '{}', '{}' FROM generate_series(1, 2000) AS n`;

describe('The facts of a large body', () => {
  let db: Adapters;
  beforeAll(async () => {
    db = await freshAdapters();
  });
  afterAll(() => db.close());

  it('are looked up alert by alert, also when nothing ended within the cool-down', async () => {
    await db.sql(QUIET_SINCE_THREE_HOURS);
    await db.sql(FIRINGS);
    await db.sql('ANALYZE triages, firings');
    const firingIds = Array.from({ length: 2_000 }, (_, i) => `F${i + 1}`);
    const lines = await db.sql<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${READ_FACTS}`, [firingIds, 3_600_000]);
    const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
    expect(plan).toContain('triages_settled');
    expect(plan).not.toContain('triages_ended');
  });
});
