import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

type Json = Record<string, unknown>;

const KIB = 1024;
const MAX_BODY_BYTES = 512 * KIB;
const AT = '2026-11-23T18:58:00.000Z';

describe('/api/v1/changes', () => {
  let vigil: VigilWithWorld;
  beforeAll(async () => {
    vigil = await startVigilWithWorld({ max_body_bytes: String(MAX_BODY_BYTES) });
  });
  afterEach(() => vigil.sql.query('TRUNCATE changes'));
  afterAll(() => vigil.stop());

  const send = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    vigil.call('/api/v1/changes', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
    });
  const post = async (body: unknown): Promise<Json[]> => {
    const answer = await send(body);
    const said = (await answer.json()) as { changes: Json[] };
    if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(said)}`);
    expect(Object.keys(said)).toEqual(['changes']);
    return said.changes;
  };
  const refused = async (body: unknown): Promise<unknown[]> => {
    const answer = await send(body);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const { code, detail } = (await answer.json()) as Json;
    return [answer.status, code, detail];
  };
  const list = (query = ''): Promise<{ changes: Json[]; next_cursor: string | null }> =>
    vigil.get(`/api/v1/changes?${query}`);
  const idsOf = async (query: string): Promise<unknown[]> => (await list(query)).changes.map(({ id }) => id);
  const change = (over: Json = {}): Json => ({ kind: 'deploy', at: AT, title: 'Deploy payments', ...over });

  const WHOLE = {
    source: 'github',
    id: 'shop/812',
    kind: 'deploy',
    at: AT,
    title: 'Deploy payments 2.14.0',
    service: 'payments',
    environment: 'production',
    author: 'Mara Lind',
    revision: '9f3c2e1',
    previous_revision: '41be07d',
    commits: ['9f3c2e1', '8a7b6c5'],
    version: '2.14.0',
    files: ['src/amount.js'],
    details: '--- a/src/amount.js\n+++ b/src/amount.js\n@@ -1 +1 @@\n-a\n+b\n',
    url: 'https://github.example/shop/runs/812',
    labels: { team: 'checkout' },
  };

  it('stores one object and answers with what it stored; the list shows the same', async () => {
    expect(await post(WHOLE)).toEqual([WHOLE]);
    expect(await list()).toEqual({ changes: [WHOLE], next_cursor: null });
  });

  it('stores an array in its order, and nothing of an empty one', async () => {
    const ids = (await post(['a', 'b', 'c'].map((id) => change({ id })))).map(({ id }) => id);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(await post([])).toEqual([]);
  });

  it('shows what is not known as absent, names the source api, and makes the id of what was posted', async () => {
    const [stored] = await post(
      change({ service: '', author: null, commits: [], labels: {}, note: { tolerated: [1] } }),
    );
    expect(stored).toEqual({ source: 'api', id: expect.stringMatching(/^[0-9a-f]{32}$/), ...change() });
  });

  it('takes the same post again as the same change, and one that differs as another (idempotency)', async () => {
    const without = change({ labels: { a: '1', b: '2' } });
    const [first] = await post(without);
    const [again] = await post({ ...without, labels: { b: '2', a: '1' }, at: '2026-11-23T19:58:00+01:00' });
    expect(again).toEqual(first);
    expect((await list()).changes).toHaveLength(1);
    await post(change({ title: 'Deploy payments again' }));
    expect((await list()).changes).toHaveLength(2);
  });

  it('replaces what is stored under the same source and id, also twice in one body', async () => {
    await post(WHOLE);
    const { source, id } = WHOLE;
    const second = change({ source, id, title: 'second' });
    const third = change({ source, id, title: 'third' });
    expect(await post([second, third])).toEqual([third]);
    expect((await list()).changes).toEqual([third]);
  });

  it('keeps one row when the same change is posted by two at once', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => post([change({ id: 'x' }), change({ id: 'y', title: `${i}` })])),
    );
    expect((await idsOf('')).sort()).toEqual(['x', 'y']);
  });

  it.each<[string, unknown, string]>([
    [
      'an empty object',
      {},
      'kind is not one of deploy, commit, flag, config, incident, other; at is not an RFC 3339 time such as 2026-11-23T19:00:00Z; title is missing or blank',
    ],
    ['an unknown kind', change({ kind: 'Deploy' }), 'kind is not one of deploy, commit, flag, config, incident, other'],
    [
      'a time without its zone',
      change({ at: '2026-11-23T19:00:00' }),
      'at is not an RFC 3339 time such as 2026-11-23T19:00:00Z',
    ],
    [
      'a day that is none',
      change({ at: '2026-02-30T19:00:00Z' }),
      'at is not an RFC 3339 time such as 2026-11-23T19:00:00Z',
    ],
    [
      "Go's zero time",
      change({ at: '0001-01-01T00:00:00Z' }),
      'at is not an RFC 3339 time such as 2026-11-23T19:00:00Z',
    ],
    ['a number as title', change({ title: 5 }), 'title is not a text'],
    [
      'a title of hidden characters',
      change({ title: ' \u0000\u200b\n'.replace('\u0000', '') }),
      'title is missing or blank',
    ],
    ['a service that is an object', change({ service: {} }), 'service is not a text'],
    ['commits that are no array', change({ commits: 'abc' }), 'commits is not an array of texts'],
    ['files that are no texts', change({ files: ['a', 1] }), 'files is not an array of texts'],
    [
      'labels that are no texts',
      change({ labels: { a: 1 } }),
      'labels is not an object of texts, with names of at most 200 characters',
    ],
    [
      'labels that are an array',
      change({ labels: ['a'] }),
      'labels is not an object of texts, with names of at most 200 characters',
    ],
    ['details that are no text', change({ details: ['a'] }), 'details is not a text'],
    ['an id that is too long', change({ id: 'i'.repeat(401) }), 'id is longer than 400 characters'],
    ['a revision that is too long', change({ revision: 'r'.repeat(201) }), 'revision is longer than 200 characters'],
    ['a link that runs', change({ url: 'javascript:alert(1)' }), 'url is not an http or https address'],
  ])('refuses %s, and says which field', async (_, body, fault) => {
    expect(await refused(body)).toEqual([400, 'changes.invalid', `Nothing was stored: ${fault}.`]);
  });

  it('names the place of each change that cannot be read, and stores nothing of its body', async () => {
    const body = [change(), change({ at: 'now' }), 'x', change({ title: '' })];
    expect(await refused(body)).toEqual([
      400,
      'changes.invalid',
      expect.stringMatching(
        /^Nothing was stored: \[1\]\.at is not an RFC 3339 time .*; \[2\]\.kind .*; \[2\]\.title .*; \[3\]\.title is missing or blank\.$/,
      ),
    ]);
    const many = await refused(Array.from({ length: 30 }, () => change({ title: '' })));
    expect(many[2]).toMatch(/\[9\]\.title is missing or blank; and 20 more\.$/);
    expect((await list()).changes).toEqual([]);
  });

  it.each(['"deploy"', '5', 'null', '', '{"kind"'])(
    'refuses the body %s, which is neither object nor array',
    async (body) => {
      const [status] = await refused(body);
      expect(status).toBe(400);
    },
  );

  it('takes a thousand changes, and refuses one more', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, i) => change({ id: `${i}` }));
    expect(await post(thousand)).toHaveLength(1_000);
    expect(await refused([...thousand, change()])).toEqual([
      400,
      'changes.too_many',
      'The body holds more than 1000 changes: send less at once.',
    ]);
  });

  it('cuts a title of 10,000 characters, cleans what hides, and keeps names on one line', async () => {
    const [stored] = await post(
      change({
        title: 'x'.repeat(10_000),
        author: '\u001b[31mMara\u202e \u0007Lind\u0000',
        service: ' pay\nments ',
        labels: { 'a\u0000': 'b\u200b' },
        files: ['f'.repeat(600), ' '],
      }),
    );
    expect(stored).toMatchObject({
      title: `${'x'.repeat(1_000)}… (9,000 more characters)`,
      author: 'Mara Lind\ufffd',
      service: 'pay ments',
      labels: { 'a\ufffd': 'b' },
      files: [`${'f'.repeat(500)}… (100 more characters)`],
    });
    expect(await idsOf('service=pay%20ments')).toEqual([stored!.id]);
  });

  it('keeps 64 KiB of the details, cut at a character, and says so', async () => {
    const [exact, cut] = await post([
      change({ id: 'exact', details: 'x'.repeat(64 * KIB) }),
      change({ id: 'cut', details: '\n 漢😀'.repeat(10_000) }),
    ]);
    expect(exact!.details).toBe('x'.repeat(64 * KIB));
    const details = cut!.details as string;
    expect(Buffer.byteLength(details)).toBeLessThanOrEqual(64 * KIB);
    expect(Buffer.byteLength(details)).toBeGreaterThan(64 * KIB - 8);
    expect(details).toMatch(/^\n 漢😀.*[漢😀 \n]\n… \(cut here: the whole had 90000 bytes, 65536 are kept\)$/su);
    expect(details).not.toContain('\ufffd');
    expect((await list()).changes.map((one) => one.details)).toEqual([exact!.details, cut!.details]);
  });

  it('gives with the changes of a service those that have none', async () => {
    await post([
      change({ id: 'p', service: 'payments', at: '2026-11-23T18:03:00Z' }),
      change({ id: 'i', service: 'inventory', at: '2026-11-23T18:02:00Z' }),
      change({ id: 'shared', kind: 'commit', at: '2026-11-23T18:01:00Z', revision: 'abcdef1234567' }),
    ]);
    expect(await idsOf('')).toEqual(['p', 'i', 'shared']);
    expect(await idsOf('service=payments')).toEqual(['p', 'shared']);
    expect(await idsOf('service=payments&kind=deploy')).toEqual(['p']);
    expect(await idsOf('since=2026-11-23T18:02:00Z&until=2026-11-23T18:03:00Z')).toEqual(['i']);
    expect(await idsOf('revision=abcdef1')).toEqual(['shared']);
    expect(await idsOf(`service=${encodeURIComponent("' OR 1=1 --")}&kind=deploy`)).toEqual([]);
  });

  it('finds a deploy by a commit that it brings', async () => {
    await post([WHOLE, change({ id: 'other', revision: '1234567' })]);
    expect(await idsOf('revision=8a7b6c5')).toEqual([WHOLE.id]);
    expect(await idsOf('revision=8a7b6c5d4e3f')).toEqual([WHOLE.id]);
  });

  it('is read to its end by cursors, and takes no cursor of another list', async () => {
    await post(Array.from({ length: 7 }, (_, i) => change({ id: `${i}` })));
    const seen: unknown[] = [];
    let query = 'limit=3';
    for (let parts = 1; ; parts += 1) {
      const part = await list(query);
      seen.push(...part.changes.map(({ id }) => id));
      if (part.next_cursor === null) {
        expect(parts).toBe(3);
        break;
      }
      query = `limit=3&cursor=${part.next_cursor}`;
    }
    expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    const { next_cursor: cursor } = await list('limit=1&service=a');
    for (const bad of [`service=b&cursor=${cursor}`, `cursor=${cursor}`, 'cursor=x', `service=a&cursor=${cursor}A`]) {
      const answer = await vigil.call(`/api/v1/changes?${bad}`);
      expect([answer.status, ((await answer.json()) as Json).code]).toEqual([400, 'changes.bad_cursor']);
    }
    expect((await list(`limit=1&service=a&cursor=${cursor}`)).changes).toHaveLength(1);
  });

  it.each([
    ['limit=0', 'limit is given once, a whole number from 1 to 200'],
    ['limit=201', 'limit is given once, a whole number from 1 to 200'],
    ['kind=deploys', 'kind is given once, one of deploy, commit, flag, config, incident, other'],
    ['service=', 'service is given once, a text that is not empty'],
    ['service=a&service=b', 'service is given once, a text that is not empty'],
    ['revision=%00', 'revision is given once, a text that is not empty'],
    ['since=yesterday', expect.stringContaining('since is given once, an RFC 3339 time such as')],
    ['page=2', '"page" is not known here: there are service, kind, revision, since, until, limit, cursor'],
  ])('refuses %s with 400 and says what is allowed', async (query, error) => {
    const answer = await vigil.call(`/api/v1/changes?${query}`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'http.invalid_input', errors: [error] }),
    ]);
  });

  it('refuses times that are the wrong way round', async () => {
    const answer = await vigil.call('/api/v1/changes?since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z');
    expect([answer.status, ((await answer.json()) as Json).code]).toEqual([400, 'changes.since_after_until']);
  });

  it('looks at the token before the body, and at the body’s size, depth and kind before anything else', async () => {
    // It never sends what it announces.
    const status = await new Promise((resolve, reject) => {
      const headers = {
        authorization: 'Bearer wrong',
        'content-type': 'application/json',
        'content-length': '1000000',
      };
      const options = { host: '127.0.0.1', port: vigil.port, method: 'POST', path: '/api/v1/changes', headers };
      const sent = request(options, (answer) => {
        resolve(answer.statusCode);
        sent.destroy();
      });
      sent.on('error', reject).flushHeaders();
    });
    expect(status).toBe(401);
    expect(await refused(change({ details: 'x'.repeat(MAX_BODY_BYTES) }))).toEqual([
      413,
      'http.body_too_large',
      expect.any(String),
    ]);
    expect(await refused('['.repeat(65) + ']'.repeat(65))).toEqual([400, 'webhook.too_deep', expect.any(String)]);
    const answer = await send('kind=deploy', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(415);
    expect((await list()).changes).toEqual([]);
  });

  it('answers 503 while it cannot store, and then takes the same post', async () => {
    await vigil.sql.query('BEGIN; LOCK TABLE changes IN ACCESS EXCLUSIVE MODE');
    const [posted, listed] = await Promise.all([send(WHOLE), vigil.call('/api/v1/changes')]);
    await vigil.sql.query('COMMIT');
    for (const answer of [posted, listed])
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await post(WHOLE)).toEqual([WHOLE]);
  }, 15_000);

  it("takes the README's own post", async () => {
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    const [, body] = /^curl --fail -X POST \S+\/api\/v1\/changes [^']* -d '(\{[\s\S]*?\})'$/m.exec(readme) ?? [];
    const [stored] = await post(body!.replace(/'"\$\(date [^)]*\)"'/, '2026-11-23T18:58:00Z'));
    expect(stored).toMatchObject({ source: 'pipeline', id: 'payments-812', service: 'payments', at: AT });
  });

  it('comes to the model with the opening message of the next triage', async () => {
    const startsAt = new Date(Date.now() - 60_000);
    await post({ ...WHOLE, at: new Date(startsAt.getTime() - 7 * 60_000).toISOString() });
    const labels = { alertname: 'HighErrorRate', service: 'checkout' };
    const alert = { status: 'firing', labels, startsAt: startsAt.toISOString() };
    const [id] = (await vigil.post({ alerts: [alert] })).accepted;
    const { conversations } = await vigil.inStatus<{
      status: string;
      conversations: { turns: { content: { text: string }[] }[] }[];
    }>(id!, 'finished');
    const opening = conversations[0]!.turns[0]!.content[0]!.text;
    expect(opening).toContain('] changes around the start of the alert\n<<<data ');
    expect(opening).toMatch(/^alive: changes are recorded here: 1 in the last 7 days, the last one at 20/m);
    expect(opening).toMatch(
      /^- deploy, 7 min before the start \(\S+\), source "github", id "shop\/812", service "payments", .*: Deploy payments 2\.14\.0$/m,
    );
    expect(opening).toMatch(/^ {4}\| \+\+\+ b\/src\/amount\.js$/m);
  });
});
