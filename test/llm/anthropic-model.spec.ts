import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnthropicModel } from '../../src/llm/anthropic/anthropic-model';
import type { ToolResultBlock } from '../../src/domain/conversation';
import { type Answer, calls, says, signatureOf } from '../stand-ins/anthropic-answer.ts';
import { steps } from '../stand-ins/anthropic-steps.ts';
import { MODEL, modelBench, type ModelBench, TOOLS } from './model-bench';

const never = new AbortController().signal;
let bench: ModelBench;

afterEach(async () => {
  await bench.stop();
});

function result(vendorId: string, text: string, status: ToolResultBlock['status'] = 'ok'): ToolResultBlock {
  return { type: 'tool_result', handle: 'r1', vendorId, status, text };
}

describe('a turn of Claude', () => {
  it('is streamed into its wire text, neutral blocks, usage, model and cost', async () => {
    bench = await modelBench({
      script: steps([
        {
          content: [
            { type: 'thinking', thinking: 'a deploy?' },
            { type: 'text', text: 'Look at the deploy.' },
          ],
        },
      ]),
    });
    const reply = await bench.model.reply(bench.request(), never);
    expect(reply.blocks).toEqual([
      { type: 'thinking', text: 'a deploy?' },
      { type: 'text', text: 'Look at the deploy.' },
    ]);
    expect(JSON.parse(reply.wire)).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'a deploy?', signature: signatureOf('a deploy?') },
        { type: 'text', text: 'Look at the deploy.' },
      ],
    });
    expect(reply).toMatchObject({ stopReason: 'end_turn', model: MODEL, attempts: 1 });
    expect(reply.responseId).toMatch(/^msg_/);
    const { inputTokens, outputTokens, cacheWriteTokens } = reply.usage;
    expect(cacheWriteTokens).toBeGreaterThan(0);
    expect(reply.costUsd).toBeCloseTo((inputTokens * 2 + outputTokens * 10 + cacheWriteTokens * 2.5) / 1e6, 12);
    bench.service.assertFinished();
  });

  it('goes back byte for byte, its raw tool input too, and the service sees the same conversation (GV-30)', async () => {
    const input = '{"b":1.0,"10":1,"2":1e2,"q":"rate(x[5m]) > \\u0030"}';
    const strange = '{"type":"container_upload","file_id":"f_1","z":1.0,"1":[]}';
    const first: Answer = {
      content: [
        { type: 'thinking', thinking: '', signature: 'b3BhcXVl' },
        { type: 'raw', json: strange },
        { type: 'tool_use', name: 'query_metrics', input },
      ],
    };
    bench = await modelBench({ script: steps([first, says('done')]), refuseChangedPrefix: true });
    const asked = await bench.model.reply(bench.request(), never);
    const call = asked.blocks.find((block) => block.type === 'tool_use');
    expect(asked.wire).toContain(`"input":${input}`);
    expect(asked.wire).toContain(strange);
    const answer = bench.model.userWire([result(call?.vendorId ?? '', '[r1] no data')]);
    await bench.model.reply(bench.request(asked.wire, answer), never);
    const [one, two] = bench.service.journal;
    expect(two?.bodyText).toContain(`${asked.wire},${answer}]}`);
    const sent = one?.bodyText ?? '';
    expect(two?.bodyText.startsWith(sent.slice(0, sent.lastIndexOf(']}')))).toBe(true);
    bench.service.assertFinished();
  });

  it('is read from the cache where the conversation was sent before', async () => {
    bench = await modelBench({ script: steps([calls({ name: 'query_metrics', input: {} }), says('done')]) });
    const asked = await bench.model.reply(bench.request(), never);
    const [call] = asked.blocks;
    const answer = bench.model.userWire([result(call?.type === 'tool_use' ? call.vendorId : '', 'x'.repeat(400))]);
    const done = await bench.model.reply(bench.request(asked.wire, answer), never);
    expect(asked.usage.cacheReadTokens).toBe(0);
    expect(done.usage.cacheReadTokens).toBe(asked.usage.cacheWriteTokens);
    expect(done.usage.cacheWriteTokens).toBeGreaterThan(100);
    expect(done.usage.inputTokens).toBe(0);
  });

  it('may be empty, and the conversation can go on behind it', async () => {
    bench = await modelBench({ script: steps([{ content: [] }, says('now')]) });
    const empty = await bench.model.reply(bench.request(), never);
    expect(empty.blocks).toEqual([]);
    const nudge = bench.model.userWire([{ type: 'text', text: 'Give the report now.' }]);
    const reply = await bench.model.reply(bench.request(empty.wire, nudge), never);
    expect(reply.blocks).toEqual([{ type: 'text', text: 'now' }]);
    bench.service.assertFinished();
  });

  it('may pause and be sent back as the last message', async () => {
    bench = await modelBench({ script: steps([says('working', { stopReason: 'pause_turn' }), says('done')]) });
    const paused = await bench.model.reply(bench.request(), never);
    expect(paused.stopReason).toBe('pause_turn');
    await bench.model.reply(bench.request(paused.wire), never);
    bench.service.assertFinished();
  });

  it('is asked for under the base path of a gateway', async () => {
    bench = await modelBench({ path: '/gateway' });
    await expect(bench.model.reply(bench.request(), never)).rejects.toMatchObject({ kind: 'configuration' });
    expect(bench.service.journal[0]?.path).toBe('/gateway/v1/messages');
  });

  it('is never followed to another address, where the key would go along', async () => {
    bench = await modelBench();
    const elsewhere = bench.service;
    const gate = createServer((_request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/v1/messages` }).end();
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    try {
      const baseUrl = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
      const model = new AnthropicModel({ apiKey: 'sk-ant-x', model: MODEL, baseUrl, timeoutMs: 5_000 }, bench.clock);
      await expect(model.reply(bench.request(), never)).rejects.toMatchObject({ kind: 'configuration' });
      expect(elsewhere.journal).toHaveLength(0);
    } finally {
      gate.closeAllConnections();
      gate.close();
    }
  });
});

describe('the frozen prefix', () => {
  it('is the same text each of 100 times', async () => {
    bench = await modelBench();
    const built = Array.from({ length: 100 }, () =>
      bench.model.freezePrefix({ model: MODEL, systemPrompt: 'You investigate.', tools: structuredClone(TOOLS) }),
    );
    expect(new Set(built).size).toBe(1);
  });

  it('holds model, system prompt with its cache mark, and the tools in the order given', async () => {
    bench = await modelBench();
    await bench.model.reply(bench.request(), never);
    const body = bench.service.journal[0]?.body;
    expect(body).toMatchObject({
      model: MODEL,
      max_tokens: 2_000,
      stream: true,
      cache_control: { type: 'ephemeral' },
      system: [{ type: 'text', text: 'You investigate alerts.', cache_control: { type: 'ephemeral' } }],
    });
    expect(body?.tools?.map((tool) => [tool.name, tool.strict])).toEqual([
      ['query_metrics', undefined],
      ['submit_report', true],
    ]);
    expect(bench.service.journal[0]?.headers['content-type']).toBe('application/json');
  });
});

describe('a user turn', () => {
  it('marks only failed results as errors', async () => {
    bench = await modelBench();
    const wire = bench.model.userWire([result('t1', 'a'), result('t2', 'b', 'no_data'), result('t3', 'c', 'failed')]);
    expect(JSON.parse(wire)).toEqual({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: 'a' },
        { type: 'tool_result', tool_use_id: 't2', content: 'b' },
        { type: 'tool_result', tool_use_id: 't3', content: 'c', is_error: true },
      ],
    });
  });

  it('cannot hold what only the model says', async () => {
    bench = await modelBench();
    expect(() => bench.model.userWire([{ type: 'thinking', text: 'hm' }])).toThrow('a user turn cannot hold');
  });
});
