import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { TROUBLES } from '../../src/doctor/finding';
import { ReadOnlyDatabase } from '../../src/persistence/doctor/read-only-database';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { type StandIns, startStandIns } from '../e2e/stand-ins';
import { until } from '../until';
import { CANARIES, connectAsVigil, examined, troublesIn } from './installation';

let world: StandIns;
let database: TestDatabase;
let sql: Client;
let connected: Client[] = [];

beforeAll(async () => {
  [world, database] = await Promise.all([startStandIns(), createTestDatabase()]);
  sql = new Client({ connectionString: database.url, application_name: 'spec' });
  await sql.connect();
});
afterEach(async () => {
  await Promise.all(connected.map((client) => client.end()));
  connected = [];
  await sql.query('TRUNCATE triages, firings, deliveries, quarantine, money_days CASCADE');
});
afterAll(async () => {
  await sql.end();
  await Promise.all([world.stop(), database.drop()]);
});

const look = (given: Readonly<Record<string, string>> = {}): ReturnType<typeof examined> =>
  examined({ ...world.settings, database_url: database.url, ...given });

const AN_ALERT = `INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations)
  VALUES ('f', 'f', now(), 'firing', '{}', '{}');`;

/** Of a row: SQL, by name. */
type Columns = Readonly<Record<string, string>>;

function triage({ id = `'t'`, ...columns }: Columns): string {
  const given = { id, subject_key: `'alert:' || ${id}`, alert_name: `'HighErrorRate'`, fingerprint: `'f'`, ...columns };
  return `INSERT INTO triages (${Object.keys(given).join(', ')}) VALUES (${Object.values(given).join(', ')});`;
}
const queued = (ago: string, more: Columns = {}): string =>
  triage({ status: `'queued'`, due_at: `now() - interval '${ago}'`, ...more });
const running = (leaseLeft: string, more: Columns = {}): string =>
  triage({ status: `'running'`, owner: `'w'`, lease_until: `now() + interval '${leaseLeft}'`, ...more });
const waiting = (reason: string, more: Columns = {}): string =>
  triage({ status: `'waiting'`, wait_reason: `'${reason}'`, due_at: `now() + interval '1 hour'`, ...more });
const finished = (outcome: string, analysis: string, ago = '1 hour'): string =>
  triage({
    status: `'finished'`,
    outcome: `'${outcome}'`,
    completed_at: `now() - interval '${ago}'`,
    analysis: `'${analysis}'`,
  });
let deliveries = 0;
const delivery = (state: string, columns: Columns = {}): string => {
  deliveries += 1;
  const row = { state: `'${state}'`, kind: `'report'`, channel: `'slack'`, ...columns };
  return `INSERT INTO deliveries (id, subject_id, ${Object.keys(row).join(', ')})
    VALUES ('d${deliveries}', 's${deliveries}', ${Object.values(row).join(', ')});`;
};
const said = (count: number): string =>
  Array.from({ length: count }, () => delivery('delivered', { delivered_at: 'now()' })).join('');

/** Who runs: nobody, a Vigil, or a Vigil that hears nobody. */
type Who = 'nobody' | 'vigil' | 'a deaf vigil';
type Row = [state: string, who: Who, statements: string, troubles: string[], words?: string[]];

