import { Logger } from '@nestjs/common';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { TraceService } from 'nestjs-otel';
import { z } from 'zod';
import { clipped } from '../domain/clipped';
import type { Clock } from '../domain/clock';
import type { Handle } from '../domain/conversation';
import { VigilError } from '../domain/errors';
import type { Ids } from '../domain/ids';
import { outsideText } from '../domain/outside-text';
import type { ToolSpec } from '../llm/language-model';
import type { Tool, ToolFinding, ToolOutcome } from './tool';

/** A call as the model made it, with the handle that its result gets. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly handle: Handle;
  /** What the vendor calls it, for the span. */
  readonly vendorId?: string;
}

/** Of which investigation the call is a part. */
export interface Asker {
  readonly conversationId: string;
  /** When the alert began to fire. */
  readonly startsAt: Date;
  /** Characters that the conversation has left for the result. */
  readonly roomChars: number;
  /** One moment for all calls of a turn. */
  readonly now: Date;
}

export interface ToolboxParts {
  readonly tools: readonly Tool[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly trace: TraceService;
  /** For one call. */
  readonly timeoutMs: number;
  /** Put inputs and results into span events. */
  readonly traceContent?: boolean;
}

/** Of an input and of a result in a span event, characters each. */
const CONTENT_CHARS = 8_000;

/**
 * Everything that the model can ask for. A call is parsed, timed out, run, fenced as outside text under its handle and
 * measured; whatever goes wrong on the way is an outcome that the model can read.
 */
export class Toolbox {
  private readonly log = new Logger(Toolbox.name);
  private readonly tools: ReadonlyMap<string, Tool>;
  /** Sorted by name: the same text in every conversation, or the prompt cache misses. */
  readonly specs: readonly ToolSpec[];

  constructor(private readonly parts: ToolboxParts) {
    const sorted = [...parts.tools].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.tools = new Map(sorted.map((tool) => [tool.name, tool]));
    this.specs = sorted.map(({ name, description, input }) => ({ name, description, inputSchema: schemaOf(input) }));
  }

  /** Never throws, except the reason of `signal` when that aborts. */
  async run(call: ToolCall, asker: Asker, signal: AbortSignal): Promise<ToolOutcome> {
    signal.throwIfAborted();
    const { clock, ids, trace } = this.parts;
    /* names that the model invents must not become names of spans and metrics */
    const source = this.tools.has(call.name) ? call.name : 'unknown';
    return trace.getTracer().startActiveSpan(`execute_tool ${source}`, async (span) => {
      span.setAttributes({
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': source,
        'gen_ai.tool.call.id': call.vendorId,
        'vigil.tool.handle': call.handle,
      });
      const begun = clock.monotonicMs();
      try {
        const finding = await this.find(call, asker, signal);
        note(span, finding);
        if (this.parts.traceContent && span.isRecording()) {
          span.addEvent('vigil.tool.content', contentOf(call, finding));
        }
        const text = outsideText({ handle: call.handle, source, text: finding.text, boundary: ids.next() });
        const bytes = Buffer.byteLength(finding.full ?? finding.text);
        return { status: finding.status, text, full: finding.full, bytes, durationMs: clock.monotonicMs() - begun };
      } finally {
        span.end();
      }
    });
  }

  private async find(call: ToolCall, asker: Asker, signal: AbortSignal): Promise<ToolFinding> {
    const tool = this.tools.get(call.name);
    if (!tool) {
      /* a conversation that an older release began, or one with more backends, still offers what is gone since */
      return failed(
        `There is no tool of this name now: if it was offered, it is retired since. The tools are: ${[...this.tools.keys()].join(', ')}.`,
      );
    }
    const input = tool.input.safeParse(call.input);
    if (!input.success) return failed(inputProblem(tool, input.error));
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(TIMEOUT), this.parts.timeoutMs);
    const both = AbortSignal.any([signal, timeout.signal]);
    try {
      const roomChars = Math.min(tool.maxChars, asker.roomChars);
      const context = { ...asker, signal: both, roomChars };
      const finding = await Promise.race([tool.run(input.data, context), rejectedBy(both)]);
      /* a tool fits its text itself and says what it left out; this only holds whatever it forgot */
      const text = clipped(finding.text, roomChars);
      const isShort = finding.full !== undefined && roomChars < tool.maxChars;
      return { ...finding, text: isShort ? `${text}\n${SHORT_OF_ROOM}` : text };
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.signal.aborted) {
        const seconds = this.parts.timeoutMs / 1000;
        return failed(
          `This took longer than ${seconds} s and was given up. Narrow it: a shorter range, fewer series or lines.`,
        );
      }
      if (error instanceof VigilError) return failed(error.message);
      this.log.error({ msg: 'a tool broke', tool: tool.name, err: error });
      return failed('This tool broke: a defect of Vigil, not of the query. Go on without it and say so in the report.');
    } finally {
      clearTimeout(timer);
    }
  }
}

/** No figure of ours stands in it that a report could take for one of the data. */
const SHORT_OF_ROOM =
  '(This result is shorter than usual: the results of this conversation have nearly filled their room. What was left out: read_result with a text to look for. Ask narrowly from here on.)';

const TIMEOUT = new Error('the tool took too long');

function failed(text: string): ToolFinding {
  return { status: 'failed', text };
}

/** A tool that does not look at its signal must not hold the triage. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

function schemaOf(input: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return schema;
}

/** Which field is wrong, and all that are accepted. */
function inputProblem(tool: Tool, error: z.ZodError): string {
  const issues = error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const { properties, required } = schemaOf(tool.input) as { properties?: object; required?: readonly string[] };
  const fields = Object.keys(properties ?? {}).map((name) => (required?.includes(name) ? `${name} (required)` : name));
  return `The input was not accepted: ${issues.join('; ')}. ${tool.name} takes an object with: ${fields.join(', ')}.`;
}

function note(span: Span, finding: ToolFinding): void {
  span.setAttribute('vigil.tool.status', finding.status);
  if (finding.status !== 'failed') return;
  span.setAttribute('error.type', 'tool_failed');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function contentOf({ input }: ToolCall, { text }: ToolFinding): Record<string, string> {
  return {
    'gen_ai.tool.call.arguments': clipped(JSON.stringify(input), CONTENT_CHARS),
    'gen_ai.tool.call.result': clipped(text, CONTENT_CHARS),
  };
}
