import { doubtfulTriage, toldConversation } from '../../../test/triage/checked-triage';
import type { Conversation, ToolCallRecord } from '../../domain/conversation';
import { triagePage } from './triage-page';

const viewers = { prometheusUrl: 'http://p:9090', grafanaUrl: 'https://grafana.example' };
const pageOf = (part: Parameters<typeof doubtfulTriage>[0] = {}): string => triagePage(doubtfulTriage(part), viewers);

describe('a conversation without measure', () => {
  const heavy = (text: string, count: number): string => {
    const calls = Array.from({ length: count }, (_, i): ToolCallRecord => {
      const handle = `r${i + 1}`;
      return {
        turnSeq: 1,
        position: i,
        handle,
        vendorId: handle,
        name: 'query_logs',
        input: { query: text.slice(0, 8_000) },
        status: 'ok',
        text: `[${handle}] query_logs\n<<<data Q\n${text}\nQ>>>`,
        bytes: 1,
        durationMs: 1,
      };
    });
    const [opening, answer] = toldConversation.turns;
    const uses = calls.map(({ handle, vendorId, name, input }) => ({
      type: 'tool_use' as const,
      handle,
      vendorId,
      name,
      input,
    }));
    const turns = [
      opening!,
      { ...answer!, blocks: [{ type: 'thinking' as const, text }, ...uses] },
    ] as Conversation['turns'];
    return pageOf({ conversations: [{ ...toldConversation, systemPrompt: text, turns, toolCalls: calls }] });
  };

  it.each<[string, string]>([
    ['text that grows when it is escaped', '"'.repeat(12_000)],
    ['letters of three bytes', '漢'.repeat(12_000)],
    [
      'log lines',
      Array.from(
        { length: 60 },
        (_, i) => `2026-05-04T03:00:00.${100 + i}Z {service="s"} "${i}${'&'.repeat(150)}`,
      ).join('\n'),
    ],
  ])('gives a page of less than 2.5 MB that still has a place for each of 64 calls: %s', (_what, text) => {
    const page = heavy(`result: lines, 60 found\n${text}`, 64);
    expect(Buffer.byteLength(page)).toBeLessThan(2_500_000);
    for (let i = 1; i <= 64; i += 1) expect(page).toContain(`id="r${i}"`);
  });

  it('leaves nothing out of a page of usual size', () => {
    expect(pageOf()).not.toContain('Left out here');
    expect(heavy('"'.repeat(12_000), 64)).toContain('Left out here');
  });
});