/** Every state with all that is wrong in it, and words that must be said. */
const STATES: Row[] = [
  ['a quiet installation', 'vigil', '', []],
  ['one that nobody runs', 'nobody', '', ['look processes-unseen']],
  ['a Vigil without its doorbell', 'a deaf vigil', '', ['look deaf']],
  ['work in hand', 'vigil', queued('2 seconds') + running('20 seconds', { id: `'r'` }), []],
  ['due work and nobody', 'nobody', queued('5 minutes'), ['look processes-unseen', 'bad nobody-takes-triages']],
  ['due work that no worker takes', 'vigil', queued('1 minute'), ['bad triages-stuck'], ['0 of 8 places']],
  [
    'due work that waits for a place',
    'vigil',
    queued('6 minutes') + Array.from({ length: 8 }, (_, i) => running('20 seconds', { id: `'r${i}'` })).join(''),
    ['look triages-backlog'],
    ['8 of 8 places'],
  ],
  ['a lease that just ran out', 'vigil', running('-2 seconds'), ['look lease-expired']],
  ['a lease that ran out long ago', 'vigil', running('-1 minute'), ['bad lease-expired'], ['nobody takes over']],
  [
    'a dead worker and nobody',
    'nobody',
    running('-1 minute'),
    ['look processes-unseen', 'bad lease-expired'],
    ['no Vigil is there'],
  ],
  [
    'a triage that lost two workers',
    'vigil',
    queued('1 minute', { strikes: '2' }) + queued('1 minute', { id: `'other'` }),
    ['look suspects'],
    ['HighErrorRate', '2 workers'],
  ],
  [
    'a triage that three workers lost, which any other one is to end, and none does',
    'vigil',
    queued('1 minute', { strikes: '3' }),
    ['bad triages-stuck', 'look suspects'],
  ],
  [
    'a lease that ran out, whose triage wants an idle worker now',
    'vigil',
    running('-1 minute', { strikes: '1' }),
    ['look lease-expired', 'look suspects'],
    ['as soon as one is idle'],
  ],
  [
    'a lease that ran out for the third time',
    'vigil',
    running('-1 minute', { strikes: '2' }),
    ['bad lease-expired', 'look suspects'],
  ],
  [
    'triages that lost their worker together',
    'vigil',
    running('20 seconds', { strikes: '1' }) + running('20 seconds', { id: `'other'`, strikes: '1' }),
    ['look suspects'],
    ['1 worker in a row', 'not the only one'],
  ],
  [
    'triages that wait for the model',
    'vigil',
    waiting('model_unavailable') +
      delivery('delivered', {
        delivered_at: 'now()',
        kind: `'notice'`,
        detail: `'The API does not know the key.'`,
        created_at: `now() - interval '3 hours'`,
      }).replace(/'s\d+'/, `'model_unavailable:2026-01-01'`),
    ['bad waiting-for-model'],
    ['1 triage waits', 'in 1 h', "The day's notice, 3 h ago: The API does not know the key."],
  ],
  [
    'triages that wait for money',
    'vigil',
    `${waiting('money')} INSERT INTO money_days VALUES ((now() AT TIME ZONE 'UTC')::date, 4.97);`,
    ['bad waiting-for-money'],
    ['$4.97 are spent today (UTC), the limit is $5.00'],
  ],
  ['triages in a cool-down', 'vigil', waiting('cool_down'), [], ['1 in a cool-down']],
  [
    'ends that were bad',
    'vigil',
    finished('error', 'three\n workers \u001b[31mended').replaceAll(`'t'`, `'e'`) + finished('failed', 'no answer'),
    ['look ended-as-error', 'look ended-as-failed'],
    ['three workers ended', 'no answer'],
  ],
  [
    'a message that is due and not posted',
    'vigil',
    delivery('pending', { due_at: `now() - interval '1 minute'` }),
    ['bad deliveries-late'],
  ],
  ['a message and nobody', 'nobody', delivery('pending'), ['look processes-unseen', 'bad deliveries-late']],
  [
    'a message that is tried again and again',
    'vigil',
    delivery('pending', { attempts: '4', reason: `'Slack answered 500'`, due_at: `now() + interval '90 seconds'` }),
    ['bad deliveries-late'],
    ['4 attempts', 'Slack answered 500', 'in 1 min'],
  ],
  [
    'a message that was given up',
    'vigil',
    delivery('given_up', { reason: `'no_service'` }),
    ['bad deliveries-given-up'],
    ['no_service'],
  ],
  [
    'one that was given up before others arrived',
    'vigil',
    delivery('given_up') + said(1),
    ['look deliveries-given-up'],
  ],
  [
    'a crowded hour',
    'vigil',
    said(54) + delivery('pending', { attempts: '0' }),
    ['look hourly-ceiling'],
    ['54 of the 60'],
  ],
  [
    'an alert that could not be read',
    'vigil',
    `INSERT INTO quarantine (id, reason, body) VALUES ('q', 'labels: not an object', '{}');`,
    ['look alerts-quarantined'],
    ['labels: not an object'],
  ],
  [
    'groups that were cut',
    'vigil',
    queued('1 second', { truncated_alerts: '37' }),
    ['look alerts-truncated'],
    ['37 alerts'],
  ],
  ['silence', 'vigil', `UPDATE firings SET last_seen_at = now() - interval '4 days'`, ['look no-alerts'], ['4 days']],
  ['a first day', 'vigil', 'DELETE FROM firings', ['look no-alerts'], ['No alert ever came']],
  ['records that are too old', 'vigil', finished('complete', 'x', '95 days'), ['look retention-behind'], ['95 days']],
];

