import { Logger } from '@nestjs/common';
import { SlackConfig, ViewerConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import type { DeliveryOutcome } from '../../src/domain/delivery';
import { SlackNotifier } from '../../src/notification/slack/slack-notifier';
import { type SlackStandIn, startSlack } from '../stand-ins/slack';
import { startTlsFront } from '../stand-ins/tls-front';
import { sampleReport, sampleTriage } from './sample-triage';

const PAGE = 'https://vigil.example/t/01J?e=1790000000&k=abc';
const notifierFor = (slackWebhookUrl?: string) =>
  new SlackNotifier(
    new SlackConfig({ slackWebhookUrl, slackMessagesPerHour: 60 } as Settings),
    new ViewerConfig({ prometheusEndpoint: 'http://prometheus.example' } as Settings),
  );

describe('posting to Slack', () => {
  let slack: SlackStandIn;
  const logged: unknown[] = [];

  beforeAll(async () => {
    slack = await startSlack();
    const note = (...line: unknown[]): void => void logged.push(line);
    Logger.overrideLogger({ log: note, warn: note, error: note });
  });
  afterAll(() => slack.stop());
  beforeEach(() => {
    slack.answer();
    logged.length = 0;
  });

  const deliver = (triage = sampleTriage(), limitMs = 5_000, url = slack.url): Promise<DeliveryOutcome> =>
    notifierFor(url).deliver({ kind: 'report', triage, link: PAGE }, AbortSignal.timeout(limitMs));

  it('puts the report into the channel', async () => {
    expect(await deliver()).toEqual({ outcome: 'delivered' });
    const message = slack.channel.at(-1)!;
    expect(message.text).toBe('Cause found: HighErrorRate: checkout fails 31 % of its requests since v42');
    expect(JSON.stringify(message.blocks)).toContain('kubectl rollout undo deploy/checkout');
    expect(slack.posts.at(-1)!.contentType).toContain('application/json');
  });

  it.each(['<'.repeat(3_001), '🔥'.repeat(3_001), '`a"\n'.repeat(1_500), '', '\u0000\ud800'])(
    'is within what Slack takes, whatever the report holds (GV-36)',
    async (text) => {
      const evidence = Array.from({ length: 60 }, () => ({ claim: text, source: text, quote: text }));
      const actions = Array.from({ length: 60 }, () => ({ action: text, urgency: 'now' as const }));
      const rootCause = { ...sampleReport.rootCause, statement: text };
      const report = { ...sampleReport, headline: text, whatIsHappening: text, rootCause, evidence, actions };
      expect(await deliver(sampleTriage({ report, alertName: text }))).toEqual({ outcome: 'delivered' });
      expect(slack.posts.at(-1)!.body!.blocks).toBeDefined();
    },
  );

  it('waits as long as Slack asks for (F46, GV-38)', async () => {
    slack.answer(() => ({ retryAfterSeconds: 17 }));
    expect(await deliver()).toEqual({ outcome: 'retry', reason: 'Slack answered 429 rate_limited', afterMs: 17_000 });
  });

  it.each([
    ['server_error', 'Slack answered 500 internal_error'],
    ['lost_answer', 'Slack could not be reached (ECONNRESET)'],
  ] as const)('tries again later after %s (F47)', async (answer, reason) => {
    slack.answer(() => answer);
    expect(await deliver()).toEqual({ outcome: 'retry', reason });
  });

  it('tries again later when Slack hangs, and when nobody listens', async () => {
    slack.answer(() => 'hang');
    expect(await deliver(sampleTriage(), 150)).toEqual({ outcome: 'retry', reason: 'Slack did not answer in time' });
    const gone = await startSlack();
    await gone.stop();
    expect(await deliver(sampleTriage(), 5_000, gone.url)).toEqual({
      outcome: 'retry',
      reason: 'Slack could not be reached (ECONNREFUSED)',
    });
  });

  it('tries again later when the name of Slack is not known, and when its certificate cannot be trusted (F72)', async () => {
    expect(await deliver(sampleTriage(), 5_000, 'http://slack.invalid/services/T0/B0/secret')).toEqual({
      outcome: 'retry',
      reason: expect.stringMatching(/^Slack could not be reached \((ENOTFOUND|EAI_AGAIN)\)$/) as string,
    });
    const front = await startTlsFront(slack.url);
    const url = slack.url.replace(/^http:.*?(?=\/services)/, `https://127.0.0.1:${front.port}`);
    expect(await deliver(sampleTriage(), 5_000, url)).toEqual({
      outcome: 'retry',
      reason: expect.stringMatching(/^Slack could not be reached \([A-Z_]*(CERT|SIGNATURE|ISSUER)[A-Z_]*\)$/) as string,
    });
    await front.stop();
  });

  it('posts plain text when Slack cannot read the blocks, at once and aloud (F48)', async () => {
    const before = slack.posts.length;
    slack.answer((post) => (post.body?.blocks ? 'invalid_blocks' : 'ok'));
    expect(await deliver()).toEqual({ outcome: 'delivered' });
    expect(slack.posts).toHaveLength(before + 2);
    const { text } = slack.channel.at(-1)!;
    expect(text).toContain('Version v42 reads `PAYMENT_URL`');
    expect(text).toContain('<https://vigil.example/t/01J?e=1790000000&amp;k=abc|');
    expect(text!.length).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify(logged)).toContain('invalid_blocks');
  });

  it('posts a message that is refused twice no third time', async () => {
    const before = slack.posts.length;
    slack.answer(() => 'invalid_blocks');
    expect(await deliver()).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('invalid_blocks') as string,
    });
    expect(slack.posts).toHaveLength(before + 2);
  });

  it('does not follow a redirect (S8)', async () => {
    const before = slack.posts.length;
    slack.answer(() => ({ status: 307, body: '', headers: { location: slack.url } }));
    expect(await deliver()).toMatchObject({ outcome: 'rejected' });
    expect(slack.posts).toHaveLength(before + 1);
  });

  it('reads no more of an answer than it needs', async () => {
    slack.answer(() => ({ status: 404, body: 'x'.repeat(5_000_000) }));
    expect(await deliver()).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringMatching(/^.{1,200}$/) as string,
    });
  });

  it('is not configured without a URL', () => {
    expect(notifierFor(undefined).configured).toBe(false);
    expect(notifierFor(slack.url).configured).toBe(true);
  });

  describe('keeps the URL to itself (GV-39)', () => {
    const secret = (): string => new URL(slack.url).pathname.split('/').at(-1)!;

    it.each([
      ['no_service'],
      ['server_error'],
      ['hang'],
      ['reset'],
      ['lost_answer'],
      ['invalid_blocks'],
      [{ retryAfterSeconds: 1 }],
      [{ status: 302, body: '' }],
    ] as const)('when the end is %p', async (answer) => {
      slack.answer(() => answer);
      const outcome = await deliver(sampleTriage(), 500);
      expect(outcome.outcome).not.toBe('delivered');
      expect(JSON.stringify([outcome, logged])).not.toContain(secret());
    });

    it('when the answer repeats it', async () => {
      for (const body of [slack.url, secret(), JSON.stringify({ ok: false, error: secret() })]) {
        slack.answer(() => ({ status: 404, body }));
        expect(JSON.stringify([await deliver(), logged])).not.toContain(secret());
      }
    });

    it.each([
      'http://user:s3cr3t@127.0.0.1/x',
      'nonsense-s3cr3t',
      'http://',
      'ftp://127.0.0.1/s3cr3t',
      'http://[s3cr3t',
    ])('when the URL is as wrong as %p', async (url) => {
      const outcome = await deliver(sampleTriage(), 500, url);
      expect(outcome).toMatchObject({ outcome: 'rejected' });
      expect(JSON.stringify([outcome, logged])).not.toContain('s3cr3t');
    });
  });
});
