import { BrokenStream, EMPTY_TURN, MessageStream, type StreamedMessage } from './message-stream';

const START = `{"type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":7,"cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":1}}}`;
const STOP = '{"type":"message_stop"}';

function delta(stopReason: string): string {
  return `{"type":"message_delta","delta":{"stop_reason":"${stopReason}"},"usage":{"output_tokens":42,"input_tokens":null}}`;
}

function start(block: string, index = 0): string {
  return `{"type":"content_block_start","index":${index},"content_block":${block}}`;
}

function piece(piece: Record<string, unknown>, index = 0): string {
  return JSON.stringify({ type: 'content_block_delta', index, delta: piece });
}

function folded(events: readonly string[]): StreamedMessage {
  const stream = new MessageStream();
  for (const data of events) stream.take({ event: null, data });
  return stream.finish();
}

function message(...events: string[]): StreamedMessage {
  return folded([START, ...events, delta('end_turn'), STOP]);
}

function withInput(...pieces: string[]): StreamedMessage {
  const call = start('{"type":"tool_use","id":"toolu_1","name":"q","input":{},"caller":{"type":"direct"}}');
  return message(call, ...pieces.map((partial_json) => piece({ type: 'input_json_delta', partial_json })));
}

describe('a streamed message', () => {
  it('puts the pieces of a text together', () => {
    const { wire, blocks } = message(
      start('{"type":"text","text":""}'),
      piece({ type: 'text_delta', text: 'The cause ' }),
      piece({ type: 'text_delta', text: 'is "x".' }),
    );
    expect(wire).toBe('{"role":"assistant","content":[{"type":"text","text":"The cause is \\"x\\"."}]}');
    expect(blocks).toEqual([{ type: 'text', text: 'The cause is "x".' }]);
  });

  it('keeps the order of its blocks, whichever order they arrive in', () => {
    const { wire } = message(start('{"type":"text","text":"two"}', 1), start('{"type":"text","text":"one"}', 0));
    expect(wire.indexOf('one')).toBeLessThan(wire.indexOf('two'));
  });

  it('keeps thinking with its signature, also when the text of it is empty', () => {
    const { wire, blocks } = message(
      start('{"type":"thinking","thinking":"","signature":""}'),
      piece({ type: 'signature_delta', signature: 'c2ln' }),
    );
    expect(wire).toContain('{"type":"thinking","thinking":"","signature":"c2ln"}');
    expect(blocks).toEqual([{ type: 'thinking', text: '' }]);
  });

  it('keeps the raw text of a tool input: numbers and key order stay as the model wrote them', () => {
    const { wire, blocks } = withInput('', '{"b":1.', '0,"10":1', ',"2":1e2}');
    expect(wire).toContain('"input":{"b":1.0,"10":1,"2":1e2},"caller":{"type":"direct"}');
    expect(blocks).toEqual([{ type: 'tool_use', vendorId: 'toolu_1', name: 'q', input: { b: 1, '10': 1, '2': 100 } }]);
  });

  it('takes a call without any input piece as a call with an empty object', () => {
    expect(withInput().blocks).toEqual([expect.objectContaining({ input: {} })]);
    expect(withInput('').wire).toContain('"input":{}');
  });

  it.each([
    ['cut JSON', '{"query":"up', '{"query":"up'],
    ['a list', '[1,2]', [1, 2]],
    ['a text', '"up"', 'up'],
    ['null', 'null', null],
  ])('sends an empty object back for %s, which the API would refuse, and shows what came', (_what, json, shown) => {
    const { wire, blocks } = withInput(json);
    expect(wire).toContain('"input":{}');
    expect(blocks).toEqual([expect.objectContaining({ input: shown })]);
  });

  it('keeps a block of an unknown kind word for word and shows nothing of it (GV-21)', () => {
    const strange = '{"type":"telepathy","z":1.0,"9":[1e3, {"a":"\\u00e9"}],"1":null}';
    const { wire, blocks } = message(start(strange), start('{"type":"redacted_thinking","data":"xyz="}', 1));
    expect(wire).toBe(`{"role":"assistant","content":[${strange},{"type":"redacted_thinking","data":"xyz="}]}`);
    expect(blocks).toEqual([]);
  });

  it('gives a call whose id was given before an id of its own, in the wire too, and marks it within one answer (F32)', () => {
    const call = (id: string, index: number): string =>
      start(`{"type":"tool_use","id":"${id}","name":"q","input":{}}`, index);
    const stream = new MessageStream();
    for (const data of [START, call('a', 0), call('a', 1), call('b', 2), call('', 3), delta('tool_use'), STOP]) {
      stream.take({ event: null, data });
    }
    const { wire, blocks } = stream.finish(new Set(['a_2', 'b']));
    expect(blocks.map((block) => block.type === 'tool_use' && [block.vendorId, block.repeatsId])).toEqual([
      ['a', undefined],
      ['a_3', true],
      ['b_2', undefined],
      ['call', undefined],
    ]);
    expect([...wire.matchAll(/"id":"(\w+)"/g)].map(([, id]) => id)).toEqual(['a', 'a_3', 'b_2', 'call']);
  });

  it('shows a thought that was cut off before its signature, and does not send it back: the API would refuse it', () => {
    const { wire, blocks } = message(
      start('{"type":"thinking","thinking":"","signature":""}'),
      piece({ type: 'thinking_delta', thinking: 'perhaps' }),
    );
    expect(wire).toBe(EMPTY_TURN);
    expect(blocks).toEqual([{ type: 'thinking', text: 'perhaps' }]);
  });

  it.each([
    ['{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber"}}', 'cyber'],
    ['{"stop_reason":"refusal","stop_details":{"category":"<!channel> **ring**"}}', undefined],
    ['{"stop_reason":"refusal","stop_details":null}', undefined],
    ['{"stop_reason":"new_one"}', 'new_one'],
    ['{"stop_reason":"end_turn"}', undefined],
  ])('keeps the word that tells more about the stop, if it is one: %s', (given, word) => {
    expect(folded([START, `{"type":"message_delta","delta":${given}}`, STOP]).stopDetail).toBe(word);
  });

  it('leaves out a text without a visible character, which the API gives but does not take', () => {
    const { wire, blocks } = message(start('{"type":"text","text":""}'), piece({ type: 'text_delta', text: '\n\n' }));
    expect(wire).toBe(EMPTY_TURN);
    expect(blocks).toEqual([]);
  });

  it('shows text that Postgres can keep: no NUL and no lone surrogate, also in a tool input and its names', () => {
    const said = message(start('{"type":"text","text":"a\\u0000b\\ud800c"}'));
    expect(said.blocks).toEqual([{ type: 'text', text: 'a\ufffdb\ufffdc' }]);
    expect(said.wire.includes('\u0000')).toBe(false);
    const [call] = withInput('{"a\\u0000":["\\ud800"]}').blocks;
    expect(call).toEqual(expect.objectContaining({ input: { 'a\ufffd': ['\ufffd'] } }));
  });

  it('survives an input named __proto__', () => {
    const [call] = withInput('{"__proto__":{"polluted":1}}').blocks;
    expect(JSON.stringify(call)).toContain('"__proto__":{"polluted":1}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('counts the tokens of both ends; a null leaves the earlier count', () => {
    expect(message().usage).toEqual({
      inputTokens: 7,
      outputTokens: 42,
      cacheReadTokens: 300,
      cacheWriteTokens: 20,
    });
  });

  it.each([
    ['end_turn', 'end_turn'],
    ['tool_use', 'tool_use'],
    ['max_tokens', 'max_tokens'],
    ['pause_turn', 'pause_turn'],
    ['refusal', 'refusal'],
    ['stop_sequence', 'stop_sequence'],
    ['model_context_window_exceeded', 'context_full'],
    ['a_reason_of_next_year', 'unknown'],
    ['toString', 'unknown'],
  ])('has one word for the stop reason %s: %s', (theirs, ours) => {
    expect(folded([START, delta(theirs), STOP]).stopReason).toBe(ours);
  });

  it('skips events and deltas of kinds it does not know', () => {
    const { blocks } = message(
      '{"type":"fanfare"}',
      start('{"type":"text","text":"so"}'),
      piece({ type: 'sparkle_delta', glitter: 1 }),
    );
    expect(blocks).toEqual([{ type: 'text', text: 'so' }]);
  });

  it.each([
    ['nothing came', []],
    ['the end is missing', [START, delta('end_turn')]],
    ['the reason for the end is missing', [START, STOP]],
    ['an event is no JSON', [START, '{"type":']],
    ['a block goes on that never began', [START, piece({ type: 'text_delta', text: 'x' }), delta('end_turn'), STOP]],
    ['a block is announced without content', [START, '{"type":"content_block_start","index":0}']],
  ])('is no message when %s', (_what, events) => {
    expect(() => folded(events)).toThrow(BrokenStream);
  });
});
