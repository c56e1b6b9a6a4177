import type { ToolOutcome } from '../../src/tools/tool';
import type { Toolbox } from '../../src/tools/toolbox';
import { GENERATORS, madeIncident, STEP } from '../stand-ins/anomaly-data.ts';
import type { MadeSeries } from '../stand-ins/anomaly-data.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn, Series } from '../stand-ins/prometheus.ts';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** Where the generated series begin; the alert of the bench began at 19:20, now is 19:30. */
const START = Date.parse('2026-11-23T18:30:00Z') / 1000;
const INPUT = { start: '2026-11-23T18:30:00Z', end: '2026-11-23T19:29:30Z', step: '30s' };

function served({ name, labels, values }: MadeSeries): Series {
  const samples = values.map((value, i): [number, number] => [START + i * STEP, value]);
  return {
    labels: { __name__: name, job: 'shop', ...labels },
    samples: samples.filter(([, value]) => !Number.isNaN(value)),
  };
}

/** A level that changes at a point; a little noise that is the same each time. */
function level(labels: Readonly<Record<string, string>>, from: number, to: number, onset: number): Series {
  const samples = Array.from({ length: 120 }, (_, i): [number, number] => [
    START + i * STEP,
    (i < onset ? from : to) * (1 + 0.02 * Math.sin(i * 12.9898)),
  ]);
  return { labels: { __name__: 'load', ...labels }, samples };
}

