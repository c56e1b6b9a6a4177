import { type Conversation, type Handle, recordedCalls, type ToolCallRecord, type ToolStatus } from './conversation';
import { partOf, READ_RESULT } from './part-of-result';

/** A piece of outside text as the model was given it. */
export interface SentText {
  readonly handle: Handle;
  /** What gave it: the tool's name (of a part that was read again, that of its result), or the title of a section. */
  readonly source: string;
  /** What stands between the fences. */
  readonly text: string;
  /** Of a tool result; a section of the opening message has none. */
  readonly status?: ToolStatus;
  /** What asked for it: the input of the tool call. */
  readonly input?: unknown;
  /** Of a section: the moment at which the opening message was written, which its lines call `now`. */
  readonly now?: Date;
}

/** The title of the sections that hold an alert. Its labels and annotations can hold any line: none of them is ours. */
export const ALERT_TITLE = 'the alert, as Alertmanager sent it';

/** How a section of the opening message begins a line on what could not be found out; the reason follows. */
export const NOT_KNOWN = 'not known: ';
/** How it begins a line on a source that gives data (`alive: logs of …`) or has stopped to (`dead: metrics of …`). */
export const ALIVE = 'alive: ';
export const DEAD = 'dead: ';

const FENCED = /^\[(o\d+|r\d+)\] ([^\n]*)\n<<<data (\S+)\n([\s\S]*?)\n\3>>>$/gm;

/**
 * Everything that was sent from outside, by handle: the sections of the opening message, then the tool results that
 * were run. No text can begin another: the word at its fences is one that it cannot know (see outside-text.ts).
 */
export function sentTexts(conversation: Conversation): ReadonlyMap<Handle, SentText> {
  const toolCalls = recordedCalls(conversation);
  const opening =
    conversation.turns[0]?.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n') ?? '';
  const now = writtenAt(opening);
  const sections = fencedTexts(opening)
    // A result that an opening message repeats is known by its call.
    .filter(({ handle }) => handle.startsWith('o'))
    .map((section): SentText => ({ ...section, ...(now && { now }) }));
  const results = toolCalls.flatMap(({ handle, text, status, input, refusal }): SentText[] => {
    const [inside] = refusal ? [] : fencedTexts(text);
    if (!inside) return [];
    const sent = { handle, source: inside.source, text: inside.text, status, input };
    return [partAsItsResult(sent, toolCalls) ?? sent];
  });
  return new Map([...sections, ...results].map((sent) => [sent.handle, sent]));
}

/** A part of an earlier result says what that one says: of the same tool, to the same question. */
function partAsItsResult(sent: SentText, toolCalls: readonly ToolCallRecord[]): SentText | undefined {
  if (sent.source !== READ_RESULT || sent.status !== 'ok') return undefined;
  const of = partOf(sent.text);
  const whole = toolCalls.find(({ handle, refusal }) => handle === of?.handle && !refusal);
  return of && whole && { ...sent, source: whole.name, text: of.part, status: whole.status, input: whole.input };
}

/** Our own words, before the first fence. */
function writtenAt(opening: string): Date | undefined {
  const at = Date.parse(/^It is now (\S+)\. /m.exec(opening.split('<<<data', 1)[0]!)?.[1] ?? '');
  return Number.isNaN(at) ? undefined : new Date(at);
}

/** What stands between the fences of a message. */
export function fencedTexts(message: string): { handle: Handle; source: string; text: string }[] {
  return Array.from(message.matchAll(FENCED), ([, handle, source, , text]) => ({
    handle: handle!,
    source: source!,
    text: text!,
  }));
}
