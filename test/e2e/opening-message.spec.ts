import { startBackend } from '../stand-ins/backend-stand-in.ts';
import { startLoki } from '../stand-ins/loki.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import { webhookOf } from './stand-ins';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

interface Seen {
  readonly status: string;
  readonly outcome?: string;
  readonly report?: object;
  readonly started_at: string;
  readonly conversations: readonly {
    readonly turns: readonly { readonly at: string; readonly content: readonly { readonly text?: string }[] }[];
  }[];
}

/** What a section says, by the title that it has. */
function sectionsOf(opening: string): Map<string, string> {
  const fenced = opening.matchAll(/^\[o\d+\] ([^\n]*)\n<<<data (\S+)\n([\s\S]*?)\n\2>>>$/gm);
  return new Map(Array.from(fenced, ([, title, , text]) => [title!, text!]));
}

/** Characters: some 2,500 tokens. */
const USUAL_LENGTH = 7_500;

const FIRINGS = 'how often this alert fired in the last seven days';
const OTHERS = 'other alerts that are held now';
const LIVENESS = 'whether the target is up, and how old its last sample and log line are';
const EARLIER = 'earlier triages of this alert and of its name';

describe('The opening message of the whole program', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  const start = async (over: Readonly<Record<string, string>> = {}): Promise<VigilWithWorld> => {
    const vigil = await startVigilWithWorld({ slack_webhook_url: '', ...over });
    stops.push(() => vigil.stop());
    return vigil;
  };
  const openingOf = async (vigil: VigilWithWorld, body: string): Promise<{ seen: Seen; opening: string }> => {
    const { accepted } = await vigil.post(body);
    const seen = await vigil.inStatus<Seen>(accepted[0]!, 'finished');
    expect(seen).toMatchObject({ outcome: 'complete', report: { headline: expect.any(String) } });
    expect(vigil.world.anthropic.faults).toEqual([]);
    return { seen, opening: seen.conversations[0]!.turns[0]!.content[0]!.text! };
  };

  it('tells what is known before the first token, each section under its handle, the time once', async () => {
    const now = Date.now();
    const loki = await startLoki({
      streams: [{ labels: { service: 'payments' }, lines: [[`${now - 2_000}000000`, 'paid']] }],
    });
    const alertmanager = await startBackend(() => ({ status: 200, contentType: 'application/json', body: '[]' }));
    stops.push(loki.stop, alertmanager.stop);
    const vigil = await start({ loki_endpoint: loki.url, alertmanager_endpoint: alertmanager.url });
    await openingOf(vigil, webhookOf('f1', { labels: { alertname: 'HighErrorRate', service: 'orders' } }));

    const body = { ...(JSON.parse(webhookOf('f2')) as object), truncatedAlerts: 7 };
    const { opening } = await openingOf(vigil, JSON.stringify(body));
    const sections = sectionsOf(opening);
    expect([...sections.keys()].filter((title) => [FIRINGS, OTHERS, LIVENESS, EARLIER].includes(title))).toEqual([
      FIRINGS,
      OTHERS,
      LIVENESS,
      EARLIER,
    ]);
    expect([...opening.matchAll(/^\[o(\d+)\]/gm)].map(([, n]) => Number(n))).toEqual(
      Array.from(sections.keys(), (_, i) => i + 1),
    );
    expect(sections.get('the alert, as Alertmanager sent it')).toMatch(/left out 7 further alerts of this group/);
    expect(sections.get(FIRINGS)).toMatch(/^not known: the firings in Prometheus: no series of ALERTS has its labels/);
    expect(sections.get(OTHERS)).toContain('no other alert is held now');
    expect(sections.get(LIVENESS)).toMatch(
      /^alive: metrics of payments: up 1 \(1 of 1 target\)[^\n]*\nalive: logs of payments: /,
    );
    expect(sections.get(EARLIER)).toMatch(/the same name with \{service="orders"\}, complete: "payments is up"/);

    const [, time] = /It is now (\S+Z)\./.exec(opening)!;
    expect(opening.split(time!)).toHaveLength(2);
    expect(opening.length).toBeLessThan(USUAL_LENGTH);
  });

  it('says for each section that its backend is down, and the triage ends with a report all the same', async () => {
    const [prometheus, loki, alertmanager] = await Promise.all([
      startPrometheus(),
      startLoki(),
      startBackend(() => ({ status: 200, contentType: 'application/json', body: '[]' })),
    ]);
    await Promise.all([prometheus.stop(), loki.stop(), alertmanager.stop()]);
    const vigil = await start({
      prometheus_endpoint: prometheus.url,
      loki_endpoint: loki.url,
      alertmanager_endpoint: alertmanager.url,
    });
    const sections = sectionsOf((await openingOf(vigil, webhookOf('f1'))).opening);
    const refused = (name: string): string => `${name} gave no answer: the connection was refused.`;
    expect(sections.get(FIRINGS)).toBe(
      `not known: the firings in Prometheus: ${refused('Prometheus')}\nnot known: the firings of its name in Prometheus: ${refused('Prometheus')}\nVigil was told of no other firing of this fingerprint in these days`,
    );
    expect(sections.get(OTHERS)).toBe(
      `not known: what Alertmanager holds, silences among it: ${refused('Alertmanager')}\nnot known: what Prometheus' rules hold: ${refused('Prometheus')}`,
    );
    expect(sections.get(LIVENESS)).toBe(
      `not known: metrics: ${refused('Prometheus')}\nnot known: logs: ${refused('Loki')}`,
    );
    expect(sections.get(EARLIER)).toMatch(/^none: /);
  });

  it('does not hold the investigation when every backend hangs', async () => {
    const hung = await startBackend(() => new Promise(() => undefined));
    stops.push(hung.stop);
    const vigil = await start({
      prometheus_endpoint: hung.url,
      loki_endpoint: hung.url,
      alertmanager_endpoint: hung.url,
      tool_timeout_seconds: '1',
    });
    const { seen, opening } = await openingOf(vigil, webhookOf('f1'));
    const [turn] = seen.conversations[0]!.turns;
    expect(Date.parse(turn!.at) - Date.parse(seen.started_at)).toBeLessThan(6_000);
    const sections = sectionsOf(opening);
    for (const title of [FIRINGS, OTHERS, LIVENESS]) {
      expect(sections.get(title)).toMatch(/^not known: .*this took longer than [\d.]+ s\.$/m);
    }
    expect(sections.get(LIVENESS)).toMatch(/^not known: metrics: .*\nnot known: logs: /);
  }, 20_000);
});
