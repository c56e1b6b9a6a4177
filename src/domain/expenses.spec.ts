import { sampleConversation } from '../../test/notification/sample-triage';
import type { Conversation } from './conversation';
import { expenses } from './expenses';

const withTurns = (change: (turn: Conversation['turns'][number]) => Conversation['turns'][number]): Conversation => ({
  ...sampleConversation,
  turns: sampleConversation.turns.map(change),
});

describe('expenses of conversations', () => {
  it('count the whole prompt, the answers, the time and the tool calls, without the report itself', () => {
    expect(expenses([sampleConversation])).toEqual({
      tokensIn: 7_200,
      tokensInUncached: 400,
      tokensOut: 300,
      costUsd: 0.025,
      llmMs: 4_600,
      toolMs: 161,
      toolCalls: 2,
      toolsUsed: ['query_metrics', 'query_logs'],
    });
  });

  it('are summed over conversations, each tool named once', () => {
    const both = expenses([sampleConversation, sampleConversation]);
    expect(both).toMatchObject({ tokensIn: 14_400, toolCalls: 4, toolsUsed: ['query_metrics', 'query_logs'] });
  });

  it('are not known while no model has answered', () => {
    expect(expenses([])).toBeUndefined();
    expect(expenses([{ ...sampleConversation, turns: sampleConversation.turns.slice(0, 1) }])).toBeUndefined();
  });

  it('have no price as soon as one answer has none', () => {
    const conversation = withTurns((turn) =>
      turn.role === 'assistant' && turn.seq === 3 ? { ...turn, costUsd: null } : turn,
    );
    expect(expenses([conversation])?.costUsd).toBeNull();
  });

  it('do not count a call that was refused and never run', () => {
    const toolCalls = sampleConversation.toolCalls.map((call) => ({ ...call, refusal: 'tool_budget' as const }));
    expect(expenses([{ ...sampleConversation, toolCalls }])).toMatchObject({ toolCalls: 0, toolsUsed: [], toolMs: 0 });
  });
});
