import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';
import { webhookOf } from './stand-ins';

describe('The page behind a signed link', () => {
  let vigil: VigilWithWorld;
  let link: string;
  let id: string;
  beforeAll(async () => {
    vigil = await startVigilWithWorld();
    const generatorURL = 'https://evil.example/graph';
    const annotations = { summary: '[free phone](https://evil.example)', runbook_url: 'https://evil.example/runbook' };
    [id] = (await vigil.post(webhookOf('page', { generatorURL, annotations }))).accepted as [string];
    const seen = await vigil.inStatus(id, 'finished');
    link = (seen.link as string).replace(/^http:\/\/localhost:\d+/, '');
  });
  afterAll(() => vigil.stop());

  const open = (path: string, init?: RequestInit): Promise<Response> => fetch(vigil.url + path, init);

  it('is static, kept by no cache, told to nobody, and links only to places on itself and to the data in Prometheus', async () => {
    const page = await open(link);
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
      ),
    });
    const text = await page.text();
    expect(text).toContain('evil.example');
    const targets = Array.from(text.matchAll(/<[^>]*\s(?:href|src|action|formaction|data|poster|srcset)="([^"]*)"/g));
    expect(targets.length).toBeGreaterThan(0);
    const prometheus = `${vigil.world.settings['prometheus_endpoint']}/graph?`;
    for (const [, target] of targets) expect(target!.startsWith(prometheus) || /^#[a-z0-9]+$/.test(target!)).toBe(true);
    expect(text).not.toMatch(/<(script|img|iframe|form|object|embed|link|base)\b|http-equiv/i);
  });

  it('tells the investigation from what was known on, with a place for every handle that it links to', async () => {
    const text = await (await open(link)).text();
    expect(text).toContain('What was known before the first question');
    expect(text).toMatch(
      /<details id="o1"\s*>\s*<summary>\s*<code>o1<\/code> <strong>the alert, as Alertmanager sent it</,
    );
    const anchors = new Set(Array.from(text.matchAll(/\sid="([^"]*)"/g), ([, id]) => id));
    const targets = Array.from(text.matchAll(/href="#([^"]*)"/g), ([, target]) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !anchors.has(target))).toEqual([]);
  });

  it('answers HEAD like GET, without the page', async () => {
    const head = await open(link, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await head.text()).toBe('');
  });

  it.each<[string, (path: string) => string]>([
    ['a signature that was changed', (path) => path.slice(0, -2) + (path.endsWith('AA') ? 'BB' : 'AA')],
    ['a signature that was cut', (path) => path.slice(0, -5)],
    ['no signature', (path) => path.split('?')[0]!],
    ['two signatures', (path) => `${path}&k=x`],
    ['another expiry', (path) => path.replace(/e=\d+/, 'e=9999999999')],
    ['another triage', (path) => path.replace(/\/t\/\w+/, '/t/01KAS6Q3M8W1T5Z0V4R9XJ2CNB')],
    ['a text for an id', (path) => path.replace(/\/t\/\w+/, '/t/%3Cscript%3E%00')],
  ])('is refused with a page that a person understands: %s', async (_what, changed) => {
    const page = await open(changed(link));
    expect([page.status, page.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).toContain('<h1>This link does not open</h1>');
    expect(text).toContain(page.headers.get('x-request-id'));
    expect(text).not.toContain('<script');
  });

  it('tells of a link that has expired that it was good, and where the triage can still be found', async () => {
    const page = await open(await vigil.link(id, new Date(Date.now() - 1000)));
    expect(page.status).toBe(410);
    expect(await page.text()).toMatch(/<h1>This link has expired<\/h1>[^]*token of the API/);
  });

  it('tells of a triage that is no longer kept', async () => {
    const page = await open(await vigil.link('01KAS6Q3M8W1T5Z0V4R9XJ2CNB'));
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('<h1>This triage is no longer kept</h1>');
  });

  it('shows a triage of which nearly nothing is known, as the API does, and no time that did not come (GV-49, GV-52)', async () => {
    const unfinished = '01AAAAAAAAAAAAAAAAAAAAAAAA';
    await vigil.sql.query(`INSERT INTO triages (id, subject_key, status, alert_name, fingerprint, due_at)
      VALUES ('${unfinished}', 'alert:q', 'queued', 'Nothing', 'q', now() + interval '1 h')`);
    const seen = await vigil.get(`/api/v1/triage/${unfinished}`);
    expect(Object.keys(seen).sort()).toEqual(
      [
        'alert_name',
        'alerts',
        'attempts',
        'conversations',
        'created_at',
        'deliveries',
        'fingerprint',
        'id',
        'link',
        'status',
      ].sort(),
    );
    const text = await (await open(await vigil.link(unfinished))).text();
    expect(text).toContain('it waits for a free worker');
    expect(text).not.toMatch(/undefined|null|NaN|0001-01-01|1970/);
  });
});
