import { startLab } from '../../lab/lab.ts';
import { findLoki } from '../../lab/loki-program.ts';
import type { FaultName } from '../../lab/shop/shop.ts';
import { openingOf } from './opening-of';
import { courseOf, type WalkTaken, walkOf } from './walk-of';
import { blocks, toolUses, type Triage, WatchedLab } from './watched-lab';

/** Longer than an alert takes to end and to fire again, short enough to see what comes after it. */
const COOLDOWN_SECONDS = 45;

let watch: WatchedLab;

beforeAll(async () => {
  watch = new WatchedLab(await startLab({ cooldownSeconds: COOLDOWN_SECONDS }));
  process.stderr.write(`The lab's logs are kept by ${watch.lab.loki.what}.\n`);
  await watch.quiet();
});
afterAll(() => watch?.lab.stop());

/** Switches a fault on, and waits for the report that comes of it. */
async function triageOf(name: FaultName): Promise<Triage> {
  const { alert, ...fault } = watch.fault(name);
  await fault.switch(true);
  const { triageId } = await watch.sent(alert, { decision: 'queued' });
  return watch.posted(triageId!);
}

/** One triage, one post, a report whose every quote stands in what the tools gave, and whose every figure is borne out. */
function expectOneHonestReport(triage: Triage): void {
  const { alert_name, id, report } = triage;
  expect(triage).toMatchObject({ status: 'finished', outcome: 'complete' });
  expect(watch.seen(alert_name, { decision: 'queued' })).toHaveLength(1);
  expect(watch.postsOf(id)).toBe(1);
  const said = new Map(
    blocks(triage).flatMap(({ type, handle, text }) => (type === 'tool_result' ? [[handle, text]] : [])),
  );
  expect(report?.evidence.length).toBeGreaterThan(0);
  const [opening] = blocks(triage);
  for (const { source, quote, verified } of report!.evidence) {
    expect(source.startsWith('o') ? opening?.text : said.get(source)).toContain(quote);
    expect(['quoted', 'derived']).toContain(verified);
  }
  expect(report?.check?.figures.filter(({ verified }) => verified === 'unverified')).toEqual([]);
  expect(toolUses(triage, 'submit_report')).toHaveLength(1);
  expect(watch.lab.model?.faults).toEqual([]);
}

/** The opening message alone holds the crossing and both sides of the comparison, as Prometheus itself gives them. */
async function expectOpeningThatKnows(triage: Triage, operator: string, threshold: number): Promise<void> {
  const { text, tookMs, expression, startsAt, crossedAt, exactToSeconds, atStart } = openingOf(triage);
  const told = `${triage.alert_name}: ${text.length} characters in ${tookMs} ms, ${atStart.join(' ')}`;
  process.stderr.write(`The opening message of ${told}, ${startsAt - crossedAt} s before the start.\n`);
  expect(text.length / CHARACTERS_PER_TOKEN).toBeLessThan(2_500);
  expect(tookMs).toBeLessThan(3_000);

  const [there] = await watch.vector(expression, String(startsAt));
  const [left, ...compared] = atStart;
  expect(compared).toEqual([operator, threshold]);
  expect(Number(left.toPrecision(4))).toBe(Number(Number(there!.value[1]).toPrecision(4)));
  const held = await watch.moments(expression, startsAt - 60, startsAt);
  const begun = held.findLast((at) => !held.includes(at - 1));
  expect(Math.abs(begun! - crossedAt)).toBeLessThanOrEqual(exactToSeconds);
}

/** A cautious count: English has four, digits and punctuation fewer. */
const CHARACTERS_PER_TOKEN = 3;

/** `service → its values, one a second`, as the model was told them. */
function told(text: string): Map<string, string[]> {
  const lines = [...text.matchAll(/^\{service="(\w+)"\} first=[^[]* \[([^\]]*)\]$/gm)];
  return new Map(lines.map(([, service, values]) => [service ?? '', (values ?? '').split(' ')]));
}