describe('The doctor tells of', () => {
  it.each(STATES)('%s, with %s there', async (_state, who, statements, troubles, words = []) => {
    if (who !== 'nobody') connected = await connectAsVigil(database.url, who === 'a deaf vigil');
    await sql.query(AN_ALERT);
    if (statements !== '') await sql.query(statements);
    const findings = await look({ max_cost_usd_per_day: '5', loki_endpoint: '' });
    expect(troublesIn(findings)).toEqual(troubles);
    const text = JSON.stringify(findings);
    for (const word of words) expect(text).toContain(word);
    for (const canary of [...CANARIES, new URL(world.slack.url).pathname, new URL(database.url).password || '-none-']) {
      expect(text).not.toContain(canary);
    }
    expect(text).not.toContain('\\u001b');
  });

  it('a doorbell that a pooler lends to others: it hears nothing', async () => {
    connected = await connectAsVigil(database.url, false);
    await sql.query(AN_ALERT);
    await connected[1]!.query('SELECT 1');
    expect(troublesIn(await look())).toEqual(['look deaf']);
    expect(JSON.stringify(await look({ database_listen_url: database.url }))).toContain('may also be an illusion');
  });

  it('messages that are kept because no webhook is set any more', async () => {
    connected = await connectAsVigil(database.url, false);
    await sql.query(AN_ALERT + delivery('pending', { due_at: `now() - interval '1 minute'` }));
    const findings = await look({ slack_webhook_url: '' });
    expect(troublesIn(findings)).toEqual(['bad slack-not-configured']);
    expect(JSON.stringify(findings)).toContain('1 message to Slack is pending from before');
  });

  it('a transaction that others wait for, and says how to end it', async () => {
    connected = await connectAsVigil(database.url, false);
    const waiter = new Client({ connectionString: database.url });
    await waiter.connect();
    connected.push(waiter);
    const holder = connected[0]!;
    await holder.query('BEGIN; LOCK TABLE triage_firings IN EXCLUSIVE MODE');
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const blocked = waiter.query('INSERT INTO triage_firings VALUES ($1, $1)', ['x']).catch(() => undefined);
    const findings = await until('the doctor sees it', async () => {
      const found = await look();
      return troublesIn(found).includes('bad database-blocked') && found;
    });
    await holder.query('ROLLBACK');
    await blocked;
    expect(JSON.stringify(findings)).toContain(`pg_terminate_backend(${rows[0]!.pid})`);
  });
});

describe('A database', () => {
  it('that was migrated by another version is told as older or newer, and what cannot be read hides nothing else', async () => {
    const other = await createTestDatabase();
    const client = new Client({ connectionString: other.url });
    await client.connect();
    try {
      await client.query(`INSERT INTO migrations (timestamp, name) VALUES (9, 'FromTheFuture9')`);
      expect(troublesIn(await look({ database_url: other.url }))).toEqual([
        'look schema-newer',
        'look processes-unseen',
        'look no-alerts',
      ]);
      await client.query(
        `DELETE FROM migrations WHERE name IN ('FromTheFuture9', 'MoneyNoticesRetention1795510000000')`,
      );
      await client.query('DROP TABLE money_days');
      const older = await look({ database_url: other.url });
      expect(troublesIn(older)).toEqual([
        'bad schema-older',
        'look processes-unseen',
        'look no-alerts',
        'look not-known',
      ]);
      expect(JSON.stringify(older)).toContain('MoneyNoticesRetention1795510000000');
      expect(older.map(({ about }) => about)).toEqual(expect.arrayContaining(['deliveries', 'ends', 'retention']));
      await client.query('DROP TABLE migrations');
      expect(troublesIn(await look({ database_url: other.url }))).toEqual([
        'bad schema-missing',
        'look processes-unseen',
      ]);
    } finally {
      await client.end();
      await other.drop();
    }
  });

  it('that takes no writes is told as such', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await sql.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const findings = await look().finally(() =>
      sql.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`),
    );
    expect(troublesIn(findings)).toContain('bad database-read-only');
  });

  it.each([
    ['is down', (url: URL) => (url.port = '1'), 'the connection was refused'],
    ['has another name', (url: URL) => (url.pathname = '/nothing'), 'it has no database of this name'],
    ['has another password', (url: URL) => (url.password = 'canary-password'), 'it refuses the password'],
    ['is on no host', (url: URL) => (url.hostname = 'nowhere.invalid'), 'its name'],
    ['has no TLS', (url: URL) => (url.search = '?ssl=true'), 'it speaks no TLS'],
  ])('that %s is told by why it cannot be asked', async (_name, spoil, reason) => {
    const url = new URL(database.url);
    spoil(url);
    const findings = await look({ database_url: url.href });
    expect(troublesIn(findings)).toEqual(['bad database-unreachable']);
    const text = JSON.stringify(findings);
    expect(text).toContain(reason);
    expect(text).not.toContain('canary-password');
  });

  it('is not written to, whatever is asked', async () => {
    const readOnly = new ReadOnlyDatabase(database.url);
    await expect(readOnly.ask((ask) => ask(AN_ALERT))).rejects.toMatchObject({ code: '25006' });
    await readOnly.close();
  });
});

describe('docs/operations.md', () => {
  it('has a heading for every trouble that the doctor knows, and for no other', () => {
    const text = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([...TROUBLES]);
  });
});
