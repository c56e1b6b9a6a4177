import { sampleReport, sampleTriage } from '../../../test/notification/sample-triage';
import type { Report } from '../../domain/report';
import type { Triage } from '../../domain/triage';
import type { SlackBlock } from './slack-blocks';
import {
  ALL_BLOCKS_MAX,
  BLOCKS_MAX,
  FIELD_MAX,
  FIELDS_MAX,
  HEADER_MAX,
  PLAIN_MESSAGE_MAX,
  PREVIEW_MAX,
  SECTION_MAX,
} from './slack-limits';
import { plainSlackMessage, slackMessage } from './slack-message';

const PAGE = 'https://vigil.example/t/01J?e=1790000000&k=abc';

function texts(blocks: readonly SlackBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'header') return [block.text.text];
    if (block.type === 'context') return block.elements.map((element) => element.text);
    return [...(block.text ? [block.text.text] : []), ...(block.fields ?? []).map((field) => field.text)];
  });
}

const shown = (triage: Triage): string => texts(slackMessage(triage, PAGE).blocks).join('\n');
const withReport = (part: Partial<Report>): Triage => sampleTriage({ report: { ...sampleReport, ...part } });

function expectWithinLimits(triage: Triage): void {
  const message = slackMessage(triage, PAGE);
  expect(message.blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
  expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(ALL_BLOCKS_MAX);
  expect(message.text.length).toBeLessThanOrEqual(PREVIEW_MAX);
  expect(message.text).not.toMatch(/\n/);
  for (const block of message.blocks) {
    if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(HEADER_MAX);
    if (block.type === 'section') {
      expect(block.fields?.length ?? 1).toBeLessThanOrEqual(FIELDS_MAX);
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(FIELD_MAX);
      expect(block.text?.text.length ?? 1).toBeLessThanOrEqual(SECTION_MAX);
    }
  }
  for (const text of [message.text, ...texts(message.blocks), plainSlackMessage(triage, PAGE).text]) expectInert(text);
  expect(plainSlackMessage(triage, PAGE).text.length).toBeLessThanOrEqual(PLAIN_MESSAGE_MAX);
}

/** Valid Unicode, code spans in pairs, no control sequence but our own link, no half escape, no clickable URL. */
function expectInert(text: string): void {
  const foreign = text.replaceAll(/<https:\/\/vigil\.example\/t\/01J\?e=1790000000&amp;k=abc\|[A-Za-z ]+>/g, '');
  expect(text.length).toBeGreaterThan(0);
  expect(text.isWellFormed()).toBe(true);
  expect(foreign).not.toMatch(/[<>]/);
  expect(foreign.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect((foreign.split('`').length - 1) % 2).toBe(0);
  expect(foreign).not.toContain('://vigil.example');
  expect(foreign).not.toMatch(/https?:\/\//i);
}

describe('a triage as a Slack message', () => {
  it('says cause, confidence, urgency, actions, evidence, gaps and who ran it, in this order', () => {
    const text = shown(sampleTriage());
    const order = [
      'Cause found: HighErrorRate',
      'Data tried to give orders',
      '*checkout fails 31 % of its requests since v42*',
      '*Root cause* (high confidence)',
      'Component: `checkout`',
      'Change: `v42`',
      '• *now*: Roll back: `kubectl rollout undo deploy/checkout`',
      '• *can wait*: Add a start-up check of PAYMENT_URL',
      '• The errors began with v42 (`r1`, quote checked)\n`{version="v42"} 0.31`',
      '• Logs of the payment provider',
      ':red_circle: critical',
      '2026-05-04 03:02:00 UTC',
      'took 12.4 s · 2 tool calls · 7,500 tokens · $0.0250 · claude-sonnet-5-5 · triage 01JSAMPLE',
      '<https://vigil.example/t/01J?e=1790000000&amp;k=abc|Read the whole report',
    ];
    const places = order.map((part) => [part, text.indexOf(part)] as const);
    for (const [part, place] of places) expect([part, place >= 0]).toEqual([part, true]);
    expect(places.map(([, place]) => place)).toEqual(places.map(([, place]) => place).sort((a, b) => a - b));
  });

  it.each<[string, Partial<Triage>]>([
    ['Cause found', {}],
    ['Possible cause', { report: { ...sampleReport, rootCause: { ...sampleReport.rootCause, confidence: 'low' } } }],
    [
      'No cause found',
      { report: { ...sampleReport, rootCause: { ...sampleReport.rootCause, confidence: 'unknown' } } },
    ],
    ['Analysis without a structured report', { report: undefined }],
    ['Partial findings', { outcome: 'partial', endedBy: 'tool_budget' }],
    ['Investigation failed', { outcome: 'failed', endedBy: 'model_unavailable', report: undefined }],
    ['Vigil error', { outcome: 'error', endedBy: 'crashed', report: undefined }],
    ['Cancelled', { outcome: 'cancelled', endedBy: 'resolved', report: undefined }],
  ])('is titled "%s" by its outcome (GV-41)', (title, part) => {
    const message = slackMessage(sampleTriage(part), PAGE);
    expect(texts(message.blocks)[0]).toBe(`${title}: HighErrorRate`);
    expect(message.text.startsWith(`${title}: HighErrorRate: `)).toBe(true);
  });

  it('does not call a guess a root cause', () => {
    const rootCause = { ...sampleReport.rootCause, confidence: 'unknown' as const };
    expect(shown(withReport({ rootCause }))).toContain('*Root cause not established* (confidence unknown');
  });

  it('says why partial findings are partial', () => {
    expect(shown(sampleTriage({ outcome: 'partial', endedBy: 'deadline' }))).toContain('It ran out of time');
  });

  it.each([undefined, '', 'purple', '__proto__', 'constructor'])(
    'shows the severity %p in neutral (GV-41)',
    (severity) => {
      expect(shown(sampleTriage({ severity }))).toContain(':white_circle:');
    },
  );

  it('says that the alert has resolved meanwhile, only when all of it has', () => {
    const [firing] = sampleTriage().firings;
    const over = { ...firing!, status: 'resolved' as const, endsAt: new Date('2026-05-04T03:09:00Z') };
    expect(shown(sampleTriage({ firings: [over] }))).toContain('resolved meanwhile*, at 2026-05-04 03:09:00 UTC');
    expect(shown(sampleTriage({ firings: [over, firing!] }))).not.toContain('resolved meanwhile');
  });

  it('says how many alerts of the group nobody has seen, only when there are any (F69)', () => {
    const sentence = 'Alertmanager left out 37 further alerts of this group (max_alerts): not seen, not investigated.';
    expect(shown(sampleTriage({ truncatedAlerts: 37 }))).toContain(sentence);
    expect(shown(sampleTriage())).not.toContain('max_alerts');
  });

  it('shows the analysis as text when there is no report', () => {
    const text = shown(sampleTriage({ report: undefined, analysis: '## Findings\nThe **disk** of `db-1` is full.' }));
    expect(text).toContain('Findings\nThe disk of `db-1` is full.');
  });

  it('leaves out a cost that is not known and figures that nobody has', () => {
    const unpriced = sampleTriage();
    const turns = unpriced.conversations[0]!.turns.map((t) => (t.role === 'assistant' ? { ...t, costUsd: null } : t));
    expect(shown({ ...unpriced, conversations: [{ ...unpriced.conversations[0]!, turns }] })).not.toContain('$');
    expect(shown(sampleTriage({ conversations: [] }))).toContain('took 12.4 s · triage 01J');
  });

  it('shows three pieces of evidence, the verified ones first, and counts the rest', () => {
    const piece = (claim: string, verified: 'quoted' | 'unverified') => ({ claim, source: 'r1', quote: 'q', verified });
    const evidence = [
      piece('first', 'unverified'),
      piece('second', 'quoted'),
      piece('third', 'quoted'),
      piece('fourth', 'quoted'),
    ];
    const text = shown(withReport({ evidence }));
    expect(text.indexOf('second')).toBeLessThan(text.indexOf('fourth'));
    expect(text).not.toContain('first');
    expect(text).toContain('and 1 more');
  });

  it('asks Slack to make no links, mentions or previews of its own', () => {
    const message = slackMessage(sampleTriage(), PAGE);
    expect(message).toMatchObject({ unfurl_links: false, unfurl_media: false });
    const objects = message.blocks.flatMap((block) =>
      block.type === 'context'
        ? block.elements
        : block.type === 'section'
          ? [...(block.text ? [block.text] : []), ...(block.fields ?? [])]
          : [],
    );
    expect(objects.every((object) => object.verbatim)).toBe(true);
  });
});

const NASTY: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['blanks', ' \n\t '],
  ['3,001 letters', 'a'.repeat(3_001)],
  ['a megabyte of <', '<'.repeat(1_000_000)],
  ['ampersands', '&'.repeat(3_001)],
  ['fire', '🔥'.repeat(3_001)],
  ['lone surrogates', '\ud83d'.repeat(3_001)],
  ['quotes and backslashes', '"\\'.repeat(3_001)],
  ['lines', 'a\n'.repeat(3_001)],
  ['backticks', '`'.repeat(3_001)],
  ['spans', '`a`'.repeat(3_001)],
  ['fences', '```\ncode\n```\n'.repeat(500)],
  ['an open fence', `\`\`\`${'x'.repeat(4_000)}`],
  ['mentions', '<!channel> <@U1> <!subteam^S1> @here '.repeat(200)],
  ['links', '<https://evil.example|ok> https://evil.example [x](https://evil.example) '.repeat(100)],
  ['formatting', '*_~*_~ a_b*c~d '.repeat(400)],
  ['control characters', '\u0000\u001b[31m\u0007\u202e\u200b'.repeat(500)],
  ['only characters that hide', '\u200b\u202e'.repeat(500)],
  ['combining marks', 'e\u0301\u0327'.repeat(2_000)],
  ['Arabic and Chinese', 'مرحبا 世界 '.repeat(700)],
];

describe('any report is inside the limits of Slack (GV-36, GV-37, GV-40, GV-42)', () => {
  const many = <T>(item: T): T[] => Array.from({ length: 60 }, () => item);

  function stuffed(text: string): Triage {
    return sampleTriage({
      alertName: text,
      severity: text,
      summary: text,
      analysis: text,
      report: {
        headline: text,
        whatIsHappening: text,
        rootCause: { statement: text, component: text, change: text, confidence: 'low' },
        affected: many(text),
        evidence: many({ claim: text, source: text, quote: text, verified: 'unverified' }),
        ruledOut: many(text),
        actions: many({ action: text, urgency: 'now' }),
        urgency: 'now',
        couldNotCheck: many(text),
        flags: many({ kind: 'instruction_in_data', source: text, text }),
      },
    });
  }

  it.each(NASTY)('with %s in every field', (_name, text) => {
    expectWithinLimits(stuffed(text));
    expectWithinLimits({ ...stuffed(text), report: undefined, outcome: 'failed', endedBy: 'refusal' });
  });

  it('with nothing in any list', () => {
    expectWithinLimits(
      sampleTriage({
        report: {
          ...sampleReport,
          affected: [],
          evidence: [],
          ruledOut: [],
          actions: [],
          urgency: 'now',
          couldNotCheck: [],
          flags: [],
        },
        firings: [],
        conversations: [],
        severity: undefined,
        summary: undefined,
      }),
    );
  });

  it('with any mixture of these (generated, the same in each run)', () => {
    let state = 42;
    const chance = (below: number): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let round = 0; round < 60; round += 1) {
      const pieces = Array.from({ length: 1 + chance(12) }, () => {
        const text = NASTY[chance(NASTY.length)]![1];
        const start = chance(text.length + 1);
        return text.slice(start, start + chance(600));
      });
      expectWithinLimits(stuffed(pieces.join('')));
    }
  });
});