describe('a bad deploy', () => {
  let triage: Triage;
  let walk: WalkTaken;
  beforeAll(async () => {
    triage = await triageOf('bad deploy');
    walk = walkOf(triage);
  });

  it('fires an alert on the service in front, and its one report names the service behind and the revision', () => {
    expectOneHonestReport(triage);
    expect(triage.report?.root_cause).toMatchObject({ component: 'payments', change: 'e6d19f4', confidence: 'high' });
  });

  it('is known before the first token: when the threshold was crossed, and both sides of it', () =>
    expectOpeningThatKnows(triage, '>', 0.1));

  it('shows in six calls: what payments says since the deploy and never said before, and what that deploy changed', () => {
    const changes = walk.text('list_changes');
    const deployed = /^- deploy, .* before the start \((\S+)\), .* service "payments", .* revision "e6d19f4"/m.exec(
      changes,
    );
    expect(changes).toContain('    | +  EUR: { rate: 0.19 },');
    const refused = /^new count=\d+ before=0 first=(\S+) .*service="payments".*: charge refused: currency "EUR"/m.exec(
      walk.text('log_patterns'),
    );
    const afterSeconds = (Date.parse(refused![1]!) - Date.parse(deployed![1]!)) / 1000;
    // The time of a pattern is told in whole seconds.
    expect(afterSeconds).toBeGreaterThan(-1);
    expect(afterSeconds).toBeLessThan(10);
  });

  it('is told with the numbers that this Prometheus gives', async () => {
    const [{ call, result }] = toolUses(triage, 'query_metrics_range') as [ReturnType<typeof toolUses>[number]];
    const [, start, end] = /^range: (\S+) to (\S+), step 1s$/m.exec(result?.text ?? '') ?? [];
    const from = Date.parse(start!) / 1000;
    const truth = await watch.matrix(call.input!.query!, from, Date.parse(end!) / 1000);
    const numbers = told(result?.text ?? '');
    expect([...numbers.keys()].sort()).toEqual(['gateway', 'orders', 'payments']);
    expect(truth).toHaveLength(numbers.size);
    for (const { metric, values } of truth) {
      expect(values.length).toBeGreaterThan(10);
      for (const [at, value] of values) {
        // Four digits are told.
        expect(Number(numbers.get(metric.service ?? '')?.[at - from])).toBe(Number(Number(value).toPrecision(4)));
      }
    }
  });

  it('is told with lines that the log store gives: the real Loki where it was built', () => {
    expect(watch.lab.loki.real).toBe(findLoki() !== undefined);
    expect(toolUses(triage, 'log_patterns').map(({ result }) => result?.status)).toEqual(['ok']);
  });

  it('is told to Vigil by its pipeline, and its diff stands before the model at the start', () => {
    const [opening] = blocks(triage);
    expect(opening?.text).toMatch(
      /^- deploy, [\d.]+ (ms|s) before the start .* service "payments", .* revision "e6d19f4", before it "5be0c81"/m,
    );
    expect(opening?.text).toMatch(/^ {4}\| \+ {2}EUR: \{ rate: 0\.19 \},$/m);
  });

  it('is repeated by Alertmanager, and the repeats make no second triage, no post and no call of the model', async () => {
    const [calls, posts] = [watch.lab.model?.journal.length, watch.lab.slack.posts.length];
    await watch.sent('HighErrorRate', { decision: 'already_triaged', triageId: triage.id });
    expect(watch.lab.model?.journal).toHaveLength(calls ?? -1);
    expect(watch.lab.slack.posts).toHaveLength(posts);
  });

  it('ends with its rollback: the end is recorded, and is no new work', async () => {
    const calls = watch.lab.model?.journal.length;
    await watch.fault('bad deploy').switch(false);
    const end = await watch.sent('HighErrorRate', { status: 'resolved' });
    expect(end.decision).toBe('not_firing');
    expect(watch.seen('HighErrorRate', { decision: 'queued' })).toHaveLength(1);
    expect(watch.lab.model?.journal).toHaveLength(calls ?? -1);
    expect((await watch.changes('payments')).map(({ title }) => title)).toEqual([
      'Roll payments back to 1.4.2',
      'Deploy payments 1.5.0: the tax table of the new year',
    ]);
  });
});

