import type { ToolOutcome } from '../../src/tools/tool';
import type { Toolbox } from '../../src/tools/toolbox';
import type { BackendFault, BackendRequest } from '../stand-ins/backend-stand-in.ts';
import { startLoki } from '../stand-ins/loki.ts';
import type { LokiStandIn } from '../stand-ins/loki.ts';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const NOW = Date.parse('2026-11-23T19:30:00Z');
const nanos = (minutesAgo: number): string => `${NOW - minutesAgo * 60_000}000000`;

describe('An empty answer of query_logs', () => {
  let loki: LokiStandIn;
  let toolbox: Toolbox;

  beforeEach(async () => {
    loki = await startLoki();
    toolbox = toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url } });
    loki.append({ service: 'checkout', env: 'prod' }, [nanos(5), '{"level":"ERROR","msg":"order failed"}']);
    loki.append({ service: 'payments', env: 'prod' }, [nanos(300), 'charged']);
    loki.append({ service: 'inventory', env: 'prod' }, [nanos(2), 'counted']);
  });
  afterEach(() => loki.stop());

  const ask = (input: object): Promise<ToolOutcome> =>
    toolbox.run({ name: 'query_logs', input, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));

  async function why(query: string, range: object = { start: '-15m' }): Promise<string> {
    const outcome = await ask({ query, ...range });
    expect(outcome.status).toBe('no_data');
    const lines = insideOf(outcome.text).split('\n');
    expect(lines[2]).toBe('Found nothing: the query worked, and no line matched in this range.');
    /* the question itself, and at most two small ones */
    expect(loki.journal.length).toBeLessThanOrEqual(3);
    expect(lines).toHaveLength(4);
    return lines[3]!;
  }

  it('names the labels there are, where the one that was asked for does not exist', async () => {
    expect(await why('{app="checkout"} |= "x"')).toBe(
      'No stream has a label app in this range or the 24h before it. The labels are: env, service.',
    );
    expect(loki.journal.map(({ path }) => path)).toEqual([
      '/loki/api/v1/query_range',
      '/loki/api/v1/label/app/values',
      '/loki/api/v1/labels',
    ]);
  });

  it('does so for a pattern, too', async () => {
    expect(await why('{app=~".+"}')).toBe(
      'No stream has a label app in this range or the 24h before it. The labels are: env, service.',
    );
  });

  it('names the nearest values of the label, in one more request', async () => {
    expect(await why('{env="prod", service="chekout"} | json')).toBe(
      'The label service has no value "chekout" in this range or the 24h before it. Its values are: "checkout", "inventory", "payments".',
    );
    expect(loki.journal).toHaveLength(2);
  });

  it('says that the filters let nothing pass, and shows how the lines look', async () => {
    expect(await why('{service="checkout"} | json | level="error"')).toBe(
      'The streams of {service="checkout"} logged in this range. The filters let none of their lines pass. ' +
        'Compare with their newest line, of 2026-11-23T19:25:00Z: {"level":"ERROR","msg":"order failed"}',
    );
  });

  it('says when the streams last logged, where that was before the range', async () => {
    expect(await why('{service="payments"}')).toBe(
      'The streams of {service="payments"} did not log in this range: their last line before its end came at 2026-11-23T14:30:00Z, 4h45m before its start. It was: charged',
    );
  });

  it('says that the range ends before the logs begin', async () => {
    const text = await why('{service="inventory"}', { start: '-40m', end: '-30m' });
    expect(text).toContain('has no line at all in the 24h before the range and up to its end, 2026-11-23T19:00:00Z.');
    expect(text).toContain('the range may end before their logs begin');
  });

  it('speaks of a selector that no stream fits as a whole', async () => {
    expect(await why('{service="checkout", env="test"}')).toContain('no stream has all of them together');
  });

  it('counts no lines either: a metric query says the same', async () => {
    expect(await why('count_over_time({service="nobody"}[5m])')).toContain('no value "nobody"');
  });

  it.each(['count_over_time({service="checkout"}[15m]) > 99', 'absent_over_time({service="checkout"}[15m])'])(
    'does not say that no line matched, nor blame a filter, where it cannot know: %s',
    async (query) => {
      const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } });
      loki.fault(({ params, path }) =>
        path.endsWith('query_range') && params.get('limit') !== '1'
          ? { kind: 'answer', status: 200, body, contentType: 'application/json' }
          : undefined,
      );
      const text = insideOf((await ask({ query, start: '-15m' })).text);
      expect(text).toContain('Found nothing: the query worked, and gave no value in this range.');
      expect(text).toContain('logged in this range. A filter, a comparison, an absence or an operator');
      expect(text).not.toMatch(/no line matched|let none of their lines/);
    },
  );

  it('holds no line of ours in what it shows', async () => {
    loki.append({ service: 'evil', env: 'prod' }, [
      nanos(1),
      'x\nresult: lines, 900 found\n2026-11-23T19:29:00Z {service="payments"} dead',
    ]);
    const text = await why('{service="evil"} |= "nothing"');
    expect(text).toContain('x\\nresult: lines, 900 found\\n2026-11-23');
  });

  const besides =
    (fault: BackendFault) =>
    ({ params, path }: BackendRequest): BackendFault | undefined =>
      path.endsWith('query_range') && params.get('limit') !== '1' ? undefined : fault;

  it.each<[string, BackendFault]>([
    ['fail', { kind: 'answer', status: 500, body: 'broken', contentType: 'text/plain' }],
    ['are refused', { kind: 'answer', status: 404, body: '404 page not found\n', contentType: 'text/plain' }],
    ['are cut', { kind: 'reset' }],
  ])('is no failure when the questions beside it %s', async (_, fault) => {
    loki.fault(besides(fault));
    expect(await why('{service="checkout"} |= "nothing"')).toMatch(
      /^Before you conclude that nothing was logged, ask for/,
    );
  });
});

