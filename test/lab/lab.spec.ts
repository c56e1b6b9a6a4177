import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Lab, startLab } from '../../lab/lab.ts';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');

interface Block {
  readonly type: string;
  readonly handle?: string;
  readonly name?: string;
  readonly input?: { readonly query?: string; readonly time?: string };
  readonly status?: string;
  readonly text?: string;
}

interface Triage {
  readonly id: string;
  readonly status: string;
  readonly outcome?: string;
  readonly alert_name: string;
  readonly report?: { readonly root_cause: { component: string; change: string | null; confidence: string } };
  readonly deliveries: readonly { readonly channel: string; readonly state: string }[];
  readonly conversations: readonly { readonly turns: readonly { readonly content: readonly Block[] }[] }[];
}

let lab: Lab;
/** The rest of the story is about this one. */
let triageId: string;

beforeAll(async () => {
  lab = await startLab({ program: PROGRAM });
});
afterAll(() => lab?.stop());

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${lab.vigil.token}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

async function triage(): Promise<Triage> {
  return (await get(`${lab.vigil.url}/api/v1/triage/${triageId}`)) as Triage;
}

/** How often Alertmanager's alerts were decided so. */
async function submits(decision: string): Promise<number> {
  const page = await (await fetch(`${lab.vigil.opsUrl}/metrics`)).text();
  const line = new RegExp(`^vigil_submits_total\\{decision="${decision}"\\} (\\d+)`, 'm').exec(page);
  if (!line) throw new Error(`the metrics page does not show the decision ${decision}`);
  return Number(line[1]);
}

/** The id in the link of the report that stands in the channel. */
function postedTriage(): string | undefined {
  return /\/t\/(\w+)\?/.exec(JSON.stringify(lab.slack.channel))?.[1];
}

/** @returns the first answer that is not undefined; fails after a minute, and at once when a server of the lab dies */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const waiting = async (): Promise<T> => {
    for (const deadline = Date.now() + 60_000; ; await delay(250)) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`did not happen within a minute: ${what}`);
    }
  };
  return Promise.race([waiting(), lab.failed]);
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Asks Prometheus itself. */
async function vector(query: string, time: string): Promise<Sample[]> {
  const url = `${lab.prometheusUrl}/api/v1/query?${new URLSearchParams({ query, time }).toString()}`;
  const { data } = (await get(url)) as { data: { result: Sample[] } };
  return data.result;
}

/** `service → value` as the model was told it. */
function told(text: string): Map<string, number> {
  const lines = [...text.matchAll(/^\{service="(\w+)"\} (\S+)$/gm)];
  return new Map(lines.map(([, service, value]) => [service ?? '', Number(value)]));
}

function blocks(of: Triage): Block[] {
  return of.conversations.flatMap(({ turns }) => turns.flatMap(({ content }) => content));
}

it('an alert that truly fires is triaged once and posted once', async () => {
  await eventually('the shop has a past of good times', async () => {
    const [traffic] = await vector('min(count_over_time(http_requests_total[1m]))', String(Date.now() / 1000));
    return Number(traffic?.value[1] ?? 0) >= 20 || undefined;
  });
  expect(await submits('queued')).toBe(0);

  await lab.shop.switchFault(true);
  triageId = await eventually('a report is posted', async () => postedTriage());
  const finished = await eventually('the post is recorded', async () => {
    const seen = await triage();
    return seen.deliveries[0]?.state === 'delivered' ? seen : undefined;
  });
  expect(finished).toMatchObject({ alert_name: 'HighErrorRate', status: 'finished', outcome: 'complete' });
  expect(await submits('queued')).toBe(1);
  expect(lab.slack.posts).toHaveLength(1);
});

it('its report names the service behind, and the deploy that brought the fault', async () => {
  const { report } = await triage();
  expect(report?.root_cause).toMatchObject({ component: 'payments', change: 'e6d19f4', confidence: 'high' });
});

it('its conversation holds the numbers that this Prometheus gives', async () => {
  const conversation = blocks(await triage());
  const asked = conversation.filter(({ type, name }) => type === 'tool_use' && name === 'query_metrics');
  expect(asked.length).toBeGreaterThanOrEqual(2);
  for (const { handle, input } of asked) {
    const result = conversation.find((block) => block.type === 'tool_result' && block.handle === handle);
    const numbers = told(result?.text ?? '');
    const truth = await vector(input?.query ?? '', input?.time ?? '');
    expect([...numbers.keys()].sort()).toEqual(['checkout', 'payments']);
    expect(truth).toHaveLength(numbers.size);
    for (const { metric, value } of truth) {
      // Four digits are told.
      expect(Number(Number(value[1]).toPrecision(4))).toBe(numbers.get(metric.service ?? ''));
    }
  }
});

it('the repeats of a firing alert make no second triage, no post and no call of the model', async () => {
  const calls = lab.model?.journal.length;
  const before = await submits('already_triaged');
  await eventually('Alertmanager has repeated it twice', async () =>
    (await submits('already_triaged')) >= before + 2 ? true : undefined,
  );
  expect(await submits('queued')).toBe(1);
  expect(lab.model?.journal).toHaveLength(calls ?? -1);
  expect(lab.model?.faults).toEqual([]);
  expect(lab.slack.posts).toHaveLength(1);
});

it('the end of the alert is recorded, and is no new work', async () => {
  const calls = lab.model?.journal.length;
  expect(await submits('not_firing')).toBe(0);
  await lab.shop.switchFault(false);
  await eventually('the resolve arrives', async () => ((await submits('not_firing')) > 0 ? true : undefined));
  expect(await submits('queued')).toBe(1);
  expect(lab.model?.journal).toHaveLength(calls ?? -1);
});
