import { endWorlds, FAULT, firing, group, iso, lineOf, NOW, risen, START, textOf, usage, world } from './usage-world';

describe("the section on the alert's rule claims no more than is known: it", () => {
  afterEach(endWorlds);

  it('tells a value from a threshold that rounding would make equal to it', async () => {
    const just = (at: number): number => (at < FAULT ? 0.3 : 0.50001);
    const text = await textOf(
      await world([usage('a', just)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(lineOf(text, 'at the start')).toMatch(/: 0\.50001 > 0\.5$/);
  });

  it('shows what Prometheus warned of when it said that nothing holds', async () => {
    const prometheus = await world([], [group({ query: 'usage > 0.5' })]);
    const body = { status: 'success', data: { resultType: 'vector', result: [] }, warnings: ['store eu-2 is away'] };
    prometheus.fault(({ path }) =>
      path === '/api/v1/query'
        ? { kind: 'answer', status: 200, contentType: 'application/json', body: JSON.stringify(body) }
        : undefined,
    );
    const text = await textOf(prometheus, firing({ instance: 'a' }));
    expect(text).toContain('\nwarning: store eu-2 is away');
  });

  it('says of absent() that it holds also where nothing was recorded', async () => {
    const text = await textOf(
      await world([usage('a', () => 1)], [group({ query: 'absent(gone{job="node"})' })]),
      firing({ job: 'node' }),
    );
    expect(lineOf(text, 'absent() has a value also where nothing was recorded')).toBeDefined();
    expect(
      lineOf(
        await textOf(await world([usage('a', risen)], [group({ query: 'usage > 0.5' })]), firing({ instance: 'a' })),
        'absent',
      ),
    ).toBeUndefined();
  });

  it('says of no alert that it crossed what `bool` lets everything pass', async () => {
    const text = await textOf(
      await world([usage('a', () => 0.1)], [group({ query: 'usage > bool 0.5' })]),
      firing({ instance: 'a' }),
    );
    expect(text).not.toMatch(/^crossed/m);
    expect(lineOf(text, 'has had a value since')).toBeDefined();
  });

  it('says of no alternative of an `or` that the alert comes from it where nothing shows that', async () => {
    const text = await textOf(
      await world([], [group({ query: 'usage > 0.5 or other > 3' })]),
      firing({ instance: 'a' }),
    );
    expect(text).not.toContain('the alert comes from');
    expect(text).toContain(
      'looked at, though nothing tells it from the others, is this alternative of the `or`: usage > 0.5',
    );
  });

  it('holds the current time nowhere: the opening message has it once', async () => {
    const higher = (at: number): number => (at === NOW ? 0.99 : risen(at));
    const text = await textOf(
      await world([usage('a', higher)], [group({ query: 'usage > 0.5' })]),
      firing({ instance: 'a' }),
      NOW + 7,
    );
    expect(lineOf(text, 'since then')).toBe('since then: largest 0.99 now');
    expect(text).not.toContain(iso(NOW + 7));
  });

  it('takes no points for its course that lie outside of what was asked', async () => {
    const prometheus = await world([usage('a', risen)], [group({ query: 'usage > 0.5' })]);
    const metric = { __name__: 'usage', job: 'node', instance: 'a' };
    const values = [
      [1, '0.7'],
      [START, '0.9'],
      ['x', '1'],
      [4e12, '5'],
    ];
    const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } });
    prometheus.fault(({ path }) =>
      path === '/api/v1/query_range'
        ? { kind: 'answer', status: 200, contentType: 'application/json', body }
        : undefined,
    );
    const text = await textOf(prometheus, firing({ instance: 'a' }));
    expect(lineOf(text, 'values: ')).toMatch(/^values: \[0\.9( _)*\] from 2026-11-23T19:22:00Z every/);
  });
});
