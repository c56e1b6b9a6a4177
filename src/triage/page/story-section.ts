import type { AssistantTurn, Block, Conversation, Handle, ToolUseBlock, Turn } from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import { SUBMIT_REPORT } from '../../domain/report';
import { type SentText, sentTexts } from '../../domain/sent-texts';
import { type CallContext, callSection } from './call-section';
import { folded } from './folded';
import { html, type Html, proseHtml } from './html';
import { openingSection } from './opening-section';
import { submissionSection } from './submission-section';
import { thingAsked } from './tool-words';

/**
 * The investigation as a person would tell it: what was known, then step by step what was asked and what came back.
 * @param again in the place of another conversation
 */
export function storySection(conversation: Conversation, context: CallContext, again: boolean): Html {
  const sent = sentTexts(conversation);
  const steps = conversation.turns.filter((turn) => turn.role === 'assistant').map(({ seq }) => seq);
  return html`<section>
    <h2>${again ? 'How it went on' : 'How it was investigated'}</h2>
    <p class="soft">
      ${conversation.purpose} by ${conversation.model} (${conversation.provider}), instructions
      ${conversation.promptVersion}
    </p>
    ${openingSection(conversation, context, again)}
    ${conversation.turns.map((turn) => {
      if (turn.role === 'user') return remark(turn);
      return step(turn, { number: steps.indexOf(turn.seq) + 1, conversation, sent, context });
    })}
  </section>`;
}

/** What Vigil said in between; results stand with their calls, and the opening message has told itself. */
function remark(turn: Turn): Html {
  const texts = turn.blocks.flatMap((block) => (block.type === 'text' && turn.seq > 0 ? [block.text] : []));
  if (texts.length === 0) return html``;
  return html`<div class="step">
    <h3>Vigil</h3>
    ${when(turn.at)} ${texts.map((text) => html`<p>${text}</p>`)}
  </div>`;
}

interface StepFacts {
  readonly number: number;
  readonly conversation: Conversation;
  readonly sent: ReadonlyMap<Handle, SentText>;
  readonly context: CallContext;
}

function step(turn: AssistantTurn, facts: StepFacts): Html {
  return html`<div class="step">
    <h3>Step ${facts.number}: ${asksFor(turn)}</h3>
    ${when(turn.at)} ${turn.blocks.map((block) => blockHtml(block, facts))} ${unusualEnd(turn)}
    <p class="soft expense">${expense(turn)}</p>
  </div>`;
}

/** `asks for logs and metrics over time`. */
function asksFor({ blocks }: AssistantTurn): string {
  const names = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.name] : []));
  const things = [...new Set(names.filter((name) => name !== SUBMIT_REPORT).map(thingAsked))];
  if (things.length > 0) return `the model asks for ${enumerated(things)}`;
  return names.length > 0 ? 'the model gives a report' : 'the model answers in words';
}

function enumerated(things: readonly string[]): string {
  return things.length === 1 ? things[0]! : `${things.slice(0, -1).join(', ')} and ${things.at(-1)}`;
}

function when(at: Date): Html {
  return html`<time class="soft" datetime="${at.toISOString()}">${momentInWords(at)}</time>`;
}

function expense({ usage, durationMs, costUsd }: AssistantTurn): string {
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const cached = usage.cacheReadTokens > 0 ? ` (${usage.cacheReadTokens.toLocaleString('en-US')} from the cache)` : '';
  const parts = [
    `${countInWords(prompt, 'token')} in${cached}`,
    `${usage.outputTokens.toLocaleString('en-US')} out`,
    durationInWords(durationMs),
    ...(costUsd === null ? [] : [dollarsInWords(costUsd)]),
  ];
  return parts.join(' · ');
}

function blockHtml(block: Block, facts: StepFacts): Html {
  const { rooms } = facts.context;
  switch (block.type) {
    case 'text':
      return rooms.shown.hold(html`${proseHtml(block.text)}`);
    case 'thinking':
      if (block.text.trim() === '') return html``;
      return rooms.exact.hold(folded('What the model let us see of its thinking', block.text));
    case 'tool_use':
      return toolUse(block, facts);
    case 'tool_result':
      return html``;
    default:
      return assertNever(block);
  }
}

function toolUse(use: ToolUseBlock, { conversation, sent, context }: StepFacts): Html {
  const call = conversation.toolCalls.find((one) => one.handle === use.handle);
  if (use.name === SUBMIT_REPORT) return submissionSection(use, call, context);
  return callSection({ use, call, found: sent.get(use.handle)?.text }, context);
}

/** The model's turn ended in another way than by an answer or a question. */
function unusualEnd({ stopReason }: AssistantTurn): Html | undefined {
  if (stopReason === 'end_turn' || stopReason === 'tool_use') return undefined;
  return html`<p class="soft">This turn ended with ${stopReason.replaceAll('_', ' ')}.</p>`;
}
