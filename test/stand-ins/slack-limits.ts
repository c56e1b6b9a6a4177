/**
 * What Slack takes, each with its page. Slack gives characters no unit: here they are code points of the text as it is
 * sent, escapes and all. Pages: Block Kit reference, "chat.postMessage"; where none says it, the issue in which it was seen.
 */
const LIMITS = {
  /** Blocks in a message. Reference: blocks. */
  blocks: 50,
  /** Characters. Any block. */
  blockId: 255,
  /** Characters, plain_text only. Header block. */
  headerText: 150,
  /** Characters, at least 1. Section block; Text object, so elements of a context too. */
  sectionText: 3_000,
  /** Items. Section block. */
  fields: 10,
  /** Characters. Section block. */
  fieldText: 2_000,
  /** Items. Context block. */
  contextElements: 10,
  /** Items. Actions block. */
  actionElements: 25,
  /** Characters, plain_text only. Button element. */
  buttonText: 75,
  /** Characters. Button element. */
  buttonValue: 2_000,
  /** Characters. Button element. */
  actionId: 255,
  /** Characters. Button element, Image block. */
  url: 3_000,
  /** Characters, plain_text only. Confirmation dialog. */
  confirmTitle: 100,
  /** Characters. Confirmation dialog. */
  confirmText: 300,
  /** Characters, plain_text only. Confirmation dialog: confirm, deny. */
  confirmButton: 30,
  /** Characters of an image's alt_text. Image block. */
  altText: 2_000,
  /** Characters of all markdown blocks of one payload. Markdown block. */
  markdown: 12_000,
  /** Characters. chat.postMessage cuts above; a webhook is not more generous. */
  messageText: 40_000,
  /** Characters of all texts in all blocks. No page: seen at 13,172 to 13,297 (slackapi/bolt-js#2509). */
  allBlocks: 13_200,
} as const;

type Json = Readonly<Record<string, unknown>>;

/** Slack's word for why it refuses this message, or undefined. */
export function slackRefusal(body: unknown): string | undefined {
  if (!isObject(body)) return 'invalid_payload';
  const { text, blocks } = body;
  if (blocks !== undefined && !Array.isArray(blocks)) return 'invalid_blocks_format';
  const list = (blocks ?? []) as readonly unknown[];
  if ((typeof text !== 'string' || text === '') && list.length === 0) return 'no_text';
  if (typeof text === 'string' && points(text) > LIMITS.messageText) return 'msg_too_long';
  if (list.length > LIMITS.blocks || !list.every(isBlock) || repeats(list, 'block_id')) return 'invalid_blocks';
  const markdown = list.filter((block) => isObject(block) && block.type === 'markdown');
  if (textsOf(markdown) > LIMITS.markdown) return 'msg_blocks_too_long';
  return textsOf(list) > LIMITS.allBlocks ? 'msg_blocks_too_long' : undefined;
}

function isBlock(block: unknown): boolean {
  if (!isObject(block)) return false;
  if (block.block_id !== undefined && !isShort(block.block_id, LIMITS.blockId)) return false;
  switch (block.type) {
    case 'header':
      return isText(block.text, LIMITS.headerText, ['plain_text']);
    case 'section':
      return isSection(block);
    case 'context':
      return isList(
        block.elements,
        LIMITS.contextElements,
        (element) => isImage(element) || isText(element, LIMITS.sectionText),
      );
    case 'actions':
      return isList(block.elements, LIMITS.actionElements, isButton) && !repeats(block.elements, 'action_id');
    case 'markdown':
      return isShort(block.text, LIMITS.markdown);
    case 'image':
      return isImage(block);
    case 'divider':
      return true;
    default:
      return false;
  }
}

function isSection(block: Json): boolean {
  if (block.text === undefined && block.fields === undefined) return false;
  if (block.text !== undefined && !isText(block.text, LIMITS.sectionText)) return false;
  if (block.accessory !== undefined && !isButton(block.accessory) && !isImage(block.accessory)) return false;
  return block.fields === undefined || isList(block.fields, LIMITS.fields, (field) => isText(field, LIMITS.fieldText));
}

function isButton(element: unknown): boolean {
  if (!isObject(element) || element.type !== 'button' || !isText(element.text, LIMITS.buttonText, ['plain_text']))
    return false;
  if (element.value !== undefined && !isShort(element.value, LIMITS.buttonValue)) return false;
  if (element.action_id !== undefined && !isShort(element.action_id, LIMITS.actionId)) return false;
  if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') return false;
  if (element.confirm !== undefined && !isConfirmation(element.confirm)) return false;
  return element.url === undefined || isShort(element.url, LIMITS.url);
}

function isConfirmation(dialog: unknown): boolean {
  return (
    isObject(dialog) &&
    isText(dialog.title, LIMITS.confirmTitle, ['plain_text']) &&
    isText(dialog.text, LIMITS.confirmText) &&
    isText(dialog.confirm, LIMITS.confirmButton, ['plain_text']) &&
    isText(dialog.deny, LIMITS.confirmButton, ['plain_text'])
  );
}

function isImage(element: unknown): boolean {
  return (
    isObject(element) &&
    element.type === 'image' &&
    isShort(element.image_url, LIMITS.url) &&
    isShort(element.alt_text, LIMITS.altText)
  );
}

/** Text object: `emoji` belongs to plain_text alone, `verbatim` to mrkdwn alone. */
function isText(value: unknown, max: number, types: readonly string[] = ['plain_text', 'mrkdwn']): boolean {
  if (!isObject(value) || !types.includes(String(value.type)) || !isShort(value.text, max)) return false;
  const isFlag = (flag: unknown, type: string): boolean =>
    flag === undefined || (typeof flag === 'boolean' && value.type === type);
  return isFlag(value.emoji, 'plain_text') && isFlag(value.verbatim, 'mrkdwn');
}

function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && points(value) <= max;
}

function isList(value: unknown, max: number, each: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= max && value.every(each);
}

function repeats(items: unknown, name: 'block_id' | 'action_id'): boolean {
  const ids = (items as readonly unknown[]).flatMap((item) => (isObject(item) ? (item[name] ?? []) : []));
  return new Set(ids).size !== ids.length;
}

/** Code points of every member called `text` that is a string. */
function textsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + textsOf(part), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, member]) => sum + (name === 'text' && typeof member === 'string' ? points(member) : textsOf(member)),
    0,
  );
}

function points(text: string): number {
  return Array.from(text).length;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
