import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import {
  type Block,
  type Conversation,
  STOP_REASONS,
  type StopReason,
  TOOL_STATUSES,
  type ToolCallRecord,
  type ToolStatus,
  type Turn,
} from '../domain/conversation';
import { secondsOf } from './seconds-of';

class TextContent {
  @ApiProperty({ enum: ['text', 'thinking'] })
  type!: 'text' | 'thinking';

  @ApiProperty()
  text!: string;
}

class ToolUseContent {
  @ApiProperty({ enum: ['tool_use'] })
  type!: 'tool_use';

  @ApiProperty({ description: 'The handle that the result of this call has' })
  handle!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({
    description: 'As the model gave it: an object, unless the model erred',
    anyOf: [
      { type: 'object' },
      { type: 'array', items: {} },
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
    ],
    nullable: true,
  })
  input!: unknown;
}

class ToolResultContent {
  @ApiProperty({ enum: ['tool_result'] })
  type!: 'tool_result';

  @ApiProperty()
  handle!: string;

  @ApiProperty({ enum: TOOL_STATUSES })
  status!: ToolStatus;

  @ApiProperty({ description: 'Exactly what the model was given' })
  text!: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Size of the whole result, before it was fitted to the context',
  })
  bytes?: number;

  @ApiPropertyOptional()
  duration_seconds?: number;
}

type Content = TextContent | ToolUseContent | ToolResultContent;

class Usage {
  @ApiProperty({ type: 'integer', description: 'Uncached' })
  input_tokens!: number;

  @ApiProperty({ type: 'integer' })
  output_tokens!: number;

  @ApiProperty({ type: 'integer' })
  cache_read_tokens!: number;

  @ApiProperty({ type: 'integer' })
  cache_write_tokens!: number;
}

@ApiExtraModels(TextContent, ToolUseContent, ToolResultContent)
class TurnAnswer {
  @ApiProperty({ type: 'integer', description: 'Without gaps, from 0' })
  seq!: number;

  @ApiProperty({ enum: ['user', 'assistant'] })
  role!: 'user' | 'assistant';

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({
    type: 'array',
    items: { oneOf: [TextContent, ToolUseContent, ToolResultContent].map((kind) => ({ $ref: getSchemaPath(kind) })) },
  })
  content!: readonly Content[];

  @ApiPropertyOptional({ enum: STOP_REASONS, description: "The model's turns only" })
  stop_reason?: StopReason;

  @ApiPropertyOptional({ type: Usage, description: "The model's turns only" })
  usage?: Usage;

  @ApiPropertyOptional({ description: "The model's turns only" })
  duration_seconds?: number;

  @ApiPropertyOptional({ description: "The model that answered; the model's turns only" })
  model?: string;
}

/** A conversation as the API shows it, in words of no vendor. */
export class ConversationAnswer {
  @ApiProperty({ enum: ['investigation'] })
  purpose!: 'investigation';

  @ApiProperty()
  provider!: string;

  @ApiProperty({ description: 'The model that is asked' })
  model!: string;

  @ApiProperty({ type: [TurnAnswer] })
  turns!: readonly TurnAnswer[];
}

export function conversationView(conversation: Conversation): ConversationAnswer {
  const { purpose, provider, model } = conversation;
  const calls = new Map(conversation.toolCalls.map((call) => [call.handle, call]));
  return { purpose, provider, model, turns: conversation.turns.map((turn) => turnView(turn, calls)) };
}

function turnView(turn: Turn, calls: ReadonlyMap<string, ToolCallRecord>): TurnAnswer {
  const common = {
    seq: turn.seq,
    role: turn.role,
    at: turn.at.toISOString(),
    content: turn.blocks.map((block) => contentView(block, calls)),
  };
  if (turn.role === 'user') return common;
  return {
    ...common,
    stop_reason: turn.stopReason,
    usage: {
      input_tokens: turn.usage.inputTokens,
      output_tokens: turn.usage.outputTokens,
      cache_read_tokens: turn.usage.cacheReadTokens,
      cache_write_tokens: turn.usage.cacheWriteTokens,
    },
    duration_seconds: secondsOf(turn.durationMs),
    model: turn.model,
  };
}

function contentView(block: Block, calls: ReadonlyMap<string, ToolCallRecord>): Content {
  switch (block.type) {
    case 'text':
    case 'thinking':
      return { type: block.type, text: block.text };
    case 'tool_use':
      return { type: block.type, handle: block.handle, name: block.name, input: block.input };
    case 'tool_result': {
      const call = calls.get(block.handle);
      return {
        type: block.type,
        handle: block.handle,
        status: block.status,
        text: block.text,
        bytes: call?.bytes,
        duration_seconds: call && secondsOf(call.durationMs),
      };
    }
  }
}
