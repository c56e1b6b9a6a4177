import { type AnthropicOptions, type AnthropicStandIn, STAND_IN_KEY, startAnthropic } from './anthropic.ts';
import { calls, overloaded, says, signatureOf } from './anthropic-answer.ts';
import { openingText, toolResults } from './anthropic-request.ts';
import { steps } from './anthropic-steps.ts';

let service: AnthropicStandIn;

afterEach(async () => {
  await service.stop();
});

async function start(options: Partial<AnthropicOptions> = {}): Promise<void> {
  service = await startAnthropic({ script: () => says('fine'), ...options });
}

const HEADERS = { 'x-api-key': STAND_IN_KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
const OPENING = { role: 'user', content: 'The shop is slow.' };
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'q', input: {} };
const RESULT = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'up 1' };
const TOOL = { name: 'q', input_schema: { type: 'object' } };

function post(body: unknown, headers: Record<string, string> = HEADERS): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${service.url}/v1/messages`, { method: 'POST', headers, body: text });
}

function ask(messages: readonly unknown[], more: Record<string, unknown> = {}): Promise<Response> {
  return post({ model: 'claude-x', max_tokens: 100, messages, ...more });
}

async function errorOf(response: Response): Promise<string> {
  const body = (await response.json()) as {
    type: string;
    error: { type: string; message: string };
    request_id: string;
  };
  expect(body.type).toBe('error');
  expect(body.request_id).toMatch(/^req_/);
  expect(response.headers.get('request-id')).toBe(body.request_id);
  return `${response.status} ${body.error.type} ${body.error.message}`;
}

interface Usage {
  input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

async function usageOf(response: Response): Promise<Usage> {
  return ((await response.json()) as { usage: Usage }).usage;
}

describe('the Anthropic stand-in refuses a conversation that the service refuses', () => {
  it.each<[string, readonly unknown[], string]>([
    ['none', [], 'at least one message'],
    ['one that the model begins', [{ role: 'assistant', content: 'Hi' }, OPENING], 'first message must use the "user"'],
    ['one that ends with the model', [OPENING, { role: 'assistant', content: 'The' }], 'assistant message prefill'],
    ['an unknown role', [OPENING, { role: 'tool', content: 'x' }], "Input should be 'user' or 'assistant'"],
    ['a message without content', [OPENING, { role: 'user', content: [] }], 'must have non-empty content'],
    ['a message of empty text', [{ role: 'user', content: '' }], 'must have non-empty content'],
    ['an empty text block', [{ role: 'user', content: [{ type: 'text', text: '' }] }], 'must be non-empty'],
    ['a blank text block', [{ role: 'user', content: [{ type: 'text', text: ' \n' }] }], 'non-whitespace text'],
    ['an unknown kind of block', [{ role: 'user', content: [{ type: 'telepathy' }] }], "Input tag 'telepathy'"],
    ['a call without its result', [OPENING, { role: 'assistant', content: [CALL] }, OPENING], 'without `tool_result`'],
    [
      'a result behind other content',
      [
        OPENING,
        { role: 'assistant', content: [CALL] },
        { role: 'user', content: [{ type: 'text', text: 'so' }, RESULT] },
      ],
      'without `tool_result`',
    ],
    ['a result without its call', [OPENING, { role: 'user', content: [RESULT] }], 'unexpected `tool_use_id`'],
    [
      'two results for one call',
      [OPENING, { role: 'assistant', content: [CALL] }, { role: 'user', content: [RESULT, RESULT] }],
      'each tool_use must have a single result',
    ],
    [
      'two calls with one id',
      [OPENING, { role: 'assistant', content: [CALL, CALL] }, { role: 'user', content: [RESULT] }],
      'ids must be unique',
    ],
    [
      'a call whose input is no object',
      [OPENING, { role: 'assistant', content: [{ ...CALL, input: 'up' }] }, { role: 'user', content: [RESULT] }],
      'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    ],
    [
      'thinking that was changed',
      [
        OPENING,
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'other', signature: signatureOf('one') }] },
        OPENING,
      ],
      'Invalid `signature`',
    ],
  ])('%s', async (_what, messages, words) => {
    await start();
    expect(await errorOf(await ask(messages))).toContain(words);
    expect(service.journal[0]?.answered).toBe('400 invalid_request_error');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['temperature', { temperature: 0 }, '`temperature` is deprecated'],
    ['top_p', { top_p: 1 }, '`top_p` is deprecated'],
    ['top_k', { top_k: 1 }, '`top_k` is deprecated'],
    ['a thinking budget', { thinking: { type: 'enabled', budget_tokens: 2_000 } }, 'thinking.type.adaptive'],
    ['a forced tool', { tools: [TOOL], tool_choice: { type: 'tool', name: 'q' } }, 'forced tool use'],
    ['any tool', { tools: [TOOL], tool_choice: { type: 'any' } }, 'forced tool use'],
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['no model', { model: undefined }, 'model: Field required'],
    ['an unknown member', { wishes: 3 }, 'wishes: Extra inputs are not permitted'],
    ['two tools of one name', { tools: [TOOL, TOOL] }, 'Tool names must be unique'],
    ['a tool name with a space', { tools: [{ ...TOOL, name: 'a b' }] }, 'should match pattern'],
    ['a tool without a schema', { tools: [{ name: 'q' }] }, 'input_schema: Field required'],
    [
      'a strict tool that lets in anything',
      { tools: [{ ...TOOL, strict: true }] },
      "'additionalProperties' must be explicitly set to false",
    ],
    [
      'a strict tool with a limit on a text',
      {
        tools: [
          {
            name: 'q',
            strict: true,
            input_schema: {
              type: 'object',
              additionalProperties: false,
              properties: { a: { type: 'string', maxLength: 3 } },
            },
          },
        ],
      },
      "property 'maxLength' is not supported",
    ],
    [
      'five cache marks',
      {
        cache_control: { type: 'ephemeral' },
        system: Array.from({ length: 4 }, () => ({ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } })),
      },
      'maximum of 4 blocks',
    ],
  ])('a request with %s', async (_what, more, words) => {
    await start();
    expect(await errorOf(await ask([OPENING], more))).toContain(words);
  });

  it('a body that is no JSON, another version, no key, a wrong key, another path', async () => {
    await start();
    expect(await errorOf(await post('{"model":'))).toContain(
      '400 invalid_request_error The request body is not valid JSON',
    );
    const { 'x-api-key': _key, ...keyless } = HEADERS;
    expect(await errorOf(await post({}, keyless))).toBe('401 authentication_error x-api-key header is required');
    expect(await errorOf(await post({}, { ...HEADERS, 'x-api-key': 'no' }))).toContain(
      '401 authentication_error invalid',
    );
    expect(await errorOf(await post({}, { ...HEADERS, 'anthropic-version': '1' }))).toContain(
      '"1" is not a valid version',
    );
    expect(await errorOf(await fetch(`${service.url}/v2`, { method: 'POST', headers: HEADERS }))).toContain(
      '404 not_found',
    );
    expect(service.journal.map((entry) => entry.key)).toEqual([0, 'missing', 'wrong', 0, 0]);
    expect(JSON.stringify(service.journal)).not.toContain(STAND_IN_KEY);
  });

  it('a prompt that is too long, where a limit is set', async () => {
    await start({ contextWindowTokens: 50 });
    expect(await errorOf(await ask([{ role: 'user', content: 'x'.repeat(400) }]))).toMatch(
      /prompt is too long: \d+ tokens > 50/,
    );
  });
});

describe('the Anthropic stand-in takes', () => {
  it('two messages of one role in a row as one', async () => {
    await start();
    const messages = [
      OPENING,
      OPENING,
      { role: 'assistant', content: [CALL] },
      { role: 'user', content: [RESULT] },
      OPENING,
    ];
    expect((await ask(messages)).status).toBe(200);
  });

  it('a last message of the model only when it paused there', async () => {
    await start({ script: () => says('working', { stopReason: 'pause_turn' }) });
    const { content } = (await (await ask([OPENING])).json()) as { content: unknown };
    expect((await ask([OPENING, { role: 'assistant', content }])).status).toBe(200);
    expect((await ask([OPENING, { role: 'assistant', content: 'another' }])).status).toBe(400);
  });

  it('the key as a bearer token too', async () => {
    await start();
    const { 'x-api-key': key, ...rest } = HEADERS;
    const response = await post(
      { model: 'm', max_tokens: 1, messages: [OPENING] },
      { ...rest, authorization: `Bearer ${key}` },
    );
    expect(response.status).toBe(200);
  });
});

describe('the Anthropic stand-in answers', () => {
  it('in one piece where no stream is asked for, the raw input in it as it was given', async () => {
    await start({ script: () => calls({ name: 'q', input: '{"b":1.0,"10":1}', id: 'toolu_9' }) });
    const text = await (await ask([OPENING])).text();
    expect(text).toContain('"id":"toolu_9","name":"q","input":{"b":1.0,"10":1}');
    expect(JSON.parse(text)).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'tool_use' });
  });

  it('as a stream of the events of the service, every block in several pieces', async () => {
    const content = [
      { type: 'thinking', thinking: 'is it the deploy?' },
      { type: 'text', text: 'Look at the deploy.' },
      { type: 'tool_use', name: 'q', input: '{"b":1.0,"10":1}' },
    ] as const;
    await start({ script: () => ({ content }) });
    const response = await ask([OPENING], { stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text())
      .split('\n\n')
      .filter((event) => event !== '')
      .map((event) => JSON.parse(event.split('data: ')[1] ?? '') as { type: string; delta?: Record<string, string> });
    const types = events.map((event) => event.delta?.type ?? event.type);
    expect(types.filter((type, i) => type !== types[i - 1])).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'content_block_start',
      'text_delta',
      'content_block_stop',
      'content_block_start',
      'input_json_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const json = events.map((event) => event.delta?.partial_json ?? '');
    expect(json.join('')).toBe('{"b":1.0,"10":1}');
    expect(json.filter((piece) => piece !== '').length).toBeGreaterThan(1);
  });

  it('with the status that the script wants, once', async () => {
    await start({ script: steps([overloaded({ 'retry-after': '3' }), says('now')]) });
    const refused = await ask([OPENING]);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect(await errorOf(refused)).toBe('529 overloaded_error Overloaded');
    expect((await ask([OPENING])).status).toBe(200);
    service.assertFinished();
  });
});

describe('the Anthropic stand-in bills', () => {
  const MARK = { cache_control: { type: 'ephemeral' } };
  const system = [{ type: 'text', text: 's'.repeat(400), ...MARK }];

  it('what was sent before as read, the rest up to the last mark as written', async () => {
    await start({ script: steps([calls({ name: 'q', input: {}, id: 'toolu_1' }), says('done')]) });
    const first = await usageOf(await ask([OPENING], { system, ...MARK }));
    expect(first).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 0 });
    const messages = [OPENING, { role: 'assistant', content: [CALL] }, { role: 'user', content: [RESULT] }];
    const second = await usageOf(await ask(messages, { system, ...MARK }));
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
    expect(second.cache_creation_input_tokens).toBeGreaterThan(0);
  });

  it('the system prompt as read in another conversation, but not under another key', async () => {
    await start({ apiKeys: [STAND_IN_KEY, 'other'] });
    const first = await usageOf(await ask([OPENING], { system }));
    const second = await usageOf(await ask([{ role: 'user', content: 'Another alert.' }], { system }));
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
    const body = { model: 'claude-x', max_tokens: 100, messages: [OPENING], system };
    const third = await usageOf(await post(body, { ...HEADERS, 'x-api-key': 'other' }));
    expect(third.cache_read_input_tokens).toBe(0);
  });

  it('everything as input where nothing is marked', async () => {
    await start();
    const usage = await usageOf(await ask([OPENING]));
    expect(usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 0 });
    expect(usage.input_tokens).toBeGreaterThan(0);
  });
});

describe('the Anthropic stand-in notices', () => {
  const [assistant, results] = [
    { role: 'assistant', content: [CALL] },
    { role: 'user', content: [RESULT] },
  ];

  it.each<[string, readonly unknown[], Record<string, unknown>]>([
    ['messages.2', [OPENING, assistant, { role: 'user', content: [{ ...RESULT, content: 'up 0' }] }], {}],
    ['system', [OPENING, assistant, results], { system: 'be brief' }],
    ['tools', [OPENING, assistant, results], { tools: [TOOL] }],
  ])('that the earlier part of a conversation changed: %s', async (what, messages, more) => {
    await start({ refuseChangedPrefix: true });
    await ask([OPENING, assistant, results]);
    expect(await errorOf(await ask(messages, more))).toContain('bound to a different conversation');
    expect(() => service.assertFinished()).toThrow(`prefix changed: ${what}`);
  });

  it('no change where an earlier request is sent again after a crash', async () => {
    await start();
    for (const messages of [
      [OPENING],
      [OPENING, assistant, results],
      [OPENING],
      [OPENING, assistant, results, OPENING],
    ]) {
      await ask(messages);
    }
    service.assertFinished();
  });

  it('a step too many and a step too few', async () => {
    await start({ script: steps([says('one')]) });
    expect(() => service.assertFinished()).toThrow('1 step(s) left over');
    await ask([OPENING]);
    service.assertFinished();
    expect(await errorOf(await ask([OPENING]))).toContain('unexpected step: the script has 1, this is request 2');
    expect(() => service.assertFinished()).toThrow('unexpected step');
  });
});

describe('a script', () => {
  it('reads the opening and the tool results, and may be replaced on the way', async () => {
    const seen: unknown[] = [];
    await start({ script: (request, n) => says(`${n}: ${openingText(request)}`) });
    const { content } = (await (await ask([OPENING])).json()) as { content: { text: string }[] };
    expect(content[0]?.text).toBe('0: The shop is slow.');
    service.play((request) => {
      seen.push(...toolResults(request));
      return says('done');
    });
    const call = { ...CALL, input: { query: 'up' } };
    const result = { ...RESULT, content: [{ type: 'text', text: 'up 1' }], is_error: true };
    await ask([OPENING, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }]);
    expect(seen).toEqual([{ name: 'q', input: { query: 'up' }, text: 'up 1', isError: true }]);
  });
});
