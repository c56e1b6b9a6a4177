import { inspect } from 'node:util';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AnthropicModel } from '../../src/llm/anthropic/anthropic-model';
import { classifyFailure } from '../../src/llm/anthropic/classify-failure';
import { ModelFailure } from '../../src/llm/language-model';
import { STAND_IN_KEY } from '../stand-ins/anthropic.ts';
import { type Answer, calls, overloaded, rateLimited, says } from '../stand-ins/anthropic-answer.ts';
import { until } from '../until';
import { type BenchOptions, MODEL, modelBench, type ModelBench } from './model-bench';

const never = new AbortController().signal;
const benches: ModelBench[] = [];

afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

async function failing(answer: Answer, options: BenchOptions = {}): Promise<ModelBench> {
  const bench = await modelBench({ script: () => answer, ...options });
  benches.push(bench);
  return bench;
}

/** The failure of one call, checked for what must be in none: the key and the address. */
async function failureOf(bench: ModelBench): Promise<ModelFailure> {
  const failure: unknown = await bench.model.reply(bench.request(), never).then(
    () => new Error('there was an answer'),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ModelFailure);
  const { message, detail } = failure as ModelFailure;
  expect(inspect(failure, { depth: 12, showHidden: true })).not.toContain(STAND_IN_KEY);
  expect(`${message} ${detail}`).not.toContain(bench.service.url);
  expect(`${message} ${detail}`).not.toContain('127.0.0.1');
  expect(message.length).toBeGreaterThan(60);
  return failure as ModelFailure;
}

function status(code: number, message?: string, headers?: Record<string, string>): Answer {
  return { fault: 'status', status: code, message, headers };
}