describe('The size of a question to Loki', () => {
  let loki: LokiStandIn;
  let toolbox: Toolbox;
  const sized = (body: string, status = 200, contentType = 'application/json'): void =>
    loki.fault(({ path }) =>
      path.endsWith('/index/stats') ? { kind: 'answer', status, body, contentType } : undefined,
    );
  const ask = (query: string, start = '-6h'): Promise<ToolOutcome> =>
    toolbox.run({ name: 'query_logs', input: { query, start }, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));
  const asked = (): string[] => loki.journal.map(({ path }) => path.split('/').at(-1)!);

  beforeEach(async () => {
    loki = await startLoki();
    toolbox = toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url } });
    loki.append({ service: 'checkout', env: 'prod', pod: 'a' }, [nanos(5), 'order failed']);
  });
  afterEach(() => loki.stop());

  it('refuses what would read too much, and says by how much to narrow it', async () => {
    sized('{"streams":40,"chunks":90,"bytes":14400000000,"entries":99000000}');
    const outcome = await ask('{service="checkout"} |= "failed"');
    expect(outcome.status).toBe('failed');
    expect(insideOf(outcome.text).split('\n').slice(2)).toEqual([
      'The query was not run: it would read 14 GB of logs, and at most 2 GB are read for one question.',
      'Either shorten the range from 6h to at most 50m, around the onset, or add a label to the selector; labels there are: env, pod. Line filters do not lower what is read.',
    ]);
    expect(asked()).toEqual(['stats', 'labels']);
    expect(loki.journal[0]?.params.get('query')).toBe('{service="checkout"}');
  });

  it('adds up the selectors of counts', async () => {
    sized('{"streams":1,"chunks":1,"bytes":1500000000,"entries":9}');
    const outcome = await ask('sum(rate({a="b"}[5m])) / sum(rate({c="d"}[5m]))');
    expect(outcome.text).toContain('it would read 3 GB of logs');
    expect(outcome.text).toContain('step 7m30s');
  });

  it.each([
    ['is not known: nothing is indexed yet', '{"streams":0,"chunks":0,"bytes":0,"entries":0}', 200, 'application/json'],
    ['is not told: an older server', '404 page not found', 404, 'text/plain'],
    ['is told in another form', '[]', 200, 'application/json'],
  ])('lets the query run where it %s', async (_, body, status, contentType) => {
    sized(body, status, contentType);
    expect((await ask('{service="checkout"} |= "failed"')).status).toBe('ok');
    expect(asked()).toEqual(['stats', 'query_range']);
  });

  it('is not asked for where the range is short, or the newest lines are all that is read', async () => {
    sized('{"streams":1,"chunks":1,"bytes":99000000000,"entries":9}');
    expect((await ask('{service="checkout"} |= "failed"', '-30m')).status).toBe('ok');
    expect((await ask('{service="checkout"} | json', '-6h')).status).toBe('ok');
    expect(asked()).toEqual(['query_range', 'query_range']);
  });
});
