import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { type ForwardProxy, startForwardProxy } from '../stand-ins/forward-proxy.ts';
import { EXPIRED_FILE, startTlsFront, TEST_CA_FILE, type TlsFront } from '../stand-ins/tls-front.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

interface Seen {
  readonly status: string;
  readonly outcome?: string;
  readonly deliveries: readonly { readonly state: string; readonly reason?: string }[];
  readonly conversations: readonly { readonly turns: readonly { readonly content: readonly { text?: string }[] }[] }[];
}

jest.setTimeout(60_000);

const NOBODY_LISTENS = 'http://127.0.0.1:1';

let world: StandIns;
let claude: TlsFront;
let prometheus: TlsFront;
let slack: TlsFront;
let database: TestDatabase;
let vigil: VigilProcess;

beforeEach(async () => {
  world = await startStandIns();
  [claude, prometheus, slack] = await Promise.all([
    startTlsFront(world.anthropic.url),
    startTlsFront(world.prometheus.url),
    startTlsFront(world.slack.url),
  ]);
  database = await createTestDatabase();
});
afterEach(async () => {
  await vigil.signal('SIGTERM');
  await Promise.all([claude.stop(), prometheus.stop(), slack.stop(), world.stop()]);
  await database.drop();
});

const start = async (
  settings: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const given = { ...world.settings, ...settings, database_url: database.url, drain_seconds: '1' };
  vigil = await startVigilProcess(given, others);
};
const webhookAt = (origin: string): string => origin + new URL(world.slack.url).pathname;

/** Posts an alert and waits until its triage is as it is asked for. */
async function triaged(as: (seen: Seen) => boolean): Promise<Seen> {
  const posted = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf('f') });
  const { accepted } = (await posted.json()) as { accepted: string[] };
  return until(
    'the triage',
    async () => {
      const seen = (await (await vigil.call(`/api/v1/triage/${accepted[0]}`)).json()) as Seen;
      return as(seen) ? seen : undefined;
    },
    30_000,
  );
}
const finished = ({ status }: Seen): boolean => status === 'finished';
const delivered = (seen: Seen): boolean => finished(seen) && seen.deliveries[0]?.state === 'delivered';
const conversation = (seen: Seen): string => JSON.stringify(seen.conversations);

describe('a server whose certificate comes from a private authority', () => {
  it('is spoken to by the model’s client, the tools and Slack once ca-file names the authority', async () => {
    await start({
      ca_file: TEST_CA_FILE,
      claude_base_url: `https://localhost:${claude.port}`,
      prometheus_endpoint: `https://localhost:${prometheus.port}`,
      slack_webhook_url: webhookAt(`https://localhost:${slack.port}`),
    });
    const seen = await triaged(delivered);
    expect(seen.outcome).toBe('complete');
    expect(conversation(seen)).not.toContain('certificate');
    expect(world.slack.posts).toHaveLength(1);
    expect(vigil.log.find((line) => line.includes('outgoing connections'))).toContain('"private_certificates":1');
  });

  it('is refused without it by the tools and Slack, which say why', async () => {
    await start({
      prometheus_endpoint: `https://localhost:${prometheus.port}`,
      slack_webhook_url: webhookAt(`https://localhost:${slack.port}`),
    });
    const seen = await triaged((s) => finished(s) && s.deliveries[0]?.reason !== undefined);
    expect(conversation(seen)).toContain('Prometheus gave no answer: its certificate is not accepted');
    expect(seen.deliveries[0]?.reason).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(world.prometheus.journal).toEqual([]);
    expect(world.slack.posts).toEqual([]);
  });

  it('makes triages wait when it has expired, and is not asked again at once (F72)', async () => {
    const expired = await startTlsFront(world.anthropic.url, 'expired');
    await start({ ca_file: EXPIRED_FILE, claude_base_url: `https://localhost:${expired.port}` });
    await triaged(({ status }) => status === 'waiting');
    expect(expired.connections()).toBeLessThan(4); // what may pass by itself is asked four times
    await until('on-call is told', () => world.slack.posts.length === 1);
    await expired.stop();
    expect(JSON.stringify(world.slack.channel)).toContain("certificate of the model's API is not accepted");
    expect(vigil.log.join('\n')).toContain('CERT_HAS_EXPIRED');
  });

  it('is refused without it by the model’s client, and the triage waits', async () => {
    await start({ claude_base_url: `https://localhost:${claude.port}` });
    await triaged(({ status }) => status === 'waiting');
    expect(vigil.log.join('\n')).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(world.anthropic.journal).toEqual([]);
  });
});

