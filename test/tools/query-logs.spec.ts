import { CEILINGS } from '../../src/tools/result-room';
import type { ToolOutcome } from '../../src/tools/tool';
import type { Toolbox } from '../../src/tools/toolbox';
import { startLoki } from '../stand-ins/loki.ts';
import type { LokiStandIn } from '../stand-ins/loki.ts';
import { captured, capturedBody } from './captured';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const NOW = Date.parse('2026-11-23T19:30:00Z');
const nanos = (secondsAgo: number): string => `${NOW - secondsAgo * 1000}000000`;

describe('query_logs', () => {
  let loki: LokiStandIn;
  let toolbox: Toolbox;

  beforeEach(async () => {
    loki = await startLoki();
    toolbox = toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url, tenantId: 'shop' } });
  });
  afterEach(() => loki.stop());

  const ask = (input: unknown): Promise<ToolOutcome> =>
    toolbox.run({ name: 'query_logs', input, handle: 'r4' }, ASKER, AbortSignal.timeout(10_000));
  const textOf = async (input: unknown): Promise<string> => insideOf((await ask(input)).text);
  const replay = (name: string): void => {
    const answer = captured(name);
    const contentType = answer.content_type ?? '';
    loki.fault(() => ({ kind: 'answer', status: answer.status, contentType, body: capturedBody(answer) }));
  };

  it('merges streams by time and labels every line (GV-44)', async () => {
    loki.append({ env: 'prod', service: 'a' }, [nanos(30), '{"level":"info","msg":"one"}']);
    loki.append({ env: 'prod', service: 'b' }, [nanos(20), '{"level":"error","msg":"two"}']);
    loki.append({ env: 'prod', service: 'a' }, [nanos(10), 'three\n  at line 3']);
    const outcome = await ask({ query: '{env="prod"}', start: '-5m' });
    expect(outcome.status).toBe('ok');
    expect(insideOf(outcome.text).split('\n')).toEqual([
      'query: {env="prod"}',
      'range: 2026-11-23T19:25:00Z to 2026-11-23T19:30:00Z',
      'result: lines, 3 found, oldest first',
      'common labels: {env="prod"}',
      '2026-11-23T19:29:30.000Z {service="a"} info one',
      '2026-11-23T19:29:40.000Z {service="b"} error two',
      '2026-11-23T19:29:50.000Z {service="a"} three\\n  at line 3',
    ]);
    expect(loki.journal.at(-1)?.headers).toMatchObject({
      'x-scope-orgid': 'shop',
      'x-loki-response-encoding-flags': 'categorize-labels',
    });
  });

  it('does not repeat as labels what a parser took out of the line', async () => {
    const line = '{"level":"error","msg":"boom","status":500,"upstream":{"name":"payments"}}';
    loki.append({ service: 'a' }, [nanos(30), line]);
    const text = await textOf({ query: '{service="a"} | json | level="error"' });
    expect(text).toContain('2026-11-23T19:29:30.000Z {service="a"} error boom status=500 upstream.name=payments');
  });

  it('folds equal lines with their count', async () => {
    for (const ago of [50, 40, 30]) loki.append({ service: 'a' }, [nanos(ago), 'level=warn connection refused']);
    loki.append({ service: 'a' }, [nanos(35), 'level=warn other']);
    expect(await textOf({ query: '{service="a"}' })).toContain(
      'result: lines, 4 found, oldest first\n' +
        'common labels: {service="a"}\n' +
        '2026-11-23T19:29:10.000Z level=warn connection refused (3 times, last at 2026-11-23T19:29:30.000Z)\n' +
        '2026-11-23T19:29:25.000Z level=warn other',
    );
  });

  it('says when its limit is reached, and not before', async () => {
    for (let i = 0; i < 5; i++) loki.append({ service: 'a' }, [nanos(60 - i), `line ${i}`]);
    const reached = await textOf({ query: '{service="a"}', limit: 3 });
    expect(reached).toContain('result: lines, 3 found, oldest first; the limit of 3 is reached: these are the newest');
    expect(reached).not.toContain('line 1');
    expect(reached).toContain('line 4');
    expect(await textOf({ query: '{service="a"}', limit: 6 })).not.toContain('limit');
  });

  it('keeps a line of each kind when not all fit, says what is left out, and keeps all of them whole beside it', async () => {
    const word = (i: number): string => String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26));
    for (let i = 0; i < 300; i++) {
      const line = i === 7 ? 'level=fatal certificate expired' : `${word(i)} ${'x'.repeat(600)} ${i}`;
      loki.append({ service: 'a' }, [nanos(900 - i), line]);
    }
    const outcome = await ask({ query: '{service="a"}', limit: 400 });
    const text = insideOf(outcome.text);
    expect(text.length).toBeLessThanOrEqual(CEILINGS.lines);
    const lines = text.split('\n').filter((line) => line.startsWith('2026'));
    expect(lines[0]).toBe('2026-11-23T19:15:07.000Z level=fatal certificate expired');
    expect(lines.at(-1)).toMatch(/^2026-11-23T19:19:59\.000Z nl x+… \(\d+ more characters\)$/);
    expect(text).toContain(
      `left out to save room: ${300 - lines.length} lines; ${lines.length} of 300 kinds of line are shown, the worst first.`,
    );
    const full = outcome.full!.split('\n');
    expect(full).toHaveLength(300);
    expect(full[7]).toBe('2026-11-23T19:15:07.000000000Z {service="a"} level=fatal certificate expired');
    expect(full[8]).toHaveLength(45 + 4 + 600 + 1);
    expect(outcome.bytes).toBeGreaterThan(180_000);
  });

  it('keeps to the room that the conversation has left', async () => {
    for (let i = 0; i < 90; i++) loki.append({ service: `s${i}` }, [nanos(900 - i), `${'word '.repeat(30)}${i}`]);
    const outcome = await toolbox.run(
      { name: 'query_logs', input: { query: '{service=~".+"}' }, handle: 'r4' },
      { ...ASKER, roomChars: 1_500 },
      AbortSignal.timeout(10_000),
    );
    expect(insideOf(outcome.text).length).toBeLessThanOrEqual(1_500);
    expect(outcome.text).toContain('left out to save room: ');
    expect(insideOf(outcome.text).split('\n').slice(4, -1)).toHaveLength(5);
    expect(outcome.text).toContain('\n(This result is shorter than usual: ');
  });

  it('has nothing beside the text where that shows every line whole', async () => {
    loki.append({ service: 'a' }, [nanos(30), 'one']);
    loki.append({ service: 'b' }, [nanos(20), 'two']);
    expect((await ask({ query: '{service=~"a|b"}' })).full).toBeUndefined();
  });

  it('reads counts as series, by the type that the answer names (GV-45)', async () => {
    for (let i = 0; i < 30; i++) loki.append({ service: i % 3 ? 'a' : 'b' }, [nanos(290 - i * 10), 'error']);
    const query = 'sum by (service) (count_over_time({service=~".+"} |= "error" [1m]))';
    const text = await textOf({ query, start: '-5m', step: '1m' });
    expect(text).toContain('result: matrix, 2 series');
    expect(text).toMatch(/values: \[v v …\] from 2026-11-23T19:25:00Z every 60s/);
    expect(text).toMatch(/\{service="a"\} first=4 last=4 min=4 max=4 mean=4 \[_ 4 4 4 4 4\]/);
  });

  it('tells "found nothing" from a failure', async () => {
    const outcome = await ask({ query: '{service="nobody"}' });
    expect(outcome.status).toBe('no_data');
    expect(outcome.text).toContain('Found nothing: the query worked, and no line matched in this range.');
    const counted = await ask({ query: 'count_over_time({service="nobody"}[5m])' });
    expect(counted.status).toBe('no_data');
  });

  it("hands Loki's words about a wrong query to the model", async () => {
    const outcome = await ask({ query: '{service="orders"} |~ "("' });
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain('Loki answered 400: parse error : error parsing regexp: missing closing ): `(`');
  });

  it.each([
    [{ query: '{a="b"}', start: 'yesterday' }, 'start: "yesterday" is no time'],
    [{ query: '{a="b"}', start: 'now', end: 'now' }, 'start and end are the same moment'],
    [{ query: '{service="orders"' }, 'the brace is not closed: write {service="orders"}.'],
    [{ query: '{service!="x"}' }, 'selects everything'],
    [{ query: 'ratee({service="orders"}[1m])' }, 'LogQL has no function ratee: use rate.'],
    [{ query: '{a="b"}', limit: 5001 }, 'limit: Too big: expected number to be <=1000'],
  ])('asks nothing when the input cannot be used: %j', async (input, reason) => {
    const outcome = await ask(input);
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain(reason);
    expect(loki.journal).toHaveLength(0);
  });

  it('reads the captured answers of a real Loki', async () => {
    const read = async (name: string): Promise<string> => {
      replay(`loki/${name}`);
      const range = { start: '2026-11-23T19:08:17Z', end: '2026-11-23T19:23:17Z' };
      return textOf({ query: '{a="b"}', ...range, limit: 3, step: '5m' });
    };
    const plain = await read('streams');
    expect(plain).toContain('result: lines, 3 found');
    expect(plain).toMatch(
      /\n2026-11-23T19:23:16\.918Z [^\n]*slow query[^\n]*\n2026-11-23T19:23:16\.968Z [^\n]*\n2026-11-23T19:23:17\.019Z /,
    );
    const categorized = await read('streams_categorize');
    expect(categorized).toContain(
      'common labels: {env="lab", level="error", service="payments"}\n' +
        'common fields: error=TypeError version=1.8.0 method=POST route=/charge status=500 stack=',
    );
    expect(categorized).toContain("Cannot read properties of undefined (reading 'currency')");
    expect(categorized).not.toContain('_extracted');
    expect(await read('topk')).toMatch(
      /result: matrix, 4 series\nvalues: \[v v …\] from 2026-11-23T19:10:00Z every 5m[^]*failed: fetch failed"\} first=63 last=262 min=63 max=262 mean=162.5 \[_ 63 262 _\]/,
    );
    expect(await read('vector_instant')).toContain('{level="error"} 50');
    expect(await read('empty')).toContain('Found nothing');
    expect(await read('pipeline_error')).toContain("Loki answered 400: pipeline error: 'SampleExtractionErr'");
    expect(await read('mt_no_org_push')).toContain('Loki wants to know whose data is asked for (401, no org id).');
    expect(await read('mt_bad_org')).toContain('Loki answered 400: tenant ID');
  });
});
