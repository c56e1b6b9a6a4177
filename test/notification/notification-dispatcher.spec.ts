import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { SlackConfig, type TriageConfig, ViewerConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import { Chance } from '../../src/domain/chance';
import { Clock } from '../../src/domain/clock';
import type { VigilEvents } from '../../src/events/events';
import { VigilEventEmitter } from '../../src/events/vigil-event-emitter';
import { Courier } from '../../src/notification/courier';
import { HeldDeliveries } from '../../src/notification/held-deliveries';
import { NotificationDispatcher } from '../../src/notification/notification-dispatcher';
import { Notifiers } from '../../src/notification/notifiers';
import { TriageLinks } from '../../src/notification/ports/triage-links';
import { SlackNotifier } from '../../src/notification/slack/slack-notifier';
import { type SlackStandIn, startSlack } from '../stand-ins/slack';
import { MemoryDeliveryLedger } from './memory-delivery-ledger';
import { sampleTriage } from './sample-triage';
import { until } from '../until';

/** The real time, but a sleep is so many times longer: a poll may come so late that only a ring explains an early look. */
class StretchedClock extends Clock {
  constructor(private readonly factor: number) {
    super();
  }
  now(): Date {
    return new Date();
  }
  monotonicMs(): number {
    return performance.now();
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, ms * this.factor);
      signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

/** For tests of what happens, not of when: a second of the dispatcher is a twentieth. */
const hurried = (): Clock => new StretchedClock(0.05);

class NoChance extends Chance {
  fraction(): number {
    return 0;
  }
}

class Links extends TriageLinks {
  broken = false;
  linkTo(triageId: string): Promise<string> {
    if (this.broken) return Promise.reject(new Error('no key'));
    return Promise.resolve(`https://vigil.example/t/${triageId}?e=1&k=abc`);
  }
}

describe('the dispatcher', () => {
  let slack: SlackStandIn;
  let ledger: MemoryDeliveryLedger;
  let events: VigilEventEmitter;
  let dispatcher: NotificationDispatcher;
  let links: Links;
  const attempted: VigilEvents['delivery.attempted'][] = [];
  const errors: string[] = [];
  const warnings: string[] = [];

  beforeEach(async () => {
    slack = await startSlack();
    ledger = new MemoryDeliveryLedger();
    links = new Links();
    events = new VigilEventEmitter(new EventEmitter2());
    attempted.length = errors.length = warnings.length = 0;
    events.on('delivery.attempted', (attempt) => void attempted.push(attempt));
    const ignore = (): void => undefined;
    Logger.overrideLogger({
      log: ignore,
      warn: (...line: unknown[]) => void warnings.push(JSON.stringify(line)),
      error: (...line: unknown[]) => void errors.push(JSON.stringify(line)),
    });
  });
  afterEach(async () => {
    await dispatcher.beforeApplicationShutdown();
    await slack.stop();
  });

  function start(clock: Clock = hurried(), webhookUrl: string | undefined = slack.url, perHour = 60): void {
    const notifier = new SlackNotifier(
      new SlackConfig({ slackWebhookUrl: webhookUrl, slackMessagesPerHour: perHour } as Settings),
      new ViewerConfig({ prometheusEndpoint: 'http://prometheus.example' } as Settings),
    );
    const limits = { giveUpAfterMs: 86_400_000 } as TriageConfig;
    const courier = new Courier(links, new NoChance(), limits);
    dispatcher = new NotificationDispatcher(new Notifiers([notifier]), ledger, courier, clock, events);
    dispatcher.onApplicationBootstrap();
  }

  const named = (alertName: string) => sampleTriage({ id: alertName, alertName });
  const channel = (): string[] => slack.channel.map(({ text }) => /: (\w+):/.exec(text ?? '')![1]!);
  const posted = (count: number): Promise<string[]> =>
    until(`${count} messages are posted`, () => channel().length === count && channel());

  it('delivers what is owed, in order, at most one message a second', async () => {
    for (const name of ['first', 'second', 'third']) ledger.owe(named(name));
    start(new StretchedClock(1));
    await posted(3);
    expect(channel()).toEqual(['first', 'second', 'third']);
    const times = slack.posts.map((post) => post.at.getTime());
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(990);
    await until('all attempts are told', () => attempted.length === 3);
    expect(ledger.rows.map((row) => row.state)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(attempted).toEqual(Array.from({ length: 3 }, () => ({ channel: 'slack', outcome: 'delivered' })));
  });

  it('is woken by the event, long before its next poll', async () => {
    start(new StretchedClock(1_000));
    await until('the ledger is asked', () => ledger.calls.length === 1);
    ledger.owe(named('rung'));
    events.emit('delivery.owed', {});
    expect(await posted(1)).toEqual(['rung']);
  });

  it('hears a ring that comes while it looks', async () => {
    start(new StretchedClock(1_000)); // the first look has begun and found nothing when this line is done
    ledger.owe(named('rung'));
    events.emit('delivery.owed', {});
    expect(await posted(1)).toEqual(['rung']);
  });

  it('finds by itself what nobody rang for', async () => {
    start();
    await until('the ledger is asked', () => ledger.calls.length > 0);
    ledger.owe(named('missed'));
    expect(await posted(1)).toEqual(['missed']);
  });

  it('tries again later and keeps the order meanwhile (F46)', async () => {
    slack.answer((_post, n) => (n === 0 ? { retryAfterSeconds: 600 } : 'ok'));
    const first = ledger.owe(named('first'));
    ledger.owe(named('second'));
    start();
    await until('the first waits as long as Slack asks for', () => first.afterMs === 600_000);
    expect(first.reason).toBe('Slack answered 429 rate_limited');
    const looks = ledger.calls.length;
    await until('the ledger is asked twice more', () => ledger.calls.length >= looks + 2);
    expect(channel()).toEqual([]);
    ledger.makeDue();
    await posted(2);
    expect(channel()).toEqual(['first', 'second']);
    expect(first.attempts).toBe(2);
    expect(attempted.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['retry', 'delivered']);
  });

  it('does not post what it claimed before it was stopped for long: another one may have (F12)', async () => {
    const clock = new StretchedClock(0.05);
    let stoppedMs = 0;
    clock.monotonicMs = () => performance.now() + stoppedMs;
    const row = ledger.owe(named('first'));
    const claim = ledger.claim.bind(ledger);
    ledger.claim = async (...asked) => {
      const owed = await claim(...asked);
      if (owed && stoppedMs === 0) stoppedMs = 25_000;
      return owed;
    };
    start(clock);
    await until('it looks again', () => ledger.calls.length >= 3);
    expect([row.attempts, slack.posts.length]).toEqual([1, 0]);
    ledger.makeDue();
    expect(await posted(1)).toEqual(['first']);
    expect(row.attempts).toBe(2);
  });

  it('gives up aloud what Slack refuses for good, and goes on with the next (F49)', async () => {
    slack.answer((_post, n) => (n === 0 ? 'no_service' : 'ok'));
    const refused = ledger.owe(named('refused'));
    ledger.owe(named('next'));
    start();
    await posted(1);
    expect(channel()).toEqual(['next']);
    expect(refused).toMatchObject({ state: 'given_up', reason: expect.stringContaining('404 no_service') as string });
    expect(errors.join()).toContain('delivery given up');
    expect(errors.join()).toContain('no_service');
    expect(errors.join()).not.toContain(slack.url);
  });

  it('gives up what is older than it matters', async () => {
    slack.answer(() => 'server_error');
    const old = ledger.owe(named('old'), 86_400_001);
    start();
    await until('the old one is given up', () => old.state === 'given_up');
    expect(old.reason).toBe('not delivered within 24 h; at last: Slack answered 500 internal_error');
  });

  it('survives a ledger that fails, says so each time it begins, and does not post again for a record that failed once', async () => {
    ledger.troubles.push('claim', 'claim', 'delivered 1');
    const row = ledger.owe(named('first'));
    start();
    await until('the record is made', () => row.state === 'delivered');
    expect(ledger.calls.slice(0, 5)).toEqual(['claim', 'claim', 'claim', 'delivered 1', 'delivered 1']);
    expect(slack.posts).toHaveLength(1);
    expect(errors).toEqual([]);
    expect(warnings).toHaveLength(2); // that nothing could be claimed, and later that nothing could be recorded
    expect(warnings[0]).toContain('the deliveries cannot be read or recorded');
  });

  it('does not post again what could not be recorded while the database was away for long, and says so once', async () => {
    ledger.troubles.push(...Array<string>(5).fill('delivered 1'));
    const row = ledger.owe(named('first'));
    start();
    await until('the record is made', () => row.state === 'delivered');
    expect(ledger.calls.filter((call) => call === 'delivered 1')).toHaveLength(6);
    expect(slack.posts).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('tells of what is above the ceiling in one digest, the critical ones first (F52)', async () => {
    ledger.owe({ ...named('first'), severity: 'info' }, 60_000);
    ledger.owe({ ...named('second'), severity: 'info' }, 60_000);
    ledger.owe({ ...named('third'), severity: 'critical' }, 60_000);
    start(hurried(), slack.url, 2);
    await until('all are delivered', () => ledger.rows.every(({ state }) => state === 'delivered'));
    expect(slack.posts).toHaveLength(2);
    const digest = JSON.stringify(slack.channel[1]!.blocks);
    expect(slack.channel[1]!.text).toContain('Digest: 2 reports');
    expect(digest.indexOf('third')).toBeLessThan(digest.indexOf('second'));
    expect(digest).toContain('https://vigil.example/t/third?e=1&amp;k=abc');
    expect(attempted).toHaveLength(2);
  });

  it('gives up of a digest that does not arrive only what is too old', async () => {
    slack.answer(() => 'server_error');
    const old = ledger.owe(named('old'), 86_400_001);
    const young = ledger.owe(named('young'), 60_000);
    start(hurried(), slack.url, 1);
    await until('the young one is put off', () => young.reason !== undefined);
    expect(old).toMatchObject({
      state: 'given_up',
      reason: expect.stringContaining('not delivered within 24 h') as string,
    });
    expect(young).toMatchObject({ state: 'pending', reason: 'Slack answered 500 internal_error' });
  });

  it('keeps a delivery whose link cannot be made', async () => {
    links.broken = true;
    const row = ledger.owe(named('linkless'));
    start();
    await until('the missing link is recorded', () => row.reason === 'the link to the report could not be made');
    expect(row.state).toBe('pending');
    links.broken = false;
    ledger.makeDue();
    await posted(1);
  });

  it('is not held up by a message that cannot be written (GV-11)', async () => {
    const [firing] = sampleTriage().firings;
    const poison = ledger.owe({ ...named('poison'), firings: [{ ...firing!, startsAt: new Date(NaN) }] });
    ledger.owe(named('next'));
    start();
    await posted(1);
    expect(channel()).toEqual(['next']);
    expect(poison).toMatchObject({ state: 'given_up', reason: expect.stringContaining('a bug of Vigil') as string });
  });

  it('waits for the delivery in flight when it stops, and starts no other', async () => {
    const begun = ledger.owe(named('begun'));
    ledger.owe(named('later'));
    start(new StretchedClock(1));
    await until('the first is under way', () => slack.posts.length === 1);
    await dispatcher.beforeApplicationShutdown();
    expect(begun.state).toBe('delivered');
    expect(channel()).toEqual(['begun']);
    events.emit('delivery.owed', {});
    expect(ledger.calls.filter((call) => call === 'claim')).toHaveLength(1);
  });

  it('asks for nothing where nothing is configured', async () => {
    start(hurried(), '');
    await new Promise((resolve) => setImmediate(resolve));
    expect(ledger.calls).toEqual([]);
  });
});

describe('what is owed to a channel that is not configured any more', () => {
  const warnings: string[] = [];
  const heldBy = (webhookUrl: string | undefined, ledger: MemoryDeliveryLedger): HeldDeliveries => {
    const ignore = (): void => undefined;
    const warn = (...line: unknown[]): void => void warnings.push(JSON.stringify(line));
    Logger.overrideLogger({ log: ignore, error: ignore, warn });
    const notifier = new SlackNotifier(
      new SlackConfig({ slackWebhookUrl: webhookUrl, slackMessagesPerHour: 60 } as Settings),
      new ViewerConfig({ prometheusEndpoint: 'http://prometheus.example' } as Settings),
    );
    const limits = { giveUpAfterMs: 86_400_000 } as TriageConfig;
    return new HeldDeliveries(new Notifiers([notifier]), ledger, hurried(), limits);
  };

  it('is said at the start, with what to do', async () => {
    const ledger = new MemoryDeliveryLedger();
    ledger.owe(sampleTriage({ id: 'held', alertName: 'held' }));
    const held = heldBy('', ledger);
    held.onApplicationBootstrap();
    await until('it is said', () => warnings.length > 0);
    held.beforeApplicationShutdown();
    expect(warnings).toEqual([expect.stringMatching(/"deliveries":1.*Set slack-webhook-url/)]);
  });

  it("is nobody's business where the channel is configured", () => {
    const ledger = new MemoryDeliveryLedger();
    heldBy('http://slack.example/hook', ledger).onApplicationBootstrap();
    expect(ledger.calls).toEqual([]);
  });
});
