import type { ReplyBlock } from '../language-model';
import { memberTexts, objectText } from './json-text';

/** What a delta adds to, by its type. A type that is not listed cannot be folded and is left out. */
const FILLS: Readonly<Record<string, { readonly member: string; readonly from: string }>> = {
  text_delta: { member: 'text', from: 'text' },
  thinking_delta: { member: 'thinking', from: 'thinking' },
  signature_delta: { member: 'signature', from: 'signature' },
  input_json_delta: { member: 'input', from: 'partial_json' },
};

/** One content block while it streams in: as it was announced, with the members that its deltas fill. */
export class StreamedBlock {
  private readonly members: Map<string, string>;
  private readonly filled = new Map<string, string>();
  private repeatsId = false;

  /** @param text the JSON text of `content_block`, as it came */
  constructor(private readonly text: string) {
    this.members = memberTexts(text);
  }

  add(delta: Readonly<Record<string, unknown>>): void {
    const fill = FILLS[String(delta.type)];
    const piece = fill === undefined ? undefined : delta[fill.from];
    if (fill === undefined || typeof piece !== 'string') return;
    this.filled.set(fill.member, (this.filled.get(fill.member) ?? this.begun(fill.member)) + piece);
  }

  /** The id of a tool call; undefined for all other kinds. */
  get callId(): string | undefined {
    return this.kind === 'tool_use' ? this.value('id') : undefined;
  }

  /** @param repeated the id is that of another call of the same answer */
  rename(id: string, repeated: boolean): void {
    this.filled.set('id', id);
    this.repeatsId = repeated;
  }

  /**
   * The block as it goes back, or undefined for what the API gives but refuses to take: a text without a visible
   * character ("text content blocks must contain non-whitespace text"), a thought that was cut off before its signature.
   */
  wire(): string | undefined {
    if (this.kind === 'text' && this.value('text').trim() === '') return undefined;
    if (this.kind === 'thinking' && this.value('signature') === '') return undefined;
    if (this.kind !== 'tool_use' && this.filled.size === 0) return this.text;
    const whole = new Map(this.members);
    for (const [member, text] of this.filled) whole.set(member, JSON.stringify(text));
    if (whole.has('input')) whole.set('input', isObject(this.input()) ? this.inputText() : '{}');
    return objectText(whole);
  }

  /** What everybody but the vendor sees; kinds that Vigil does not know stay between the vendor and itself. */
  neutral(): ReplyBlock | undefined {
    switch (this.kind) {
      case 'text':
        return this.wire() === undefined ? undefined : { type: 'text', text: storable(this.value('text')) };
      case 'thinking':
        return { type: 'thinking', text: storable(this.value('thinking')) };
      case 'tool_use':
        return {
          type: 'tool_use',
          vendorId: storable(this.value('id')),
          ...(this.repeatsId && { repeatsId: true }),
          name: storable(this.value('name')),
          input: this.input(),
        };
      default:
        return undefined;
    }
  }

  private get kind(): string {
    return this.value('type');
  }

  private value(member: string): string {
    return this.filled.get(member) ?? this.announced(member);
  }

  private announced(member: string): string {
    const value: unknown = JSON.parse(this.members.get(member) ?? 'null');
    return typeof value === 'string' ? value : '';
  }

  /** The announced input is a placeholder, `{}`; announced texts are beginnings. */
  private begun(member: string): string {
    return member === 'input' ? '' : this.announced(member);
  }

  private inputText(): string {
    const streamed = this.filled.get('input') ?? '';
    return streamed === '' ? (this.members.get('input') ?? '{}') : streamed;
  }

  /** The raw text itself when it is no JSON: cut off, most likely. */
  private input(): unknown {
    const text = this.inputText();
    try {
      return storableValue(JSON.parse(text));
    } catch {
      return storable(text);
    }
  }
}

/** Text that Postgres keeps in any of its types: no lone surrogate, no NUL. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), storableValue(member)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
