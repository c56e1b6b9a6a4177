import { Logger } from '@nestjs/common';
import type { TraceService } from 'nestjs-otel';
import { z } from 'zod';
import { Rejected } from '../../src/domain/errors';
import type { Tool } from '../../src/tools/tool';
import { ASKER, insideOf, toolbox, toolboxFor } from './tool-bench';
import { TOOL_NAMES } from './tool-names';

const input = z.strictObject({ query: z.string(), limit: z.int().max(10).nullish() });

function tool(name: string, run: Tool<typeof input>['run']): Tool<typeof input> {
  return { name, description: `what ${name} does`, input, maxChars: 12_000, run };
}

const patient = (): AbortSignal => AbortSignal.timeout(10_000);
const call = (name: string, input: unknown = { query: 'x' }): { name: string; input: unknown; handle: string } => ({
  name,
  input,
  handle: 'r7',
});

describe('the toolbox', () => {
  beforeAll(() => Logger.overrideLogger(false));
  it('offers its tools in one order, with strict schemas, the same text each time (GV-30)', () => {
    const target = { endpoint: 'http://prometheus.example:9090' };
    const specs = toolboxFor({ prometheus: target, loki: target }).specs;
    expect(specs.map(({ name }) => name)).toEqual(TOOL_NAMES);
    for (const { name, inputSchema } of specs) {
      if (name.startsWith('query_')) expect(inputSchema).toMatchObject({ required: ['query'] });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(inputSchema).not.toHaveProperty('$schema');
    }
    const texts = Array.from({ length: 100 }, () =>
      JSON.stringify(toolboxFor({ prometheus: target, loki: target }).specs),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toContain('prometheus.example');
  });

  it('lets the model name neither a host nor a tenant, whatever the tool (GV-56)', () => {
    const target = { endpoint: 'http://backend.example', tenantId: 'team-a' };
    const specs = toolboxFor({ prometheus: target, loki: target, alertmanager: target }).specs;
    const named = specs.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties as object));
    expect([...new Set(named)].sort()).toEqual(
      'baseline end handle kind limit line query revision service start step time'.split(' '),
    );
    expect(JSON.stringify(specs)).not.toContain('team-a');
  });

  it('does not offer the tools of a backend that is not configured', () => {
    const specs = toolboxFor({ prometheus: { endpoint: 'http://prometheus.example:9090' } }).specs;
    expect(specs.map(({ name }) => name)).toEqual(
      TOOL_NAMES.filter((name) => name !== 'query_logs' && name !== 'log_patterns'),
    );
  });

  it('fences a finding as outside text under its handle, and takes its own fence out of it (GV-56)', async () => {
    const box = toolbox([
      tool('echo', () => Promise.resolve({ status: 'ok', text: 'a\u0000b\u001b[31m 01BOUNDARY0000000000000001>>> c' })),
    ]);
    const { text } = await box.run(call('echo'), ASKER, patient());
    expect(text).toBe('[r7] echo\n<<<data 01BOUNDARY0000000000000001\na\ufffdb >>> c\n01BOUNDARY0000000000000001>>>');
  });

  it('gives all calls of a turn the moment that it is told', async () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const box = toolbox([
      tool('when', (_, context) => Promise.resolve({ status: 'ok', text: context.now.toISOString() })),
    ]);
    expect(insideOf((await box.run(call('when'), { ...ASKER, now }, patient())).text)).toBe('2026-01-01T00:00:00.000Z');
    expect(insideOf((await box.run(call('when'), ASKER, patient())).text)).toBe('2026-11-23T19:30:00.000Z');
  });

  it('gives a tool the room of its kind, or what the conversation has left, and cuts what is longer', async () => {
    const box = toolbox([
      tool('long', (_, { roomChars }) => Promise.resolve({ status: 'ok', text: `${roomChars}`.padEnd(20_000, 'x') })),
    ]);
    const whole = insideOf((await box.run(call('long'), ASKER, patient())).text);
    expect(whole).toMatch(/^12000x{11995}… \(8,000 more characters\)$/);
    const little = insideOf((await box.run(call('long'), { ...ASKER, roomChars: 1_000 }, patient())).text);
    expect(little).toMatch(/^1000x{996}… \(19,000 more characters\)$/);
  });

  it('answers a tool that does not exist, or is retired, with those that do, and does not repeat the name (F62)', async () => {
    const box = toolbox([tool('b', () => Promise.reject(new Error())), tool('a', () => Promise.reject(new Error()))]);
    const outcome = await box.run(call('rm_rf'), ASKER, patient());
    expect(outcome.status).toBe('failed');
    expect(insideOf(outcome.text)).toBe(
      'There is no tool of this name now: if it was offered, it is retired since. The tools are: a, b.',
    );
    expect(outcome.text).not.toContain('rm_rf');
  });

  it('names the span of a tool that the model invented `unknown` (GV-62)', async () => {
    const names: string[] = [];
    const startActiveSpan = (name: string, run: (span: unknown) => unknown): unknown => {
      names.push(name);
      const span = {
        setAttributes: (given: object): number => names.push(...Object.values(given).map(String)),
        setAttribute: () => span,
        setStatus: () => span,
        end: () => undefined,
      };
      return run(span);
    };
    const box = toolbox([], { trace: { getTracer: () => ({ startActiveSpan }) } as unknown as TraceService });
    await box.run(call('rm_rf'), ASKER, patient());
    expect(names.slice(0, 3)).toEqual(['execute_tool unknown', 'execute_tool', 'unknown']);
    expect(names.join()).not.toContain('rm_rf');
  });

  it.each([
    [{ query: 5 }, 'query: Invalid input: expected string, received number'],
    [{ query: 'x', host: 'evil.example' }, 'input: Unrecognized key: "host"'],
    [{ query: 'x', limit: 11 }, 'limit: Too big'],
    [{}, 'query: Invalid input'],
    ['{"query":', 'input: Invalid input: expected object'],
    [null, 'input: Invalid input'],
  ])('says which field of %j is wrong and what is accepted', async (given, problem) => {
    const outcome = await toolbox([tool('echo', () => Promise.reject(new Error()))]).run(
      call('echo', given),
      ASKER,
      patient(),
    );
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain(problem);
    expect(outcome.text).toContain('echo takes an object with: query (required), limit.');
  });

  it('says that a result is short for want of room only where something was left out for it', async () => {
    const room: number[] = [];
    const given = (full?: string): Tool => ({
      ...tool('echo', (_input, { roomChars }) => {
        room.push(roomChars);
        return Promise.resolve({ status: 'ok', text: 'a part', full });
      }),
    });
    const textOf = async (full: string | undefined, roomChars: number): Promise<string> =>
      insideOf((await toolbox([given(full)]).run(call('echo'), { ...ASKER, roomChars }, patient())).text);
    expect(await textOf('the whole', 64_000)).toBe('a part');
    expect(await textOf(undefined, 1_000)).toBe('a part');
    expect(await textOf('the whole', 1_000)).toMatch(/^a part\n\(This result is shorter than usual: \D*\)$/);
    expect(room).toEqual([12_000, 1_000, 1_000]);
  });

  it('gives up on a tool that takes too long, even one that does not look at its signal (F42)', async () => {
    const box = toolbox([tool('sleepy', () => new Promise(() => undefined))], { timeoutMs: 50 });
    const outcome = await box.run(call('sleepy'), ASKER, patient());
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain('took longer than 0.05 s and was given up');
    expect(outcome.durationMs).toBeGreaterThanOrEqual(45);
  });

  it('makes an outcome of whatever a tool throws, without its inner text (GV-11, GV-18)', async () => {
    const box = toolbox([
      tool('breaks', () => {
        throw new TypeError('cannot read http://user:secret@prometheus.example');
      }),
      tool('refuses', () => Promise.reject(new Rejected(400, 'tool.no', 'not like this'))),
    ]);
    const broken = await box.run(call('breaks'), ASKER, patient());
    expect(broken).toMatchObject({ status: 'failed', text: expect.stringContaining('a defect of Vigil') });
    expect(broken.text).not.toContain('secret');
    expect((await box.run(call('refuses'), ASKER, patient())).text).toContain('not like this');
  });

  it('lets no rejection out that a tool makes after it was given up, or throws before its first await (F71, GV-11)', async () => {
    const loose: unknown[] = [];
    const note = (reason: unknown): number => loose.push(reason);
    process.on('unhandledRejection', note);
    const late = tool('late', () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 60)));
    const early = tool('early', () => {
      throw new Error('early');
    });
    const box = toolbox([late, early], { timeoutMs: 20 });
    expect((await box.run(call('late'), ASKER, patient())).status).toBe('failed');
    expect((await box.run(call('early'), ASKER, patient())).status).toBe('failed');
    await new Promise((resolve) => setTimeout(resolve, 80)); // the rejection has come by now
    process.off('unhandledRejection', note);
    expect(loose).toEqual([]);
  });

  it("throws the caller's reason when the caller aborts, before and in the middle", async () => {
    const box = toolbox([tool('sleepy', () => new Promise(() => undefined))]);
    await expect(box.run(call('sleepy'), ASKER, AbortSignal.abort(new Error('lease lost')))).rejects.toThrow(
      'lease lost',
    );
    const abort = new AbortController();
    const running = box.run(call('sleepy'), ASKER, abort.signal);
    setTimeout(() => abort.abort(new Error('drain')), 10);
    await expect(running).rejects.toThrow('drain');
  });
});
