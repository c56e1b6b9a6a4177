/**
 * What Slack takes in one message. Slack's "characters" have no stated unit: we count UTF-16 code units, of which
 * there are never fewer than code points, so that a text inside our count is inside either of Slack's. What is counted is the escaped text.
 */

/** Slack, Block Kit reference, "Header block": 150 characters, plain_text only. */
export const HEADER_MAX = 150;

/** Slack, Block Kit reference, "Section block": 3,000 characters, at least 1. We keep a margin of 100. */
export const SECTION_MAX = 2_900;

/** Slack, Block Kit reference, "Text object": 3,000 characters in an element of a context block. */
export const CONTEXT_TEXT_MAX = 2_900;

/**
 * No page limits the URL of a link in a text; the text is limited (SECTION_MAX), and what stands beside the link needs
 * the rest. Escaped characters. A query whose link is longer is looked up on the page of the triage.
 */
export const LINK_URL_MAX = 1_500;

/** Slack, "Reference: blocks": 50 blocks in a message. */
export const BLOCKS_MAX = 50;

/**
 * No page says it: all blocks of a message together, `msg_blocks_too_long` was seen from 13,172 characters on
 * (github.com/slackapi/bolt-js/issues/2509). We count the JSON of the blocks, which is more than their text.
 */
export const ALL_BLOCKS_MAX = 12_500;

/** Slack, "chat.postMessage": `text` is best kept to 4,000 characters. Beside blocks it is the line of a push message. */
export const PREVIEW_MAX = 300;

/** The same `text` as the whole message, when Slack refuses the blocks: inside the limit of a section too. */
export const PLAIN_MESSAGE_MAX = 3_000;

/** Slack, "Rate limits": 1 message per second per channel, incoming webhooks too. Milliseconds. */
export const MESSAGE_INTERVAL_MS = 1_000;