describe('a proxy', () => {
  let proxy: ForwardProxy;
  afterEach(() => proxy.stop());

  const behind = (url: string, noProxy = ''): Record<string, string> => ({
    HTTPS_PROXY: url,
    http_proxy: url,
    NO_PROXY: noProxy,
  });

  it('is used as a tunnel for HTTPS, as a forwarder for HTTP, and not for the hosts of NO_PROXY', async () => {
    proxy = await startForwardProxy();
    await start(
      {
        ca_file: TEST_CA_FILE,
        claude_base_url: `https://claude.vigil.test:${claude.port}`,
        prometheus_endpoint: `http://prometheus.vigil.test:${new URL(world.prometheus.url).port}`,
        slack_webhook_url: webhookAt(`https://localhost:${slack.port}`),
      },
      behind(`http://someone:p%40ss-w0rd@127.0.0.1:${proxy.port}`, 'localhost'),
    );
    expect((await triaged(delivered)).outcome).toBe('complete');
    const authorization = `Basic ${Buffer.from('someone:p@ss-w0rd').toString('base64')}`;
    const withoutPath = (line: string): string => line.replace(/^(?:GET|POST) (.*)\/api\/v1\/\w+(?:\?\S*)?$/, '$1');
    expect(new Set(proxy.journal.map(({ line }) => withoutPath(line)))).toEqual(
      new Set([
        `CONNECT claude.vigil.test:${claude.port}`,
        `http://prometheus.vigil.test:${new URL(world.prometheus.url).port}`,
      ]),
    );
    expect(new Set(proxy.journal.map((entry) => entry.authorization))).toEqual(new Set([authorization]));
    const log = vigil.log.join('\n');
    expect(log).toContain(`"https_proxy":"127.0.0.1:${proxy.port}"`);
    for (const secret of ['someone', 'p%40ss-w0rd', 'p@ss-w0rd', authorization.slice(6)]) {
      expect(log).not.toContain(secret);
    }
  });

  it('that cannot be reached is named as what is at fault', async () => {
    proxy = await startForwardProxy();
    await start(
      { prometheus_endpoint: `http://prometheus.vigil.test:9090`, slack_webhook_url: webhookAt('https://slack.test') },
      behind(NOBODY_LISTENS, '127.0.0.1'),
    );
    const seen = await triaged((s) => finished(s) && s.deliveries[0]?.reason !== undefined);
    expect(conversation(seen)).toContain('the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) could not be');
    expect(seen.deliveries[0]?.reason).toContain('PROXY_UNREACHABLE');
  });

  it('that refuses a tunnel is named as what is at fault', async () => {
    proxy = await startForwardProxy({ refuseWith: 407 });
    await start(
      { prometheus_endpoint: 'https://prometheus.vigil.test', slack_webhook_url: webhookAt('https://slack.test') },
      behind(`http://127.0.0.1:${proxy.port}`, '127.0.0.1'),
    );
    const seen = await triaged((s) => finished(s) && s.deliveries[0]?.reason !== undefined);
    expect(conversation(seen)).toContain('the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) refused');
    expect(seen.deliveries[0]?.reason).toContain('PROXY_REFUSED');
    expect(proxy.journal.map(({ line }) => line)).toContain('CONNECT prometheus.vigil.test:443');
  });
});