describe('a slow database and a memory leak at once', () => {
  let slow: Triage;
  let slowWalk: WalkTaken;
  let leaking: Triage;
  let leakingWalk: WalkTaken;
  beforeAll(async () => {
    await watch.quiet();
    [slow, leaking] = await Promise.all([triageOf('slow database'), triageOf('memory leak')]);
    await Promise.all([watch.fault('slow database').switch(false), watch.fault('memory leak').switch(false)]);
    [slowWalk, leakingWalk] = [walkOf(slow), walkOf(leaking)];
  });

  it('fire two alerts, and the report of the slow requests names the database', () => {
    expectOneHonestReport(slow);
    expect(slow.alert_name).toBe('HighLatency');
    expect(slow.report?.root_cause).toMatchObject({
      component: 'orders-db',
      change: expect.stringMatching(/^orders-db\/\d+$/),
    });
  });

  it('and the report of the growing memory names the service and the flag that was switched', () => {
    expectOneHonestReport(leaking);
    expect(leaking.alert_name).toBe('MemoryGrowing');
    expect(leaking.report?.root_cause).toMatchObject({
      component: 'payments',
      change: expect.stringMatching(/^risk_cache\/\d+$/),
    });
  });

  it('the database shows in six calls: its own query time rose, the pool follows, and a trigger came just before', () => {
    expect(slowWalk.text('rank_anomalies')).toMatch(/^db_query_duration_seconds_sum\{.*database="orders-db"/m);
    const queries = courseOf(slowWalk, 'db_query_duration_seconds_sum');
    expect(queries.first).toBeLessThan(0.05);
    expect(queries.last).toBeGreaterThan(0.1);
    expect(courseOf(slowWalk, 'db_pool_in_use').last).toBeGreaterThan(0.4);
    expect(slowWalk.text('log_patterns')).toMatch(
      /^new .*level=warn service="orders".*: slow query: <\*> ms for INSERT/m,
    );
    expect(slowWalk.text('list_changes')).toContain('    | +CREATE TRIGGER audit BEFORE INSERT ON orders');
  });

  it('the leak shows in six calls: the memory of payments is among the first that changed, and the flag came just before', () => {
    const ranked = leakingWalk.text('rank_anomalies');
    // Labels that all of them have stand once, above them.
    const [shared = ''] = /^common labels: .*$/m.exec(ranked) ?? [];
    const clearest = ranked.split('\n').filter((line) => line.includes(' changed='));
    expect(clearest.slice(0, 5).map((line) => line + shared)).toContainEqual(
      expect.stringMatching(/^(?:process_resident_memory|nodejs_heap_size_(?:used|total))_bytes\{.*service="payments"/),
    );
    const heap = /^\{service="payments"\} first=(\S+) last=(\S+) /m.exec(leakingWalk.text('query_metrics_range'));
    expect(Number(heap![2])).toBeGreaterThan(2 * Number(heap![1]));
    expect(leakingWalk.text('list_changes')).toMatch(/^- flag, .* id "risk_cache\/\d+", service "payments"/m);
  });

  it('are known before the first token: when each threshold was crossed, and both sides of it', async () => {
    await expectOpeningThatKnows(slow, '>', 0.5);
    await expectOpeningThatKnows(leaking, '>', 512 * 1024 * 1024);
  });
});

describe('a leak of database connections', () => {
  let triage: Triage;
  /** Of the alert that a slow database fires too; here Alertmanager holds it back, because its cause is known. */
  let ofLatency: Triage;
  beforeAll(async () => {
    await watch.quiet();
    triage = await triageOf('pool leak');
    const symptoms = ['HighErrorRate', 'HighLatency'].map((name) =>
      watch.eventually(`Prometheus has ${name} too`, async () =>
        (await watch.vector(`ALERTS{alertname="${name}",alertstate="firing"}`)).length ? true : undefined,
      ),
    );
    await Promise.all(symptoms);
    ofLatency = await watch.posted(
      await watch.post({ alertname: 'HighLatency', service: 'gateway', severity: 'warning', team: 'checkout' }),
    );
    await watch.fault('pool leak').switch(false);
  });

  it('fires the alert on the pool alone, and its report names the service that keeps them, not the database', async () => {
    expectOneHonestReport(triage);
    expect(triage.report?.root_cause).toMatchObject({
      component: 'orders',
      change: expect.stringMatching(/^split_shipments\/\d+$/),
      confidence: 'high',
    });
    await expectOpeningThatKnows(triage, '>=', 0.9);
    await watch.quiet();
    for (const symptom of ['HighErrorRate', 'HighLatency']) {
      const sent = watch.seen(symptom, { status: 'firing' }).map(({ startsAt }) => Date.parse(startsAt));
      expect(sent.filter((at) => at > Date.parse(triage.started_at!))).toEqual([]);
    }
  });

  it('shows in six calls: ever more connections are out while queries take as long as before', () => {
    expectLeakOf(walkOf(triage));
  });

  it('is told from a slow database by the same walk, from the alert that both fire', () => {
    expect(ofLatency.report?.root_cause).toMatchObject({
      component: 'orders',
      change: expect.stringMatching(/^split_shipments\/\d+$/),
      confidence: 'high',
    });
    expectLeakOf(walkOf(ofLatency));
  });
});

function expectLeakOf(walk: WalkTaken): void {
  const pool = courseOf(walk, 'db_pool_in_use');
  expect(pool.first).toBeLessThan(0.9); // below the rule's limit: some query is always under way
  expect(pool.last).toBe(1);
  // The range begins while the slow database of the test before is still in the rates: where the pool is full, it is out.
  expect(courseOf(walk, 'db_query_duration_seconds_sum').last).toBeLessThan(0.05);
  expect(walk.text('rank_anomalies')).toMatch(/^db_pool_(?:in_use|waiting)\{/m);
  expect(walk.text('log_patterns')).toMatch(
    /^new .*level=error service="orders".*: no database connection within <\*> ms.* \| e\.g\. no database connection within \d+ ms: 10 of 10 in use/m,
  );
  expect(walk.text('list_changes')).toContain('    | +split_shipments: on');
}

describe('a target that is dead', () => {
  let first: Triage;
  let again: Triage;
  beforeAll(async () => {
    first = await triageOf('dead target');
  });

  it('fires, and its report names it', () => {
    expectOneHonestReport(first);
    expect(first.report?.root_cause).toMatchObject({ component: 'gateway', confidence: 'low' });
  });

  it('shows in six calls: which target, why and since when, and that it said nothing of its end', async () => {
    const walk = walkOf(first);
    const found = /^\{.*service="gateway".*\} down since (\S+), last scrape .*: connection refused$/m.exec(
      walk.text('list_targets'),
    );
    const since = Date.parse(found![1]!) / 1000;
    const dead = await watch.moments('up{service="gateway"} == 0', since - 20, since + 3);
    expect(Math.abs(dead[0]! - since)).toBeLessThanOrEqual(1);
    expect(walk.text('list_targets')).toContain('job shop: 2 of 3 up');
    expect(walk.text('log_patterns')).not.toMatch(/^new /m);
  });

  it('is known before the first token: since when it does not answer', () => expectOpeningThatKnows(first, '==', 0));

  it('that is back and dead again within the cool-down is recorded, and due when that ends', async () => {
    const gateway = { service: 'gateway' };
    await watch.fault('dead target').switch(false);
    expect(await watch.sent('TargetDown', { ...gateway, status: 'resolved' })).toMatchObject({
      decision: 'not_firing',
    });
    await watch.eventually('gateway has a past again', async () =>
      (await watch.vector('sum_over_time(up{service="gateway"}[20s]) >= 18')).length ? true : undefined,
    );
    await watch.fault('dead target').switch(true);
    const { triageId, startsAt } = await watch.sent('TargetDown', { ...gateway, decision: 'cooling_down' });
    expect(triageId).not.toBe(first.id);
    again = await watch.triage(triageId!);
    expect(again.status).toBe('waiting');
    const cooled = Date.parse(first.completed_at!) + COOLDOWN_SECONDS * 1000;
    expect(Date.parse(again.due_at!)).toBe(cooled);
    expect(Date.parse(startsAt)).toBeGreaterThan(Date.parse(first.completed_at!));
  });

  it('is joined by another of the same rule: that one is triaged, and the group that is sent anew opens nothing else', async () => {
    await watch.lab.shop.services.payments.kill();
    const { triageId } = await watch.sent('TargetDown', { service: 'payments', decision: 'queued' });
    const joined = await watch.posted(triageId!);
    expect(joined.report?.root_cause.component).toBe('payments');
    const ofGateway = watch.seen('TargetDown', { service: 'gateway', status: 'firing' });
    expect(new Set(ofGateway.map(({ triageId: id }) => id))).toEqual(new Set([first.id, again.id]));
  });

  it('whose other member ends before its cool-down does loses that triage: it is cancelled, and nothing is posted', async () => {
    const { payments } = watch.lab.shop.services;
    await payments.start();
    await watch.sent('TargetDown', { service: 'payments', status: 'resolved' });
    await payments.kill();
    const { triageId } = await watch.sent('TargetDown', { service: 'payments', decision: 'cooling_down' });
    await payments.start();
    const cancelled = await watch.eventually('the waiting triage is finished', async () => {
      const triage = await watch.triage(triageId!);
      return triage.status === 'finished' ? triage : undefined;
    });
    expect(cancelled).toMatchObject({ outcome: 'cancelled', ended_by: 'resolved', deliveries: [] });
    expect(watch.postsOf(triageId!)).toBe(0);
  });

  it('is triaged by itself when the cool-down ends', async () => {
    const done = await watch.posted(again.id);
    expect(Date.parse(done.started_at!)).toBeGreaterThanOrEqual(Date.parse(again.due_at!));
    expect(Date.parse(done.started_at!)).toBeLessThan(Date.parse(again.due_at!) + 5_000);
    expect(done.report?.root_cause.component).toBe('gateway');
    expect(watch.postsOf(again.id)).toBe(1);
    await watch.fault('dead target').switch(false);
  });
});

it('an alert that the script knows nothing of gets a report that says so', async () => {
  const triage = await watch.posted(await watch.post({ alertname: 'SomethingElse', severity: 'warning' }));
  expect(triage.report?.root_cause).toMatchObject({ component: 'unknown', change: null, confidence: 'unknown' });
});
