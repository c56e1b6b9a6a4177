import type {
  AssistantTurn,
  Block,
  Conversation,
  Refusal,
  StopReason,
  ToolCallRecord,
  ToolUseBlock,
  Turn,
} from '../../src/domain/conversation';
import { SUBMIT_REPORT } from '../../src/domain/report';
import type { Budget } from '../../src/triage/engine/budget';
import { nextStep } from '../../src/triage/engine/next-step';

const REPORT = {
  headline: 'h',
  what_is_happening: 'w',
  root_cause: { statement: 's', component: 'c', change: null, confidence: 'low' },
  affected: [],
  evidence: [],
  ruled_out: [],
  actions: [],
  could_not_check: [],
  flags: [],
};

/** Builds a conversation turn by turn, as the record would hold it. */
export class Story {
  private readonly turns: Turn[] = [
    { role: 'user', seq: 0, at: new Date(0), wire: 'opening', blocks: [{ type: 'text', text: 'o' }] },
  ];
  private readonly calls: ToolCallRecord[] = [];
  private handles = 0;

  says(stopReason: StopReason, blocks: Block[], usage: Partial<AssistantTurn['usage']> = {}, durationMs = 1): this {
    this.turns.push({
      role: 'assistant',
      seq: this.turns.length,
      at: new Date(0),
      wire: 'a',
      blocks,
      stopReason,
      usage: { inputTokens: 100, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0, ...usage },
      model: 'm',
      costUsd: 0,
      durationMs,
    });
    return this;
  }

  asks(...names: string[]): this {
    return this.says(
      'tool_use',
      names.map((name) => this.call(name)),
    );
  }

  /** Unless told otherwise, each call asks for something else. */
  call(name: string, given?: unknown): Block {
    const handle = `r${(this.handles += 1)}`;
    const input = given ?? (name === SUBMIT_REPORT ? REPORT : { query: handle });
    return { type: 'tool_use', handle, vendorId: `id_${handle}`, name, input };
  }

  /** A turn that submits reports, by whether they can be accepted. */
  reports(...kinds: ('whole' | 'bad')[]): this {
    const inputs = kinds.map((kind) => (kind === 'whole' ? REPORT : { headline: 'h' }));
    return this.says(
      'tool_use',
      inputs.map((input) => this.call(SUBMIT_REPORT, input)),
    );
  }

  /** A turn that asks one tool for one thing, by name. */
  asksFor(query: string): this {
    return this.says('tool_use', [this.call('q', { query })]);
  }

  /** Records results for the first calls of the last turn that have none. */
  got(...results: (ToolCallRecord['status'] | Refusal)[]): this {
    const last = this.turns.at(-1)!;
    const done = this.calls.filter((call) => call.turnSeq === last.seq).length;
    const asked = last.blocks.filter((block) => block.type === 'tool_use');
    results.forEach((result, i) => {
      const ran = result === 'ok' || result === 'no_data' || result === 'failed';
      const { handle, vendorId, name, input } = asked[done + i]!;
      this.calls.push({
        turnSeq: last.seq,
        position: done + i,
        handle,
        vendorId,
        name,
        input,
        status: ran ? result : 'failed',
        text: 'result',
        bytes: 6,
        durationMs: 1,
        refusal: ran ? undefined : result,
      });
    });
    return this;
  }

  /** Records the result of one call, wherever it stands among those of the last turn. */
  gotFor(
    { turnSeq, position, call }: Pick<ToolCallRecord, 'turnSeq' | 'position'> & { readonly call: ToolUseBlock },
    result: ToolCallRecord['status'] | Refusal,
  ): this {
    const ran = result === 'ok' || result === 'no_data' || result === 'failed';
    const { handle, vendorId, name, input } = call;
    this.calls.push({
      turnSeq,
      position,
      handle,
      vendorId,
      name,
      input,
      status: ran ? result : 'failed',
      text: 'result',
      bytes: 6,
      durationMs: 1,
      refusal: ran ? undefined : result,
    });
    this.calls.sort((a, b) => a.turnSeq - b.turnSeq || a.position - b.position);
    return this;
  }

  sent(): this {
    const last = this.turns.at(-1)!;
    const blocks = this.calls
      .filter((call) => call.turnSeq === last.seq)
      .map(({ handle, vendorId, status, text }): Block => ({ type: 'tool_result', handle, vendorId, status, text }));
    this.turns.push({ role: 'user', seq: this.turns.length, at: new Date(0), wire: 'u', blocks });
    return this;
  }

  nudged(): this {
    this.turns.push({
      role: 'user',
      seq: this.turns.length,
      at: new Date(0),
      wire: 'n',
      blocks: [{ type: 'text', text: 'n' }],
    });
    return this;
  }

  next(budget: Partial<Budget['limits']> & { remainingMs?: number } = {}): ReturnType<typeof nextStep> {
    const { remainingMs = 900_000, ...limits } = budget;
    return nextStep(this.conversation(), {
      limits: { maxToolCalls: 15, maxInputTokens: 200_000, maxOutputTokens: 50_000, ...limits },
      remainingMs,
      concludingMs: 60_000,
    });
  }

  conversation(): Conversation {
    return {
      id: 'C',
      triageId: 'T',
      purpose: 'investigation',
      provider: 'p',
      model: 'm',
      promptVersion: 'v',
      systemPrompt: '',
      prefix: '',
      turns: this.turns,
      toolCalls: this.calls,
    };
  }
}

export const story = (): Story => new Story();
