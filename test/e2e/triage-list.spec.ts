import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

interface Part {
  readonly triages: Record<string, unknown>[];
  readonly next_cursor: string | null;
}

const ALERTS = 7;

describe('GET /api/v1/triage (GV-55)', () => {
  let vigil: VigilWithWorld;
  let ids: string[];
  beforeAll(async () => {
    vigil = await startVigilWithWorld();
    const alerts = Array.from({ length: ALERTS }, (_, i) => ({
      status: 'firing',
      fingerprint: `f${i}`,
      labels: { alertname: i % 2 ? 'Odd' : 'Even', severity: i === 0 ? 'critical' : 'warning' },
      annotations: { summary: `alert ${i}` },
    }));
    ids = (await vigil.post({ version: '4', alerts })).accepted;
    expect(ids).toHaveLength(ALERTS);
    await Promise.all(ids.map((id) => vigil.inStatus(id, 'finished')));
    ids = [...ids].sort().reverse();
  });
  afterAll(() => vigil.stop());

  const list = (query = ''): Promise<Part> => vigil.get<Part>(`/api/v1/triage?${query}`);
  const idsOf = async (query: string): Promise<unknown[]> => (await list(query)).triages.map(({ id }) => id);
  const refusal = async (query: string): Promise<unknown[]> => {
    const answer = await vigil.call(`/api/v1/triage?${query}`);
    const { code, detail, errors } = (await answer.json()) as Record<string, unknown>;
    return [answer.status, code, errors ?? detail];
  };

  it('shows each triage as a part of what GET /api/v1/triage/{id} shows, under the same names', async () => {
    const { triages, next_cursor } = await list();
    expect(next_cursor).toBeNull();
    expect(triages.map(({ id }) => id)).toEqual(ids);
    for (const { link, ...entry } of triages) {
      const whole = await vigil.get(`/api/v1/triage/${String(entry.id)}`);
      expect(whole).toMatchObject(entry);
      expect(link).toMatch(/^http:\/\/localhost:\d+\/t\/[0-9A-Z]{26}\?e=\d+&k=/);
      expect(entry).toMatchObject({
        outcome: 'complete',
        tokens_in: expect.any(Number),
        report: { root_cause: { change: null } },
      });
      for (const left of ['analysis', 'system_prompt', 'conversations', 'alerts', 'deliveries']) {
        expect(whole).toHaveProperty(left);
        expect(entry).not.toHaveProperty(left);
      }
    }
  });

  it('is read to its end by cursors, each triage once', async () => {
    const seen: unknown[] = [];
    let query = 'limit=3';
    for (let parts = 1; ; parts += 1) {
      const part = await list(query);
      seen.push(...part.triages.map(({ id }) => id));
      if (part.next_cursor === null) {
        expect(parts).toBe(3);
        break;
      }
      query = `limit=3&cursor=${part.next_cursor}`;
    }
    expect(seen).toEqual(ids);
  });

  it('keeps what all filters ask for', async () => {
    expect(await idsOf('alertname=Odd')).toHaveLength(3);
    expect(await idsOf('alertname=Odd&severity=critical')).toEqual([]);
    expect(await idsOf('status=finished&outcome=complete&severity=critical&fingerprint=f0')).toHaveLength(1);
    expect(await idsOf('status=queued')).toEqual([]);
    const { created_at: at } = (await list('limit=1')).triages[0]!;
    expect(await idsOf(`since=${String(at)}`)).toEqual(ids);
    expect(await idsOf(`until=${String(at)}`)).toEqual([]);
    expect(await idsOf(`until=2999-01-01T00:00:00%2B01:00`)).toEqual(ids);
  });

  it('leaves out what an unfinished triage does not have (GV-49, GV-52)', async () => {
    await vigil.sql.query(`INSERT INTO triages (id, subject_key, status, wait_reason, due_at, alert_name, fingerprint)
      VALUES ('01AAAAAAAAAAAAAAAAAAAAAAAA', 'alert:w', 'waiting', 'money', now() + interval '1 h', 'Waiting', 'w')`);
    const { triages } = await list('status=waiting');
    await vigil.sql.query(`DELETE FROM triages WHERE status = 'waiting'`);
    expect(Object.keys(triages[0]!).sort()).toEqual(
      ['alert_name', 'attempts', 'created_at', 'due_at', 'fingerprint', 'id', 'link', 'status'].sort(),
    );
  });

  it.each([
    ['limit=0', 'limit is given once, a whole number from 1 to 200'],
    ['limit=201', 'limit is given once, a whole number from 1 to 200'],
    ['limit=1e1', 'limit is given once, a whole number from 1 to 200'],
    ['limit=', 'limit is given once, a whole number from 1 to 200'],
    ['limit=5&limit=6', 'limit is given once, a whole number from 1 to 200'],
    ['limit=1000000000000', 'limit is given once, a whole number from 1 to 200'],
    ['status=done', 'status is given once, one of queued, running, waiting, finished'],
    ['status=queued&status=running', 'status is given once, one of queued, running, waiting, finished'],
    ['outcome=', 'outcome is given once, one of complete, partial, failed, error, cancelled'],
    ['alertname=', 'alertname is given once, a text that is not empty'],
    ['alertname=a&alertname=b', 'alertname is given once, a text that is not empty'],
    ['fingerprint=%00', 'fingerprint is given once, a text that is not empty'],
    ['severity=a%00b', 'severity is given once, a text that is not empty'],
    ['since=yesterday', expect.stringContaining('since is given once, an RFC 3339 time such as')],
    ['since=2026-02-30T00:00:00Z', expect.stringContaining('since is given once')],
    ['since=2026-11-23T19:00:00+01:00', expect.stringContaining('is %2B')],
    ['until=', expect.stringContaining('until is given once')],
    ['cursor=a&cursor=b', 'cursor is given once, as next_cursor of the answer before had it'],
    ['page=2', expect.stringMatching(/^"page" is not known here: there are status, outcome, alertname, .*cursor$/)],
    ['since[a]=b', expect.stringContaining('"since[a]" is not known here')],
  ])('refuses %s with 400 and says what is allowed', async (query, error) => {
    expect(await refusal(query)).toEqual([400, 'http.invalid_input', [error]]);
  });

  it('names every fault of a request at once', async () => {
    expect(await refusal('limit=0&status=x&page=1')).toEqual([400, 'http.invalid_input', expect.any(Array)]);
    expect((await refusal('limit=0&status=x&page=1'))[2]).toHaveLength(3);
  });

  it('refuses times that are the wrong way round, and takes the ends of time', async () => {
    expect(await refusal('since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z')).toEqual([
      400,
      'triage.since_after_until',
      'since lies after until: exchange or mend them.',
    ]);
    expect(await idsOf('since=0000-01-01T00:00:00Z&until=9999-12-31T23:59:59Z')).toEqual(ids);
  });

  it('refuses a cursor that is garbled, made up, or of a list with other filters', async () => {
    const { next_cursor: cursor } = await list('limit=1&alertname=Odd');
    const refused = [400, 'triage.bad_cursor', expect.stringContaining('send next_cursor as it came')];
    const last = cursor!.at(-1) === 'A' ? 'B' : 'A';
    const madeUp = Buffer.from(`${'x'.repeat(16)}2026-11-23T00:00:00Z ${ids[0]}`).toString('base64url');
    for (const bad of [
      'x',
      '%20',
      cursor!.slice(0, -1) + last,
      `${cursor}A`,
      `${cursor}%0A`,
      madeUp,
      'é',
      'a'.repeat(5000),
    ]) {
      expect([bad, ...(await refusal(`alertname=Odd&cursor=${bad}`))]).toEqual([bad, ...refused]);
    }
    expect(await refusal(`cursor=${cursor}`)).toEqual(refused);
    expect(await refusal(`alertname=Even&cursor=${cursor}`)).toEqual(refused);
    expect(await idsOf(`alertname=Odd&cursor=${cursor}`)).toHaveLength(2);
  });

  it('binds what it is asked for, and gives no part of the database away', async () => {
    expect(await idsOf(`alertname=${encodeURIComponent(`' OR 1=1 --`)}`)).toEqual([]);
    expect(await idsOf(`fingerprint=${encodeURIComponent('%')}`)).toEqual([]);
  });
});
