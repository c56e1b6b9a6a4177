import { readAnswer } from './slack-answer';

const SECRET = 'https://hooks.example/services/T0/B0/secretword';
const read = (status: number, text: string, retryAfter?: string) => readAnswer({ status, text, retryAfter }, SECRET);

describe("Slack's answers", () => {
  it.each([
    [200, 'ok', 'delivered'],
    [200, '{"ok":true}', 'delivered'],
    [200, 'ok\n', 'delivered'],
    [200, '{"ok":false,"error":"internal_error"}', 'retry'],
    [200, '{"ok":false,"error":"channel_not_found"}', 'rejected'],
    [200, '<html>sign in</html>', 'rejected'],
    [200, '', 'rejected'],
    [302, '', 'rejected'],
    [400, 'invalid_blocks', 'unreadable'],
    [400, 'invalid_payload', 'unreadable'],
    [400, 'msg_blocks_too_long', 'unreadable'],
    [400, 'no_text', 'unreadable'],
    [413, '', 'unreadable'],
    [400, 'user_not_found', 'rejected'],
    [403, 'invalid_token', 'rejected'],
    [403, 'action_prohibited', 'rejected'],
    [404, 'no_service', 'rejected'],
    [410, 'channel_is_archived', 'rejected'],
    [418, 'null', 'rejected'],
    [408, '', 'retry'],
    [429, 'rate_limited', 'retry'],
    [400, 'rollup_error', 'retry'],
    [500, 'rollup_error', 'retry'],
    [503, '<html>', 'retry'],
  ])('%p %p is %p', (status, text, outcome) => {
    expect(read(status, text).outcome).toBe(outcome);
  });

  it.each([
    ['30', 30_000],
    ['999999', 3_600_000],
    ['soon', undefined],
    ['-1', undefined],
    [undefined, undefined],
  ])('Retry-After %p is %p milliseconds', (header, afterMs) => {
    expect(read(429, 'rate_limited', header)).toEqual({
      outcome: 'retry',
      reason: 'Slack answered 429 rate_limited',
      afterMs,
    });
  });

  it('says with the word what to do about it', () => {
    expect(read(404, 'no_service')).toMatchObject({
      reason:
        'Slack answered 404 no_service: the webhook was removed or switched off: make a new one and set slack-webhook-url',
    });
  });

  it('repeats nothing that is no word of Slack, and nothing of the URL (GV-39)', () => {
    for (const text of [`no ${SECRET}`, 'secretword', '{"error":"secretword"}', 'UPPER', 'a'.repeat(100)]) {
      expect(read(404, text)).toMatchObject({
        reason: 'Slack answered 404: Slack will not take it as it is: check slack-webhook-url',
      });
    }
  });
});
