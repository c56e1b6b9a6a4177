import { byWeight, type DigestItem } from '../../domain/digest';
import type { LinkedItem } from '../message';
import type { SlackBlock } from './slack-blocks';
import { plainSlackDigest, slackDigest } from './slack-digest';
import { ALL_BLOCKS_MAX, BLOCKS_MAX, HEADER_MAX, PLAIN_MESSAGE_MAX, PREVIEW_MAX, SECTION_MAX } from './slack-limits';
import { plainSlackNotice, slackNotice } from './slack-notice';

const PAGE = 'https://vigil.example/t/01J?e=1790000000&k=abc';

function item(n: number, part: Partial<Extract<LinkedItem, { kind: 'report' }>> = {}): LinkedItem {
  return {
    kind: 'report',
    triageId: `T${n}`,
    alertName: `Alert${n}`,
    severity: 'warning',
    verdict: 'cause_found',
    gist: `headline ${n}`,
    link: PAGE,
    ...part,
  };
}
const items = (count: number, part = {}): LinkedItem[] => Array.from({ length: count }, (_, i) => item(i, part));
const notice = {
  about: 'money',
  happened: 'It is <spent> & gone.',
  waiting: 12,
  goesOnAt: new Date('2026-11-25T00:00:00Z'),
} as const;

function texts(blocks: readonly SlackBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'header') return [block.text.text];
    return block.type === 'section' && block.text ? [block.text.text] : [];
  });
}
const shown = (told: readonly LinkedItem[]): string => texts(slackDigest(told).blocks).join('\n');

describe('a digest', () => {
  it('puts notices first, then the most severe, and keeps the order of ending among equals', () => {
    const told: DigestItem[] = [
      item(1),
      item(2, { severity: 'info' }),
      item(3, { severity: 'CRITICAL' }),
      item(4, { severity: undefined }),
      item(5),
      item(6, { severity: 'critical' }),
      { kind: 'notice', notice },
    ];
    const order = byWeight(told).map((one) => (one.kind === 'notice' ? 'notice' : one.triageId));
    expect(order).toEqual(['notice', 'T3', 'T6', 'T1', 'T5', 'T4', 'T2']);
  });

  it('counts by severity and verdict, and says of each what it is, with its link', () => {
    const told = [item(1, { severity: 'critical', verdict: 'failed', gist: undefined }), item(2), item(3)];
    expect(shown(told).split('\n')).toEqual([
      'Digest: 3 reports',
      'More messages were due in this hour than slack-messages-per-hour allows: this one stands for the rest, the most severe first.',
      '1 × critical · 2 × warning',
      '1 × Investigation failed · 2 × Cause found',
      '• :red_circle: *Investigation failed*: Alert1 · <https://vigil.example/t/01J?e=1790000000&amp;k=abc|read it>',
      '• :large_orange_circle: *Cause found*: Alert2: headline 2 · <https://vigil.example/t/01J?e=1790000000&amp;k=abc|read it>',
      '• :large_orange_circle: *Cause found*: Alert3: headline 3 · <https://vigil.example/t/01J?e=1790000000&amp;k=abc|read it>',
    ]);
    expect(slackDigest(told).text).toMatch(/^Digest: 3 reports: 1 × critical/);
  });

  it('counts what it has no room for', () => {
    const lines = shown(items(5_000)).split('\n');
    const told = lines.filter((line) => line.includes('*Cause found*')).length;
    expect(told).toBeGreaterThan(30);
    expect(lines.at(-1)).toBe(
      `• and ${(5_000 - told).toLocaleString('en-US')} more: GET /api/v1/triage lists them all`,
    );
    expect(plainSlackDigest(items(5_000)).text).toMatch(/\n• and 4,9\d\d more: GET \/api\/v1\/triage lists them all$/);
  });

  it.each(['<!channel> & <http://evil|x>', '🔥'.repeat(300), '`"\\\n'.repeat(200), '', '\ud800\u0000'])(
    'is inside the limits of Slack and inert, whatever the reports hold: %j (GV-36, GV-40)',
    (text) => {
      for (const count of [1, 2, 60, 400]) {
        const told = [
          { kind: 'notice' as const, notice: { ...notice, happened: text } },
          ...items(count, { alertName: text, severity: text, gist: text }),
        ];
        const message = slackDigest(told);
        expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(ALL_BLOCKS_MAX);
        expect(message.blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
        expect(texts(message.blocks)[0]!.length).toBeLessThanOrEqual(HEADER_MAX);
        expect(message.text.length).toBeLessThanOrEqual(PREVIEW_MAX);
        const plain = plainSlackDigest(told).text;
        expect(plain.length).toBeLessThanOrEqual(PLAIN_MESSAGE_MAX);
        for (const one of [message.text, plain, ...texts(message.blocks)]) {
          expect(one.length).toBeLessThanOrEqual(Math.max(SECTION_MAX, PLAIN_MESSAGE_MAX));
          expectInert(one);
        }
      }
    },
  );
});

describe('a notice', () => {
  it('says what happened, what it means and what to do', () => {
    expect(texts(slackNotice(notice).blocks)).toEqual([
      "Vigil does not investigate: the day's money is spent",
      'It is &lt;spent&gt; &amp; gone.',
      '*12 triages wait until 2026-11-25 00:00:00 UTC; what was found so far is kept.* To let them go on now, raise max-cost-usd-per-day and restart Vigil. Until then look into new alerts yourself.',
    ]);
    expect(plainSlackNotice(notice).text).toContain('raise max-cost-usd-per-day');
  });

  it('of a model that is down says that they go on by themselves', () => {
    const down = { about: 'model_unavailable', happened: 'It is overloaded.', waiting: 1 } as const;
    expect(texts(slackNotice(down).blocks)[2]).toBe(
      '*1 triage waits; what was found so far is kept.* They go on within a minute after the model answers again. Until then look into new alerts yourself.',
    );
    expect(slackNotice({ ...down, waiting: 0 }).text).toContain('No triage waits for it any more');
  });
});

function expectInert(text: string): void {
  const foreign = text.replaceAll('<https://vigil.example/t/01J?e=1790000000&amp;k=abc|read it>', '');
  expect(text.isWellFormed()).toBe(true);
  expect(foreign).not.toMatch(/[<>]/);
  expect(foreign.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect((foreign.split('`').length - 1) % 2).toBe(0);
}
