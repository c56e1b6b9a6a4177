/**
 * Slack's limits on a message, in code points. Source: Block Kit reference (header, section, context, actions, button,
 * markdown), chat.postMessage (text); the sum of all blocks is undocumented, seen at 13,172 to 13,297 (bolt-js#2509).
 */
const LIMITS = {
  blocks: 50,
  blockId: 255,
  headerText: 150,
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  contextElements: 10,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  markdown: 12_000,
  messageText: 40_000,
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
  if (list.length > LIMITS.blocks || !list.every(isBlock) || repeatsAnId(list)) return 'invalid_blocks';
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
      return isList(block.elements, LIMITS.actionElements, isButton);
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
  if (element.action_id !== undefined && !isShort(element.action_id, LIMITS.blockId)) return false;
  return element.url === undefined || isShort(element.url, LIMITS.url);
}

function isImage(element: unknown): boolean {
  return (
    isObject(element) &&
    element.type === 'image' &&
    isShort(element.image_url, LIMITS.url) &&
    typeof element.alt_text === 'string'
  );
}

function isText(value: unknown, max: number, types: readonly string[] = ['plain_text', 'mrkdwn']): boolean {
  return isObject(value) && types.includes(String(value.type)) && isShort(value.text, max);
}

function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && points(value) <= max;
}

function isList(value: unknown, max: number, each: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= max && value.every(each);
}

function repeatsAnId(blocks: readonly unknown[]): boolean {
  const ids = blocks.flatMap((block) =>
    isObject(block) && typeof block.block_id === 'string' ? [block.block_id] : [],
  );
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
