import { admission } from '../../src/alerts/admission';
import type { Conversation } from '../../src/domain/conversation';
import { outsideText } from '../../src/domain/outside-text';
import { sentTexts } from '../../src/domain/sent-texts';
import { PostgresFullResults } from '../../src/persistence/postgres-full-results';
import { readResultTool } from '../../src/tools/read-result/read-result.tool';
import type { ToolOutcome } from '../../src/tools/tool';
import type { Lease } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from '../db/adapters';
import { openConversation } from '../db/recorded';
import { ASKER, insideOf, toolbox } from './tool-bench';

const QUERY = '{service="payments"} |= "x"';
const HEAD = `query: ${QUERY}\nrange: 2026-11-23T18:30:00Z to 2026-11-23T19:30:00Z\nresult: lines, 5000 found, oldest first`;
const lineOf = (i: number, text = 'ok'): string =>
  `2026-11-23T19:00:00.${String(i % 1000).padStart(3, '0')}Z {pod="p-${i}"} ${text} ${i}`;

describe('read_result', () => {
  let db: Adapters;
  let conversation: Conversation;
  let lease: Lease;
  let position = 0;
  beforeEach(async () => {
    db = await freshAdapters();
    ({ conversation, lease } = await aConversation());
    position = 0;
  });
  afterEach(() => db.close());

  async function aConversation(): Promise<{ conversation: Conversation; lease: Lease }> {
    await db.intake.admit({ alerts: [anAlert()], quarantined: [], cooldownMs: 0 }, admission);
    const claimed = (await db.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [] }))!;
    return { lease: claimed.lease, conversation: await openConversation(db, claimed.lease) };
  }

  interface Earlier {
    readonly name?: string;
    readonly input?: unknown;
    readonly text: string;
    readonly full?: string;
    readonly handle?: string;
    readonly fenceHandle?: string;
  }
  /** Records a result as the engine does it: r1, r2 … */
  async function record({
    name = 'query_logs',
    input = { query: QUERY },
    text,
    full,
    ...handles
  }: Earlier): Promise<void> {
    const handle = handles.handle ?? `r${position + 1}`;
    const sent = outsideText({ handle: handles.fenceHandle ?? handle, source: name, text, boundary: `B${position}` });
    const call = {
      turnSeq: 1,
      position,
      handle,
      vendorId: `v${position}`,
      name,
      input,
      status: 'ok' as const,
      durationMs: 1,
    };
    position += 1;
    const bytes = Buffer.byteLength(full ?? text);
    conversation = await db.log.recordToolCall(lease, conversation, { ...call, text: sent, bytes }, full);
  }

  const ask = (input: object, roomChars = 64_000): Promise<ToolOutcome> =>
    toolbox([readResultTool(new PostgresFullResults(db.database))]).run(
      { name: 'read_result', input, handle: 'r9' },
      { ...ASKER, conversationId: conversation.id, roomChars },
      new AbortController().signal,
    );
  const linesOf = async (input: object): Promise<string[]> => insideOf((await ask(input)).text).split('\n');
  const LINES = Array.from({ length: 5_000 }, (_, i) =>
    lineOf(i + 1, i === 1_233 ? 'Dial tcp: Connection (refused)' : 'ok'),
  );

  it('gives the lines from a place on, and says which they are and where to go on', async () => {
    await record({ text: `${HEAD}\n${LINES[0]}`, full: LINES.join('\n') });
    const lines = await linesOf({ handle: 'r1', line: 120, limit: 61 });
    expect(lines.slice(0, 4)).toEqual([
      'r1 (query_logs): lines 120 to 180 of 5,000 lines; go on with line 181',
      `query: ${QUERY}`,
      'range: 2026-11-23T18:30:00Z to 2026-11-23T19:30:00Z',
      'result: lines, 5000 found, oldest first; here a part of it, the other lines are left out',
    ]);
    expect(lines.slice(4)).toEqual(LINES.slice(119, 180));
    const last = await linesOf({ handle: ' [r1] ', line: 4_999 });
    expect(last[0]).toBe('r1 (query_logs): lines 4999 to 5000 of 5,000 lines');
    expect(await linesOf({ handle: 'r1', line: 5_001 })).toEqual([
      'r1 (query_logs): it has 5,000 lines: there is no line 5001',
    ]);
  });

  it('finds the one line of five thousand that holds a plain text, whatever its case and its characters', async () => {
    await record({ text: `${HEAD}\n${LINES[0]}`, full: LINES.join('\n') });
    const lines = await linesOf({ handle: 'r1', query: 'connection (REFUSED)' });
    expect(lines[0]).toBe('r1 (query_logs): 1 of its 5,000 lines holds "connection (REFUSED)"; here lines 1234');
    expect(lines.slice(4)).toEqual([LINES[1_233]]);
    for (const query of ['.*', '[', '(?:a+)+$', '\\d']) {
      expect(await ask({ handle: 'r1', query })).toMatchObject({ status: 'no_data' });
    }
    const many = await linesOf({ handle: 'r1', query: 'p-10', line: 100, limit: 3 });
    expect(many[0]).toMatch(
      /^r1 \(query_logs\): \d+ of its 5,000 lines hold "p-10"; here lines 100 to 102; go on with line 103$/,
    );
  });

  it('cuts a long line around what was searched for and leaves its beginning', async () => {
    const long = `2026-11-23T19:00:00.000Z {pod="p-1"} ${'stack frame 12345 '.repeat(2_000)}NEEDLE at=987654 ${'more 54321 '.repeat(2_000)}`;
    await record({ text: HEAD, full: `${long}\n${lineOf(2)}` });
    const text = insideOf((await ask({ handle: 'r1', query: 'needle', limit: 1 })).text);
    const shown = text.split('\n').at(-1)!;
    expect(shown).toMatch(
      /^2026-11-23T19:00:00\.000Z \{pod="p-1"\} stack frame .* … .*NEEDLE at=987654 .*… \(of 58,\d+ characters\)$/,
    );
    expect(text.length).toBeLessThanOrEqual(8_000);
    for (const [number] of shown.matchAll(/(?<![\d,:.])\d{2,6}(?![\d,:.]|.*characters\)$)/g)) {
      expect(['2026', '11', '23', '12345', '54321', '987654']).toContain(number);
    }
  });

  it('shows with a line that is indented the line that it stands under', async () => {
    const full = ['- deploy, a', '    | -x', '- deploy, b', '    | +timeoutMs: 50', '    | +y', '    | +timeout'].join(
      '\n',
    );
    await record({ name: 'list_changes', input: {}, text: 'query: every change\nresult: changes, 2 found', full });
    expect((await linesOf({ handle: 'r1', query: 'timeout' })).slice(1)).toEqual([
      'query: every change',
      'result: changes, 2 found; here a part of it, the other lines are left out',
      '- deploy, b',
      '    | +timeoutMs: 50',
      '    | +timeout',
    ]);
  });

  it('reads the text that was sent where nothing was left out of it, with what its lines share', async () => {
    await record({ text: `${HEAD}\ncommon labels: {service="payments"}\n${LINES.slice(0, 3).join('\n')}` });
    expect(await linesOf({ handle: 'r1', query: 'p-2' })).toEqual([
      'r1 (query_logs): 1 of its 3 lines holds "p-2"; here lines 2',
      ...HEAD.split('\n').slice(0, 2),
      'result: lines, 5000 found, oldest first; here a part of it, the other lines are left out',
      'common labels: {service="payments"}',
      LINES[1],
    ]);
  });

  it('says what there is to read when a handle has no result, and which section needs no reading', async () => {
    expect(insideOf((await ask({ handle: 'r1' })).text)).toBe('There is no result yet: "r1" names none.');
    await record({ text: 'a' });
    await record({ name: 'submit_report', handle: 's1', text: 'b' });
    await record({ text: 'r1 (query_logs): lines 1', name: 'read_result', input: { handle: 'r1' }, handle: 'r2' });
    expect(insideOf((await ask({ handle: 'r7' })).text)).toBe(
      '"r7" is no handle of a result of this investigation. These are: r1, r2.',
    );
    expect(insideOf((await ask({ handle: 's1' })).text)).toContain('is no handle');
    expect(insideOf((await ask({ handle: 'o3' })).text)).toBe(
      'o3 is a section of the opening message: it stands whole above.',
    );
    expect(insideOf((await ask({ handle: 'r2' })).text)).toContain('read that one, by the handle that r2 names');
  });

  it('reads nothing of another conversation', async () => {
    await record({ text: 'a', full: 'secret of the other' });
    ({ conversation, lease } = await aConversation());
    expect(await ask({ handle: 'r1' })).toMatchObject({ status: 'failed' });
  });

  it('follows a call that was answered from the record to the result that it repeats', async () => {
    await record({ text: HEAD, full: LINES.join('\n') });
    await record({ text: HEAD, fenceHandle: 'r1' });
    expect((await linesOf({ handle: 'r2', query: 'refused' }))[0]).toMatch(/^r1 \(query_logs\): 1 of its 5,000 lines/);
    const call = { turnSeq: 1, position, handle: 'r3', vendorId: 'v', name: 'query_logs', input: { query: QUERY } };
    const pointer = 'This very call was made before and not again now. Its result stands above, under r1.';
    const repeated = { ...call, status: 'ok' as const, text: pointer, bytes: 1, durationMs: 1 };
    conversation = await db.log.recordToolCall(lease, conversation, repeated);
    expect((await linesOf({ handle: 'r3', query: 'refused' }))[0]).toMatch(/^r1 /);
  });

  it('says that a result was too large to be kept whole: two mebibytes of it, up to the end of a line', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => lineOf(i + 1, 'é'.repeat(20)));
    await record({ text: HEAD, full: many.join('\n') });
    const [head, , , , lost] = await linesOf({ handle: 'r1', line: 1, limit: 1 });
    const kept = Number(/of ([\d,]+) lines; go on/.exec(head!)![1]!.replace(',', ''));
    expect(lost).toBe(
      `Only the first ${kept.toLocaleString('en-US')} lines of 40,000 lines are kept: the result was too large. What is not here may be in the rest: ask the tool for less.`,
    );
    const bytes = Buffer.byteLength(many.slice(0, kept).join('\n'));
    expect(bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(2 * 1024 * 1024 - 200);
    expect((await linesOf({ handle: 'r1', line: kept })).at(-1)).toBe(many[kept - 1]);
    expect(await db.sql('SELECT lines, bytes, octet_length(gzip) < 1000000 AS small FROM full_results')).toEqual([
      { lines: 40_000, bytes: Buffer.byteLength(many.join('\n')), small: true },
    ]);
    await record({ text: HEAD, full: '漢'.repeat(1_000_000) });
    expect((await linesOf({ handle: 'r2' })).at(-1)).toMatch(/^漢+… \(of 699,050 characters\)$/);
  });

  it('says that what was left out is not kept any more when it has expired', async () => {
    await record({ text: `${HEAD}\n${LINES[0]}`, full: LINES.join('\n') });
    await db.sql(`UPDATE full_results SET expires_at = expires_at - interval '7 days'`);
    const lines = await linesOf({ handle: 'r1' });
    expect(lines).toContain(
      'What was left out of this result is not kept any more: these are the lines that were sent.',
    );
    expect(lines.at(-1)).toBe(LINES[0]);
  });

  it('keeps its ceiling, and the room that is left, also for a result with an endless question', async () => {
    const query = `{service="payments"} |= "${'q'.repeat(7_000)}"`;
    const text = `query: ${query}\nrange: 2026-11-23T18:30:00Z to 2026-11-23T19:30:00Z\nresult: lines, ${'9'.repeat(2_000)}\ncommon labels: {a="${'b'.repeat(5_000)}"}\n${LINES[0]}`;
    await record({ input: { query }, text, full: LINES.map((line) => line.repeat(20)).join('\n') });
    await record({ input: { query }, text });
    for (const roomChars of [1_000, 2_000, 64_000]) {
      for (const input of [{ handle: 'r1' }, { handle: 'r1', query: 'ok', limit: 1_000 }, { handle: 'r2' }]) {
        const given = insideOf((await ask(input, roomChars)).text);
        expect(given.length).toBeLessThanOrEqual(Math.min(8_000, roomChars));
        expect(given.split('\n').at(-1)).toMatch(/^2026-11-23T19:00:00\.001Z|^2026-11-23T19:00:00\.\d+Z/);
      }
    }
  });

  it('is checked as the result that it is a part of', async () => {
    await record({ text: HEAD, full: LINES.join('\n') });
    const read = await ask({ handle: 'r1', query: 'refused' });
    const call = {
      turnSeq: 1,
      position: 1,
      handle: 'r9',
      vendorId: 'v',
      name: 'read_result',
      input: { handle: 'r1', query: 'refused' },
    };
    const { status, text, bytes, durationMs } = read;
    const sent = sentTexts({
      ...conversation,
      toolCalls: [...conversation.toolCalls, { ...call, status, text, bytes, durationMs }],
    });
    expect(sent.get('r9')).toEqual({
      handle: 'r9',
      source: 'query_logs',
      status: 'ok',
      input: { query: QUERY },
      text: `${HEAD}; here a part of it, the other lines are left out\n${LINES[1_233]}`,
    });
  });
});
