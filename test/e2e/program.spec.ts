import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { runVigil, startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');

describe('The program, with the database that it brings', () => {
  let world: StandIns;
  let vigil: VigilProcess;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vigil-e2e-'));
    world = await startStandIns();
    vigil = await startVigilProcess({ ...world.settings, data_dir: dataDir });
  });
  afterAll(async () => {
    await vigil.signal('SIGTERM');
    await world.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const triage = async (id: string): Promise<Record<string, unknown>> =>
    (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Record<string, unknown>;
  const finished = (id: string): Promise<Record<string, unknown>> =>
    until('the triage is finished', async () => {
      const seen = await triage(id);
      return seen.status === 'finished' ? seen : undefined;
    });
  const post = async (body: string): Promise<{ accepted: string[]; alerts: { decision: string }[] }> =>
    (await (await vigil.call('/api/v1/alerts', { method: 'POST', body })).json()) as never;

  it("answers the README's curl, as it stands there, with 202, and triages it", async () => {
    const command = /curl -X POST http:\/\/localhost:8080\/api\/v1\/alerts.*?\}'/s.exec(README)![0];
    const here = command.replace('http://localhost:8080', vigil.url).replace('curl', 'curl -sS -w "%{http_code}"');
    const { stdout } = await promisify(execFile)('bash', ['-c', here]);
    expect(stdout).toMatch(/202$/);
    const answer = JSON.parse(stdout.slice(0, -3)) as { accepted: string[]; alerts: unknown[] };
    expect(answer.alerts).toEqual([{ fingerprint: 'abc123', decision: 'queued', triage_id: answer.accepted[0] }]);
    expect(await finished(answer.accepted[0]!)).toMatchObject({
      outcome: 'complete',
      alert_name: 'HighCPU',
      severity: 'critical',
    });
  });

  it('shows the whole triage: report, conversation, sums, delivery', async () => {
    const { accepted } = await post(webhookOf('whole'));
    await finished(accepted[0]!);
    const seen = await until('the delivery is recorded', async () => {
      const now = await triage(accepted[0]!);
      return (now.deliveries as { state: string }[])[0]?.state === 'delivered' ? now : undefined;
    });
    expect(seen).toMatchObject({
      status: 'finished',
      ended_by: 'answer',
      model: 'claude-sonnet-5-5',
      tools_used: ['query_metrics'],
      tool_calls: 1,
      attempts: 1,
      report: { root_cause: { component: 'payments', change: null, confidence: 'unknown' } },
      alerts: [{ fingerprint: 'whole', starts_at: '2026-11-23T19:05:34.825Z' }],
      deliveries: [{ channel: 'slack', kind: 'report', attempts: 1 }],
    });
    expect(seen.cost_usd).toBeGreaterThan(0);
    expect(seen.tokens_in).toBeGreaterThan(seen.tokens_in_uncached as number);
    expect(seen.report).toMatchObject({ evidence: [{ source: 'r1', verified: 'quoted' }], check: { faults: [] } });
    expect(seen).not.toHaveProperty('due_at');
    expect(world.slack.posts.filter((entry) => JSON.stringify(entry).includes(accepted[0]!))).toHaveLength(1);
  });

  it('opens the link without a token, and only that link', async () => {
    const { accepted } = await post(webhookOf('link'));
    const { link } = await finished(accepted[0]!);
    const page = await fetch(link as string);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('payments is up');
    expect(html).not.toMatch(/<script/i);
    expect((await fetch(`${link as string}x`)).status).toBe(403);
    expect((await fetch((link as string).replace(accepted[0]!, '01KAS6Q3M8W1T5Z0V4R9XJ2CNB'))).status).toBe(403);
  });

  it('spends nothing on re-sends of a firing that has its report (GV-29)', async () => {
    const { accepted } = await post(webhookOf('again'));
    await finished(accepted[0]!);
    const requests = world.anthropic.journal.length;
    for (let i = 0; i < 3; i += 1) {
      expect(await post(webhookOf('again'))).toMatchObject({ accepted: [], alerts: [{ decision: 'already_triaged' }] });
    }
    expect(await post(webhookOf('again', { startsAt: '2026-11-23T20:00:00Z' }))).toMatchObject({
      alerts: [{ decision: 'cooling_down' }],
    });
    expect(world.anthropic.journal).toHaveLength(requests);
  });

  it('sends each request of a conversation as a continuation of the one before (I9)', () => {
    const bodies = world.anthropic.journal.map((entry) => entry.body as unknown as Record<string, unknown>);
    const prefix = (body: Record<string, unknown>): string => JSON.stringify([body.system, body.tools, body.model]);
    expect(new Set(bodies.map(prefix)).size).toBe(1);
    expect(world.anthropic.faults).toEqual([]);
  });

  it('refuses who has no token, and says what it does not know', async () => {
    expect((await fetch(`${vigil.url}/api/v1/triage/x`)).status).toBe(401);
    const missing = await vigil.call('/api/v1/triage/x');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    expect(await missing.json()).toMatchObject({ code: 'triage.not_found', status: 404 });
    expect((await vigil.call('/api/v1/alerts', { method: 'POST', body: '[]' })).status).toBe(400);
  });

  it('is described by OpenAPI and counted by Prometheus', async () => {
    const { paths } = (await (await fetch(`${vigil.url}/docs-json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/v1/alerts', '/api/v1/triage/{id}']));
    const metrics = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^vigil_submits_total\{decision="queued"\} [1-9]/m);
    expect(metrics).toMatch(/^vigil_triages_total\{outcome="complete"\} [1-9]/m);
    expect(metrics).toMatch(/^vigil_queue_depth\{status="queued"\} 0/m);
    expect((await fetch(`${vigil.url}/-/ready`)).status).toBe(200);
    expect((await fetch(`${vigil.adminUrl}/-/ready`)).status).toBe(200);
  });

  it('writes no secret into its log (GV-39, GV-57, GV-58)', () => {
    const log = vigil.log.join('\n');
    for (const secret of [
      TOKEN,
      world.settings.claude_api_key!,
      new URL(world.slack.url).pathname,
      'too many errors',
    ]) {
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('"triage_id"');
  });

  it('lets no second one start on its data directory', async () => {
    const second = await runVigil([], {
      api_token: 't',
      ...world.settings,
      data_dir: dataDir,
      http_port: '0',
      admin_port: '0',
    });
    expect(second.code).toBe(2);
    expect(second.err).toMatch(/another Vigil/);
    expect(second.err).not.toMatch(/\n\s+at /);
  });
});

describe('The program at the command line', () => {
  it('tells its settings and its version', async () => {
    expect(await runVigil(['--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--prometheus-endpoint') as string,
      err: '',
    });
    const { code, out } = await runVigil(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^vigil \d+\.\d+\.\d+ \(commit ([0-9a-f]{40}(-dirty)?|unknown), Node \d+\.\d+\.\d+\)\n$/);
    expect(out).toContain(process.versions.node);
  });

  it('names all faults of its settings at once, ends with 2, and shows no secret (GV-66)', async () => {
    const { code, out, err } = await runVigil(['--http-port=99999', '--claude-base-url=not-a-url'], {
      api_token: 's3cret-value with a space',
      slack_webhook_url: 's3cret-value',
      ca_file: '/nowhere/ca.pem',
      enable_tracing: 'true',
      trace_sample: '2',
      enable_pyroscope: 'true',
      trusted_proxy_hops: '-1',
      drain_seconds: '90',
      htp_address: '1',
    });
    expect(code).toBe(2);
    const named = [
      'claude-api-key',
      'prometheus-endpoint',
      'http-port',
      'claude-base-url',
      'api-token',
      'slack-webhook',
    ];
    const more = [
      'ca-file',
      'otlp-endpoint',
      'trace-sample',
      'pyroscope-server',
      'trusted-proxy-hops',
      'drain-seconds',
    ];
    for (const name of [...named, ...more, 'VIGIL_HTP_ADDRESS']) expect(err).toContain(name);
    expect(err.trim().split('\n')).toHaveLength(1 + 13);
    expect(out + err).not.toContain('s3cret-value');
    expect(err).not.toMatch(/\n\s+at /);
  });
});
