import { evidenceLink } from '../../src/domain/evidence-link';
import type { Series } from '../stand-ins/prometheus.ts';
import {
  endWorlds,
  FAULT,
  firing,
  gauge,
  group,
  iso,
  lineOf,
  NOW,
  risen,
  START,
  textOf,
  usage,
  world,
} from './usage-world';

describe("the section on the alert's rule and its value", () => {
  afterEach(endWorlds);

  it('tells the rule, the value on both sides, the moment of the crossing, and the values over time', async () => {
    const active = {
      labels: { alertname: 'UsageHigh', instance: 'a', job: 'node' },
      state: 'firing',
      activeAt: iso(FAULT),
    };
    const prometheus = await world(
      [usage('a', risen), usage('b', () => 0.2)],
      [group({ query: 'usage > 0.5', duration: 120, alerts: [active] })],
    );
    const text = await textOf(prometheus, firing({ instance: 'a', job: 'node', cluster: 'added-on-the-way' }));
    expect(text.split('\n').slice(0, -1)).toEqual([
      'rule: UsageHigh, group shop-alerts in rules.yml, evaluated every 5s',
      'expression: usage > 0.5',
      'for: 2m',
      `state of the alert now: firing, the expression has held since ${iso(FAULT)} in the rule's evaluations`,
      'compared: the left side (the query below) > 0.5',
      'series: usage{instance="a", job="node"}; the expression has 1 series at the start, of 2 on the left side',
      `at the start (${iso(START)}): 0.9 > 0.5`,
      `crossed: ${iso(FAULT)} (exact to 1.0 s), 2 min 0 s before the start; the rule waits 2m of it`.replace(
        ' 0 s',
        '',
      ),
      expect.stringMatching(/^before: median 0\.3, from 0\.3 to 0\.3, over the 29 min \d+ s from \S+Z \(\d+ points\)$/),
      expect.stringMatching(/^since then: largest 0\.95 at 2026-11-23T19:2[5-9]:\d\dZ$/),
      'now: 0.95 > 0.5, the expression holds',
      'samples: one every 15s (usage): a rate over [15s] or less finds nothing, over [60s] and more it is safe',
      'query: usage',
      expect.stringMatching(/^range: 2026-11-23T18:5\d:\S+Z to 2026-11-23T19:\S+Z, step 45s$/),
    ]);
    expect(text).toMatch(/\nvalues: \[(?:0\.3 ){30,}(?:0\.9 ){5,}(?:0\.95[ \]])+ from \S+Z every 45s, _ = no sample$/);
    expect(text.length).toBeLessThan(1_500);
  });

  it('says the same for the same facts, in any order of the series', async () => {
    const series = [usage('a', risen), usage('b', risen), usage('c', () => 0.6)];
    const groups = [group({ query: 'usage > 0.5' })];
    const alert = firing({ instance: 'a' });
    const once = await textOf(await world(series, groups), alert);
    expect(await textOf(await world(series.toReversed(), groups), alert)).toBe(once);
  });

  it('holds a range and a query from which a link to the same graph can be made', async () => {
    const text = await textOf(
      await world([usage('a', risen)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    const query = lineOf(text, 'query: ')!.slice('query: '.length);
    const call = { name: 'query_metrics_range', input: { query }, text } as Parameters<typeof evidenceLink>[0];
    const link = new URL(evidenceLink(call, { prometheusUrl: 'http://p.example' })!);
    expect(link.searchParams.get('g0.expr')).toBe('usage');
    expect(lineOf(text, 'range: ')).toContain(` to ${link.searchParams.get('g0.end_input')!.replace(' ', 'T')}`);
  });

  it('says that an alert which holds no more is no proof that nothing was wrong, and when it ended', async () => {
    const over = (at: number): number => (at >= FAULT && at < NOW - 100 ? 0.9 : 0.3);
    const text = await textOf(
      await world([usage('a', over)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'now:')).toBe(
      `now: 0.3, not > 0.5, the expression does not hold (since ${iso(NOW - 90)} (exact to 1.0 s)): that it ended is no proof that nothing was wrong`,
    );
    expect(lineOf(text, 'state')).toBe('state of the alert now: inactive');
  });

  it('sees an earlier flap as no part of the crossing', async () => {
    const flapping = (at: number): number => ((at >= FAULT - 600 && at < FAULT - 300) || at >= FAULT ? 0.9 : 0.3);
    const text = await textOf(
      await world([usage('a', flapping)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'crossed')).toContain(`crossed: ${iso(FAULT)} (exact to 1.0 s)`);
    expect(lineOf(text, 'before')).toContain('median 0.3, from 0.3 to 0.9');
  });

  it('sees a break between two points of its grid', async () => {
    const broken = (at: number): number => (at >= FAULT && (at <= START - 80 || at >= START - 50) ? 0.9 : 0.3);
    const text = await textOf(
      await world([usage('a', broken)], [group({ query: 'usage > 0.5', duration: 30 })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'crossed')).toContain(`crossed: ${iso(START - 45)} (exact to 1.0 s), 45.0 s before the start`);
  });

  it('takes what history there is as its baseline, on a finer grid, and says where it begins', async () => {
    const text = await textOf(
      await world([usage('a', risen, { from: FAULT - 200, every: 5 })], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
      START + 10,
    );
    expect(lineOf(text, 'before')).toMatch(
      new RegExp(
        `^before: median 0\\.3, from 0\\.3 to 0\\.3, over the 3 min \\d+ s from \\S+ \\((?:2|3)\\d points\\); no value before `,
      ),
    );
    expect(lineOf(text, 'range')).toMatch(/step (?:5|10)s$/);
    expect(lineOf(text, 'crossed')).toContain(iso(FAULT));
  });

  it('says that a value which was over the threshold from its first sample on has no before', async () => {
    const text = await textOf(
      await world([usage('a', () => 0.9, { from: FAULT })], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'before')).toBe(`before: no value before ${iso(FAULT)}`);
    expect(lineOf(text, 'crossed')).toContain(iso(FAULT));
  });

  it('says that the crossing lies before its window rather than inventing one', async () => {
    const text = await textOf(
      await world([usage('a', () => 0.9)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'crossed')).toMatch(/^crossed: before 2026-11-23T18:\S+Z, where this course begins$/);
  });

  it('shows both sides when the right one is not a number, and the series that belongs to the alert on each', async () => {
    const limit = (instance: string, value: number): Series =>
      gauge({ labels: { __name__: 'limit', zone: 'z', instance }, value: (at) => (at < START ? value : value + 0.1) });
    const text = await textOf(
      await world(
        [usage('a', risen), usage('b', () => 0.9), limit('a', 0.6), limit('b', 0.1)],
        [group({ query: 'usage > on (instance) limit' })],
      ),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'compared')).toBe('compared: the left side (the query below) > right side limit');
    expect(lineOf(text, 'at the start')).toBe(`at the start (${iso(START)}): 0.9 > 0.7`);
    expect(lineOf(text, 'before, right')).toBe('before, right side: median 0.6, from 0.6 to 0.6');
    expect(lineOf(text, 'right side: ')).toMatch(/^right side: \[0\.6 .* 0\.7\] from /);
  });

  it('tells the other conditions of the expression with their values', async () => {
    const waiting = gauge({ labels: { __name__: 'waiting', instance: 'a' }, value: (at) => (at < FAULT + 30 ? 0 : 7) });
    const query = 'usage > 0.5 and on (instance) waiting > 0 unless on (instance) silenced';
    const text = await textOf(await world([usage('a', risen), waiting], [group({ query })]), firing({ instance: 'a' }));
    expect(lineOf(text, 'and ')).toBe('and waiting > 0: 7 at the start, 7 now');
    expect(lineOf(text, 'unless ')).toBe('unless silenced');
    expect(lineOf(text, 'crossed')).toContain(`crossed (all conditions): ${iso(FAULT + 30)} (exact to 1.0 s)`);
  });

  it('finds the alternative of an `or` that the alert comes from', async () => {
    const other = gauge({ labels: { __name__: 'other', instance: 'a' }, value: () => 3 });
    const query = 'other > 5 or usage > 0.5';
    const text = await textOf(
      await world([usage('a', risen), other], [group({ query })]),
      firing({ instance: 'a', job: 'node' }),
    );
    expect(text).toContain('the alert comes from this alternative of the `or`: usage > 0.5');
    expect(lineOf(text, 'at the start')).toContain('0.9 > 0.5');
  });

  it('reads a threshold on the left, and equality', async () => {
    const up = gauge({ labels: { __name__: 'up', instance: 'a' }, value: (at) => (at < FAULT ? 1 : 0) });
    const text = await textOf(await world([up], [group({ query: '0 == up' })]), firing({ instance: 'a' }));
    expect(lineOf(text, 'compared')).toBe('compared: the left side (the query below) == 0');
    expect(lineOf(text, 'at the start')).toBe(`at the start (${iso(START)}): 0 == 0`);
    expect(lineOf(text, 'crossed')).toContain(iso(FAULT));
    expect(text).not.toContain('since then');
  });

  it('takes the presence of a value for the alert where nothing is compared', async () => {
    const text = await textOf(
      await world(
        [usage('a', (at) => (at < FAULT - 300 ? 1 : undefined)), gauge({ labels: { __name__: 'up' }, value: () => 1 })],
        [group({ query: 'absent(usage{instance="a"})' })],
      ),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'compared')).toBe('compared: nothing; that the expression has a value is the alert');
    /* the last sample, at 15 s before, counts for five minutes */
    const crossed = Date.parse(lineOf(text, 'crossed')!.split(' ')[1]!) / 1000;
    expect(crossed - (FAULT - 15)).toBeGreaterThanOrEqual(0);
    expect(crossed - (FAULT - 15)).toBeLessThanOrEqual(1);
    expect(lineOf(text, 'query: ')).toBe('query: absent(usage{instance="a"})');
  });

  it('warns of windows that are too short for the samples', async () => {
    const counter = gauge({
      labels: { __name__: 'hits_total', instance: 'a' },
      every: 60,
      value: (at) => (at - NOW) * 2 + 1e6,
    });
    const text = await textOf(
      await world([counter], [group({ query: 'rate(hits_total[1m]) > 1 or rate(hits_total[2m]) > 1' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'samples')).toBe(
      'samples: one every 60s (hits_total): a rate over [60s] or less finds nothing, over [4m] and more it is safe',
    );
    expect(text).toContain(
      "warning: the rule's own rate(hits_total[60s]) is short for samples every 60s: it finds nothing, or only by chance",
    );
    expect(text).toContain('rate(hits_total[2m]) is short for samples every 60s: it misses when one sample is late');
  });

  it('measures the samples of the alert, not those of a neighbour that is scraped more often', async () => {
    const text = await textOf(
      await world(
        [usage('a', risen, { every: 60 }), usage('b', () => 0.1, { every: 5 })],
        [group({ query: 'usage > 0.5' })],
      ),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'samples')).toContain('samples: one every 60s (usage)');
  });

  it('asks for the one series where a rule looks at very many', async () => {
    const crowd = Array.from({ length: 600 }, (_, i) =>
      usage(`i${i}`, (at) => (i === 7 ? risen(at) : 0.1), { every: 60, from: NOW - 1200 }),
    );
    const prometheus = await world(crowd, [group({ query: 'usage > 0.5' })]);
    const text = await textOf(prometheus, firing({ instance: 'i7', job: 'node' }));
    expect(lineOf(text, 'series')).toContain('of 600 on the left side');
    expect(lineOf(text, 'query: ')).toBe(
      'query: (usage) and on (instance, job) label_replace(label_replace(vector(1), "instance", "i7", "", ""), "job", "node", "", "")',
    );
    expect(lineOf(text, 'at the start')).toContain('0.9 > 0.5');
    const ranges = prometheus.journal.filter(({ path }) => path === '/api/v1/query_range');
    expect(ranges.map(({ params }) => params.get('query'))).not.toContain('usage');
  });

  it('says so when several series may be the alert, and takes the largest', async () => {
    const text = await textOf(
      await world([usage('a', risen), usage('b', () => 0.99)], [group({ query: 'usage > 0.5' })]),
      firing({ job: 'node' }),
    );
    expect(lineOf(text, 'series')).toBe(
      'series: usage{instance="b", job="node"} (the largest of 2 that the alert\'s labels fit equally well); the expression has 2 series at the start, of 2 on the left side',
    );
  });

  it("takes no other series for the alert's when that has none", async () => {
    const text = await textOf(
      await world([usage('a', risen), usage('b', () => 0.1)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'gone' }),
    );
    expect(lineOf(text, 'series')).toBe(
      "series: none with the alert's labels; the expression has 1 series at the start, of 2 on the left side",
    );
    expect(lineOf(text, 'at the start')).toContain('no value; on the data as it is stored now');
    expect(lineOf(text, 'values')).toBe('values: none of the alert in this range');
    expect(text).not.toMatch(/0\.9/);
  });

  it('leaves NaN out of the baseline and shows it in the row', async () => {
    const text = await textOf(
      await world([usage('a', (at) => (at < FAULT - 300 ? NaN : risen(at)))], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'before')).toContain('median 0.3, from 0.3 to 0.3');
    expect(lineOf(text, 'values')).toMatch(/^values: \[NaN NaN /);
  });

  it('shows a long row at fewer of its points, so that all fits', async () => {
    const long = (at: number): number => (at < FAULT ? 1e9 : 5e9) + ((at * 7919) % 1e8);
    const limit = gauge({ labels: { __name__: 'limit', instance: 'a' }, value: (at) => 3e9 + ((at * 7907) % 1e8) });
    const text = await textOf(
      await world([usage('a', long), limit], [group({ query: 'usage > on (instance) limit' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'range')).toMatch(/step 45s$/);
    expect(lineOf(text, 'values')).toMatch(/ every 90s, _ = no sample$/);
    expect(text.length).toBeLessThan(2_200);
    const values = /\[(.*)\] from (\S+) /.exec(lineOf(text, 'values')!)!;
    expect(Number(values[1]!.split(' ')[1])).toBe(
      long(Math.floor((Date.parse(values[2]!) / 1000 + 90 - NOW) / 15) * 15 + NOW),
    );
  });

  it('says that the data stored now shows less than the rule waits for', async () => {
    const late = (at: number): number => (at < START - 30 ? 0.3 : 0.9);
    const text = await textOf(
      await world([usage('a', late)], [group({ query: 'usage > 0.5', duration: 120 })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'crossed')).toContain(`${iso(START - 30)} (exact to 1.0 s), 30.0 s before the start`);
    expect(text).toContain("\nthat is later than the rule's `for` allows: ");
  });

  it('says that an alert whose comparison filters nothing fires whatever it says', async () => {
    const text = await textOf(
      await world([usage('a', () => 0.1)], [group({ query: 'usage > bool 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'compared')).toContain('`bool` filters nothing');
    expect(lineOf(text, 'at the start')).toContain('0.1, not > 0.5');
  });
});