describe('rank_anomalies', () => {
  let prometheus: PrometheusStandIn;
  let toolbox: Toolbox;

  beforeAll(async () => {
    prometheus = await startPrometheus();
    toolbox = toolboxFor({ prometheus: { endpoint: prometheus.url } });
  });
  beforeEach(() => {
    prometheus.fault();
    prometheus.set([]);
  });
  afterAll(() => prometheus.stop());

  const ask = (input: unknown): Promise<ToolOutcome> =>
    toolbox.run({ name: 'rank_anomalies', input, handle: 'r1' }, ASKER, AbortSignal.timeout(20_000));
  const textOf = async (input: unknown): Promise<string> => insideOf((await ask(input)).text);

  it('names the five that are ill among two hundred first, with the time at which each changed', async () => {
    const { series } = madeIncident(GENERATORS[1]!, 3);
    prometheus.set(series.map(served));
    const text = await textOf(INPUT);
    const first = text
      .split('\n')
      .filter((line) => line.includes(' changed='))
      .slice(0, 5);
    for (const { name, labels, fault } of series.filter((one) => one.fault)) {
      const line =
        first.find((one) => one.startsWith(`${name}{pod="${labels.pod}"}`)) ?? `${name}: not among ${first.join('\n')}`;
      const at = Date.parse(/ changed=(\S+)/.exec(line)?.[1] ?? '') / 1000;
      expect(line).toContain(name);
      expect([line, fault, Math.abs((at - START) / STEP - fault!.onset) <= 2]).toEqual([line, fault, true]);
    }
    expect(text).toMatch(
      /^scope: everything\nrange: 2026-11-23T18:30:00Z to 2026-11-23T19:29:30Z, step 30s\nresult: \d+ series of \d+ metrics looked at, \d+ changed\n/,
    );
    expect(text).toContain('common labels: {job="shop"}');
    expect(text).toMatch(/\nnot changed: \d+ series, of which \d+ hold one value all the time$/);
  });

  it('tells a counter as its rate, through a restart', async () => {
    let value = 5_000;
    const samples = Array.from({ length: 120 }, (_, i): [number, number] => {
      value = i === 30 ? 4 : value + (i < 90 ? 60 : 600) + (i % 3);
      return [START + i * STEP, value];
    });
    prometheus.set([{ labels: { __name__: 'jobs_total' }, samples }]);
    expect(await textOf({ ...INPUT, query: 'jobs_total' })).toMatch(
      /\njobs_total\{\} .*changed=2026-11-23T19:15:00Z from=2\.0\d* to=20\.0\d* \(another level; per second: rate of a counter\)/,
    );
  });

  it('finds series that end and series that begin', async () => {
    const whole = level({ instance: 'a' }, 5, 5, 0);
    const gone = level({ instance: 'b' }, 5, 5, 0);
    const fresh = level({ instance: 'c' }, 5, 5, 0);
    prometheus.set([
      whole,
      { ...gone, samples: gone.samples.slice(0, 80) },
      { ...fresh, samples: fresh.samples.slice(100) },
    ]);
    const text = await textOf({ ...INPUT, query: '{__name__="load"}' });
    expect(text).toMatch(/load\{instance="b"\} .* from=\S+ to=none \(no samples any more\)/);
    expect(text).toMatch(/load\{instance="c"\} .*changed=2026-11-23T19:20:00Z from=none to=\S+ \(no samples before\)/);
    expect(text).toContain('2 changed');
  });

  it('looks for a service under each label that may name it', async () => {
    prometheus.set([
      level({ app: 'stock' }, 1, 3, 90),
      level({ service: 'stock', x: '1' }, 1, 1, 0),
      level({ app: 'other' }, 1, 9, 90),
    ]);
    const text = await textOf({ ...INPUT, service: 'stock' });
    expect(text).toMatch(/^scope: service "stock"\n/);
    expect(text).toContain('result: 2 series of 1 metrics looked at, 1 changed');
    expect(text).toContain('load{app="stock"}');
  });

  it('says that nothing changed clearly, and that nothing is there', async () => {
    prometheus.set([level({ app: 'stock' }, 1, 1, 0)]);
    const calm = await ask(INPUT);
    expect(calm.status).toBe('ok');
    expect(insideOf(calm.text)).toContain('nothing changed clearly in this range.\nnot changed: 1 series');
    const none = await ask({ ...INPUT, query: '{app="nobody"}' });
    expect(none.status).toBe('no_data');
    expect(insideOf(none.text)).toContain('no series of this scope has a sample in the range');
  });

  it.each(['rate(http_requests_total[5m])', 'sum(up)', 'up > 0', 'up[5m]', 'up offset 1h', '1', '{job="shop"'])(
    'refuses what is no plain selector: %s',
    async (query) => {
      const { status, text } = await ask({ query });
      expect(status).toBe('failed');
      expect(insideOf(text)).toContain('Accepted: a plain selector');
    },
  );

  it('refuses a range of too few points to tell a change from, instead of finding nothing changed', async () => {
    prometheus.set([level({}, 4, 40, 100)]);
    const asked = { start: '2026-11-23T19:19:00Z', end: '2026-11-23T19:22:30Z' };
    expect(await ask(asked)).toMatchObject({ status: 'failed' });
    expect(await textOf(asked)).toContain(
      'step 15s\nThat is 15 points a series, and no change can be told from fewer than 16. Nothing was asked: begin the range earlier, or give a smaller step',
    );
    expect(await ask({ ...asked, step: '10s' })).toMatchObject({ status: 'ok' });
  });

  it('puts alike series of one metric on one line where the list would not hold them', async () => {
    const replicas = Array.from({ length: 14 }, (_, i) => level({ pod: `p-${i}` }, 10, 40, 90));
    prometheus.set([...replicas, level({ __name__: 'queue', pod: 'q' }, 5, 9, 88)]);
    const text = await textOf(INPUT);
    expect(text).toContain('; and 13 more of this metric, alike: {pod="p-1');
    expect(text).toContain('queue{pod="q"}');
    expect(text.match(/ changed=2/g)).toHaveLength(2);
  });

  it('looks at small metrics first and says what it did not look at', async () => {
    const [at, last] = [START, START + 119 * STEP];
    const big = Array.from({ length: 1_995 }, (_, i): Series => ({
      labels: { __name__: 'cells', cell: String(i) },
      samples: [
        [at, 1],
        [last, 1],
      ],
    }));
    const small = Array.from({ length: 6 }, (_, i) => level({ __name__: `m${i}` }, 1, i === 3 ? 4 : 1, 90));
    prometheus.set([...big, ...small, level({ __name__: 'd_bucket', le: '1' }, 1, 8, 90)]);
    const text = await textOf({ ...INPUT, step: '60s' });
    expect(text).toContain('result: 6 series of 6 metrics looked at, 1 changed');
    expect(text).toContain(
      'not looked at: 1 metrics with 1995 series, the largest cells (1995): give service or query',
    );
    expect(text).toContain('not looked at: 1 metrics of buckets, constant labels or alerts');
    expect(await textOf({ ...INPUT, step: '60s', query: 'cells' })).toContain('1995 series of 1 metrics looked at');
  });

  it('extends a range that holds no healthy part', async () => {
    prometheus.set([level({ app: 'stock' }, 1, 3, 100)]);
    const text = await textOf({ start: '2026-11-23T19:19:00Z', end: '2026-11-23T19:29:00Z' });
    expect(text).toContain('range: 2026-11-23T19:09:00Z to 2026-11-23T19:29:00Z');
    expect(text).toContain('(extended back from 2026-11-23T19:19:00Z: nothing lay before the trouble to compare with)');
  });

  it('keeps to its room, whatever labels hold, and forges no line of its own', async () => {
    const evil = 'x\nresult: 9 series of 9 metrics looked at, 9 changed';
    prometheus.set(
      Array.from({ length: 60 }, (_, i) =>
        level({ __name__: `m${i}`, note: `${evil} ${'y'.repeat(300)} ${i}` }, 1, 4 + i, 60 + (i % 40)),
      ),
    );
    const { text, full } = await ask({ ...INPUT, limit: 50 });
    expect(insideOf(text).length).toBeLessThanOrEqual(4_000);
    expect(insideOf(text).match(/^result: /gm)).toHaveLength(1);
    expect(insideOf(text)).toMatch(/\nleft out: \d+ more changed series, of m/);
    expect(full?.match(/ changed=/g)).toHaveLength(60);
  });

  it('hands on why a server refuses', async () => {
    prometheus.fault(() => ({
      kind: 'answer',
      status: 422,
      contentType: 'application/json',
      body: JSON.stringify({ status: 'error', errorType: 'execution', error: 'the query hit the limit' }),
    }));
    const { status, text } = await ask(INPUT);
    expect(status).toBe('failed');
    expect(insideOf(text)).toContain('Prometheus answered 422 execution: the query hit the limit');
  });
});