describe('a call without an answer', () => {
  it.each<[string, Answer, string]>([
    ['529', overloaded(), 'overloaded'],
    ['500', status(500), 'overloaded'],
    ['503 from a proxy', { fault: 'status', status: 503, body: '<html>down</html>' }, 'overloaded'],
    ['429', rateLimited(), 'rate_limited'],
    ['504', status(504), 'timeout'],
    ['401', status(401), 'configuration'],
    ['402', status(402), 'configuration'],
    ['403', status(403), 'configuration'],
    ['404', status(404, 'model: claude-typo'), 'configuration'],
    ['400', status(400, 'messages.0: something is wrong'), 'bad_request'],
    ['413', status(413), 'context_full'],
    ['400 for an unpaid account', status(400, 'Your credit balance is too low to access the API.'), 'configuration'],
    ['400 for a long prompt', status(400, 'prompt is too long: 210000 tokens > 200000 maximum'), 'context_full'],
    ['a connection that is reset', { fault: 'reset' }, 'connection'],
    ['a stream that is cut', { fault: 'cut', reply: says('a rather long answer, in pieces') }, 'connection'],
    ['a cut call', { fault: 'cut', reply: calls({ name: 'q', input: { query: 'up == 0' } }) }, 'connection'],
    ['a stream that ends early', { fault: 'ended_early', reply: says('half of it') }, 'connection'],
    ['an error in the stream', { fault: 'stream_error', reply: says('so far') }, 'overloaded'],
    [
      'a limit reached in the stream',
      { fault: 'stream_error', reply: says('so far'), errorType: 'rate_limit_error', message: 'slow down' },
      'rate_limited',
    ],
  ])('is classified by what happened: %s', async (_what, answer, kind) => {
    const bench = await failing(answer);
    expect((await failureOf(bench)).kind).toBe(kind);
    expect(bench.service.journal).toHaveLength(1);
  });

  it('keeps the words of the API and its request id for the record', async () => {
    const { detail } = await failureOf(await failing(status(400, 'messages.3: all is lost')));
    expect(detail).toMatch(/^400 invalid_request_error messages\.3: all is lost \(request req_\w+\)$/);
  });

  it.each<[number, string, string]>([
    [401, 'invalid x-api-key', 'claude-api-key'],
    [402, 'no credit', 'billing'],
    [403, 'not allowed', 'permissions'],
    [404, 'model: claude-typo', 'claude-model'],
    [400, 'messages.1: `thinking` blocks are bound to a different conversation', 'takes this conversation for another'],
  ])('says what a person can do about a %s', async (code, words, hint) => {
    expect((await failureOf(await failing(status(code, words)))).message).toContain(hint);
  });

  it('keeps no key, no address and at most 1,000 characters of them', async () => {
    const key = 'key-of-a-gateway';
    const words = `bad key ${key} or sk-ant-other-1 at http://10.0.0.7:8443/v1 (10.0.0.7:8443) ${'x'.repeat(5_000)}`;
    const bench = await failing(status(400, words), { apiKey: key, apiKeys: [key] });
    const failure = await failureOf(bench);
    expect(inspect(failure, { depth: 12, showHidden: true })).not.toContain(key);
    expect(failure.detail).toHaveLength(1_000);
    expect(failure.detail).toMatch(/bad key \[key\] or \[key\] at \[url\] \(\[address\]\)/);
  });

  it('says how long the API wants to be left alone, in whichever form it does', async () => {
    const at = async (headers: Record<string, string>): Promise<number | undefined> =>
      (await failureOf(await failing(status(429, 'slow', headers)))).retryAfterMs;
    expect(await at({ 'retry-after': '7' })).toBe(7_000);
    expect(await at({ 'retry-after-ms': '1500' })).toBe(1_500);
    expect(await at({ 'retry-after': 'Tue, 24 Nov 2026 03:02:00 GMT' })).toBe(120_000);
    expect(await at({ 'retry-after': 'Tue, 24 Nov 2026 02:00:00 GMT' })).toBe(0);
    expect(await at({ 'retry-after': 'soon' })).toBeUndefined();
    expect(await at({})).toBeUndefined();
  });

  it.each<[string, Answer]>([
    ['before the first byte', { fault: 'hang' }],
    ['in the middle of the answer', { fault: 'stall', reply: says('a rather long answer') }],
  ])('ends as a time-out when nothing more comes %s', async (_when, answer) => {
    const failure = await failureOf(await failing(answer, { timeoutMs: 150 }));
    expect(failure.kind).toBe('timeout');
    expect(failure.detail).toBe('no whole answer within 0.15 s');
  });

  it('tells a wrong key from a missing answer', async () => {
    const bench = await failing(says('fine'), { apiKey: 'sk-ant-wrong' });
    const failure = await failureOf(bench);
    expect(failure.kind).toBe('configuration');
    expect(bench.service.journal[0]?.key).toBe('wrong');
  });

  it('does not send a key that cannot stand in a header, and does not repeat it', async () => {
    const bench = await failing(says('fine'), { apiKey: `sk-ant-secret\n` });
    const failure = await failureOf(bench);
    expect(failure.kind).toBe('configuration');
    expect(inspect(failure)).not.toContain('sk-ant-secret');
    expect(bench.service.journal).toHaveLength(0);
  });

  it('says so when nobody listens at the address', async () => {
    const bench = await failing(says('fine'));
    await bench.service.stop();
    const failure = await failureOf(bench);
    expect(failure).toMatchObject({ kind: 'connection', detail: 'ECONNREFUSED' });
  });

  it.each<[string, string, RegExp]>([
    ['ENOTFOUND', 'connection', /cannot be resolved. Check DNS/],
    ['EAI_AGAIN', 'connection', /cannot be resolved. Check DNS/],
    ['CERT_HAS_EXPIRED', 'configuration', /certificate .* not accepted: it has expired/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'configuration', /authority that is not trusted here. Check .* ca-file/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'configuration', /authority that is not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'configuration', /is for another name/],
    ['ECONNRESET', 'connection', /fails or is cut/],
  ])('tells a name that is not known from a certificate that is not accepted: %s (F72)', (code, kind, says) => {
    const cause = Object.assign(new Error(`of api.example at 10.0.0.1`), { code });
    const failure = classifyFailure(new TypeError('fetch failed', { cause }), { apiKey: 'k', now: new Date() });
    expect(failure).toMatchObject({ kind, detail: code });
    expect(failure.message).toMatch(says);
    expect(failure.message).not.toContain('example');
  });

  it('refuses a malformed conversation once, as the service does', async () => {
    const bench = await failing(says('fine'));
    const request = bench.request('{"role":"assistant","content":[{"type":"text","text":"prefill"}]}');
    await expect(bench.model.reply(request, never)).rejects.toMatchObject({
      kind: 'bad_request',
      detail: expect.stringContaining('does not support assistant message prefill') as string,
    });
  });
});

describe('a page instead of the API', () => {
  let server: Server;
  afterEach(() => server.close());

  it('is a matter of configuration, not an answer', async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' }).end('<html>welcome</html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bench = await failing(says('fine'));
    const model = new AnthropicModel({ apiKey: STAND_IN_KEY, model: MODEL, baseUrl, timeoutMs: 5_000 }, bench.clock);
    await expect(model.reply(bench.request(), never)).rejects.toMatchObject({
      kind: 'configuration',
      detail: expect.stringContaining('text/html') as string,
    });
  });
});

describe('a call that the caller aborts', () => {
  const reason = new Error('the lease is lost');

  it.each<[string, Answer]>([
    ['before the first byte', { fault: 'hang' }],
    ['in the middle of the answer', { fault: 'stall', reply: says('a rather long answer') }],
  ])('ends with the reason of the caller, %s, and hangs up', async (_when, answer) => {
    const bench = await failing(answer);
    const caller = new AbortController();
    const call = bench.model.reply(bench.request(), caller.signal);
    const ended = expect(call).rejects.toBe(reason);
    await until('the service is asked', () => bench.service.journal.length === 1);
    caller.abort(reason);
    await ended;
    await until('the call is cut', () => bench.service.journal[0]?.answered === 'client closed');
  });

  it('is not sent at all when it is aborted already', async () => {
    const bench = await failing(says('fine'));
    await expect(bench.model.reply(bench.request(), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(bench.service.journal).toHaveLength(0);
  });
});
