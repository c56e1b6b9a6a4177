import type { Conversation, ToolCallRecord, ToolUseBlock } from '../../domain/conversation';
import type { Clock } from '../../domain/clock';
import type { Toolbox } from '../../tools/toolbox';
import type { ConversationLog } from '../ports/conversation-log';
import type { Attempt } from './attempt';
import { CallRunner } from './call-runner';

const use = (handle: string): ToolUseBlock => ({
  type: 'tool_use',
  handle,
  vendorId: handle,
  name: 'query_logs',
  input: { query: 'x' },
});

/** One call and its result, then the very same call. */
function repeatAfter(resultChars: number, usedChars: number): Promise<Conversation> {
  const records: ToolCallRecord[] = [resultChars, usedChars].map((chars, position) => ({
    turnSeq: 1,
    position,
    handle: `r${position + 1}`,
    vendorId: '',
    name: position === 0 ? 'query_logs' : 'other',
    input: { query: 'x' },
    status: 'ok',
    text: `[r${position + 1}] t\n`.padEnd(chars, 'x'),
    bytes: chars,
    durationMs: 1,
  }));
  const turns = [{ blocks: [] }, { blocks: [use('r1')] }, { blocks: [] }, { blocks: [use('r3')] }];
  const conversation = { id: 'C', turns, toolCalls: records } as unknown as Conversation;
  const clock = { monotonicMs: () => 0, now: () => new Date(0) } as unknown as Clock;
  const record = { recordToolCall: () => Promise.resolve(conversation) } as unknown as ConversationLog;
  const signal = new AbortController().signal;
  const attempt = { signal, startsAt: new Date(0), deadlineMs: 60_000, concludingMs: 0 } as unknown as Attempt;
  const runner = new CallRunner({} as Toolbox, record, clock);
  return runner.run(conversation, attempt, [{ turnSeq: 3, position: 0, call: use('r3') }]);
}

const lastText = ({ toolCalls }: Conversation): string => toolCalls.at(-1)!.text;

describe('A call that was made before', () => {
  it('is answered with its result from the record', async () => {
    expect(lastText(await repeatAfter(5_000, 1_000))).toMatch(/^This very call was made before .*:\n\[r1\] t\nx+$/);
  });

  it('is answered with the place of its result where the conversation has no room for it once more', async () => {
    expect(lastText(await repeatAfter(5_000, 58_000))).toBe(
      'This very call was made before and not again now; a third time it is not answered. Its result stands above, under r1.',
    );
  });
});
