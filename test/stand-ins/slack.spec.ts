import { type SlackStandIn, startSlack } from './slack.ts';

let slack: SlackStandIn;

beforeEach(async () => {
  slack = await startSlack();
});

afterEach(async () => {
  await slack.stop();
});

function post(body: unknown, url = slack.url): Promise<Response> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function answerTo(body: unknown): Promise<string> {
  const response = await post(body);
  return `${response.status} ${await response.text()}`;
}

const mrkdwn = (text: string): unknown => ({ type: 'mrkdwn', text });
const section = (text: string): unknown => ({ type: 'section', text: mrkdwn(text) });
const header = (text: string, type = 'plain_text'): unknown => ({ type: 'header', text: { type, text } });
const button = (over: object = {}): unknown => ({
  type: 'button',
  text: { type: 'plain_text', text: 'b'.repeat(75) },
  ...over,
});
const actions = (...elements: unknown[]): unknown => ({ type: 'actions', elements });
const plain = (length: number): unknown => ({ type: 'plain_text', text: 'p'.repeat(length) });
const confirm = (over: object = {}): unknown =>
  button({ confirm: { title: plain(100), text: plain(300), confirm: plain(30), deny: plain(30), ...over } });
const list = (length: number, each: unknown): unknown[] => Array.from({ length }, () => each);

describe('the Slack stand-in', () => {
  it.each<[string, readonly unknown[]]>([
    ['a header of 150 characters', [header('h'.repeat(150))]],
    ['a section of 3,000 characters, counted as code points', [section('🔥'.repeat(3_000))]],
    ['10 fields of 1,000 characters', [{ type: 'section', fields: list(10, mrkdwn('f'.repeat(1_000))) }]],
    ['10 elements in a context', [{ type: 'context', elements: list(10, mrkdwn('c')) }]],
    ['50 blocks', list(50, { type: 'divider' })],
    ['25 buttons', [actions(...list(25, button({ value: 'v'.repeat(2_000), url: 'u'.repeat(3_000) })))]],
    ['a confirmation', [actions(confirm())]],
    ['blocks of 13,200 characters together', [...list(4, section('s'.repeat(3_000))), section('s'.repeat(1_200))]],
  ])('takes %s', async (_what, blocks) => {
    expect(await answerTo({ text: 'a report', blocks })).toBe('200 ok');
    expect(slack.channel).toEqual([{ text: 'a report', blocks }]);
  });

  it.each<[string, readonly unknown[]]>([
    ['a header of 151 characters', [header('h'.repeat(151))]],
    ['a header with formatting', [header('h', 'mrkdwn')]],
    ['a section of 3,001 characters', [section('s'.repeat(3_001))]],
    ['a section whose escaped text is too long', [section('&lt;'.repeat(751))]],
    ['a section of no characters', [section('')]],
    ['a section of nothing', [{ type: 'section' }]],
    ['11 fields', [{ type: 'section', fields: list(11, mrkdwn('f')) }]],
    ['a field of 2,001 characters', [{ type: 'section', fields: [mrkdwn('f'.repeat(2_001))] }]],
    ['11 elements in a context', [{ type: 'context', elements: list(11, mrkdwn('c')) }]],
    ['51 blocks', list(51, { type: 'divider' })],
    ['26 buttons', [actions(...list(26, button()))]],
    ['a button of 76 characters', [actions(button({ text: plain(76) }))]],
    ['a button with formatting', [actions(button({ text: mrkdwn('b') }))]],
    ['a value of 2,001 characters', [actions(button({ value: 'v'.repeat(2_001) }))]],
    ['a URL of 3,001 characters', [actions(button({ url: 'u'.repeat(3_001) }))]],
    ['an action_id of 256 characters', [actions(button({ action_id: 'i'.repeat(256) }))]],
    ['two buttons of one id', [actions(button({ action_id: 'i' }), button({ action_id: 'i' }))]],
    ['a confirmation with a title of 101 characters', [actions(confirm({ title: plain(101) }))]],
    ['a confirmation with a text of 301 characters', [actions(confirm({ text: plain(301) }))]],
    ['a confirmation with a button of 31 characters', [actions(confirm({ deny: plain(31) }))]],
    ['a block_id of 256 characters', [{ type: 'divider', block_id: 'b'.repeat(256) }]],
    ['a plain text that is verbatim', [{ type: 'section', text: { ...(plain(1) as object), verbatim: true } }]],
    ['formatted text without emoji', [{ type: 'section', text: { ...(mrkdwn('m') as object), emoji: false } }]],
    ['a kind of block that does not exist', [{ type: 'table_of_contents' }]],
    ['two blocks of one id', list(2, { type: 'divider', block_id: 'b' })],
  ])('refuses %s', async (_what, blocks) => {
    expect(await answerTo({ text: 'a report', blocks })).toBe('400 invalid_blocks');
    expect(slack.channel).toEqual([]);
    expect(slack.posts).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    [
      'more than 13,200 characters in all blocks',
      { blocks: list(5, section('s'.repeat(2_641))) },
      '400 msg_blocks_too_long',
    ],
    [
      'markdown of more than 12,000 characters in all blocks',
      { blocks: list(2, { type: 'markdown', text: 'm'.repeat(6_001) }) },
      '400 msg_blocks_too_long',
    ],
    ['a text of 40,001 characters', { text: 't'.repeat(40_001) }, '400 msg_too_long'],
    ['neither text nor blocks', {}, '400 no_text'],
    ['no JSON', '{"text":', '400 invalid_payload'],
  ])('refuses %s', async (_what, body, answer) => {
    expect(await answerTo(body)).toBe(answer);
  });

  it('knows only its own secret path', async () => {
    const response = await post({ text: 'x' }, slack.url.slice(0, -1));
    expect(`${response.status} ${await response.text()}`).toBe('404 no_service');
    expect(slack.posts).toHaveLength(0);
  });

  it('answers each post as it is told', async () => {
    const told = [
      'server_error',
      'no_service',
      { retryAfterSeconds: 7 },
      { status: 403, body: 'invalid_token' },
    ] as const;
    slack.answer((_post, n) => told[n] ?? 'ok');
    expect(await answerTo({ text: 'x' })).toBe('500 internal_error');
    expect(await answerTo({ text: 'x' })).toBe('404 no_service');
    const limited = await post({ text: 'x' });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await answerTo({ text: 'x' })).toBe('403 invalid_token');
    expect(slack.channel).toHaveLength(0);
    expect(await answerTo({ text: 'x' })).toBe('200 ok');
    expect(slack.channel).toHaveLength(1);
  });

  it('can take a post and lose the answer, or lose the post', async () => {
    slack.answer((_post, n) => (n === 0 ? 'lost_answer' : 'reset'));
    await expect(post({ text: 'taken' })).rejects.toThrow();
    await expect(post({ text: 'lost' })).rejects.toThrow();
    expect(slack.channel).toEqual([{ text: 'taken' }]);
    expect(slack.posts.map((taken) => taken.answered)).toEqual(['lost_answer', 'reset']);
  });

  it('can hang', async () => {
    slack.answer(() => 'hang');
    const post = fetch(slack.url, { method: 'POST', body: '{"text":"x"}', signal: AbortSignal.timeout(100) });
    await expect(post).rejects.toThrow();
    expect(slack.posts[0]?.accepted).toBe(false);
  });
});
