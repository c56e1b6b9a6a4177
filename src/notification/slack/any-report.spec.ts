import { checkedTriage, soundReport } from '../../../test/notification/checked-reports';
import { sampleTriage } from '../../../test/notification/sample-triage';
import { slackRefusal } from '../../../test/stand-ins/slack-limits';
import type { Conversation } from '../../domain/conversation';
import { CONFIDENCES, type Report, URGENCIES, VERIFICATIONS } from '../../domain/report';
import { ENDS, OUTCOMES, type Triage } from '../../domain/triage';
import type { SlackBlock } from './slack-blocks';
import { ALL_BLOCKS_MAX, BLOCKS_MAX, HEADER_MAX, PLAIN_MESSAGE_MAX, PREVIEW_MAX, SECTION_MAX } from './slack-limits';
import { type MessageLinks, plainSlackMessage, slackMessage } from './slack-message';

const PROMETHEUS = { prometheusUrl: 'http://prometheus.example' };
const LINKS: MessageLinks = {
  page: 'https://vigil.example/t/01J?e=1790000000&k=abc',
  viewers: { ...PROMETHEUS, grafanaUrl: 'https://grafana.example' },
};
/** What our code writes between `<` and `>`: a link to one of its own pages, whose label is ours. */
const OURS = /<https?:\/\/(?:vigil|grafana|prometheus)\.example\/[^<>|\s]*\|(?:query [or]\d+|[A-Za-z0-9 ,:]+)>/g;

function texts(blocks: readonly SlackBlock[]): string[] {
  return blocks.flatMap((block) =>
    block.type === 'context' ? block.elements.map((element) => element.text) : [block.text.text],
  );
}

function expectWithinLimits(triage: Triage, links = LINKS): void {
  const message = slackMessage(triage, links);
  expect(slackRefusal(JSON.parse(JSON.stringify(message)))).toBeUndefined();
  expect(message.blocks.length).toBeLessThanOrEqual(BLOCKS_MAX);
  expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(ALL_BLOCKS_MAX);
  expect(message.text.length).toBeLessThanOrEqual(PREVIEW_MAX);
  expect(message.text).not.toMatch(/\n/);
  for (const block of message.blocks) {
    if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(HEADER_MAX);
    for (const text of texts([block])) expect(text.length).toBeLessThanOrEqual(SECTION_MAX);
  }
  const plain = plainSlackMessage(triage, links);
  expect(slackRefusal(plain)).toBeUndefined();
  expect(plain.text.length).toBeLessThanOrEqual(PLAIN_MESSAGE_MAX);
  expect(plain.text.split(':')[0]).toBe(texts(message.blocks)[0]!.split(':')[0]);
  expect(plain.text).toMatch(/<https:\/\/vigil\.example\/[^<>]*>$/);
  const [head, ...formatted] = texts(message.blocks);
  expectInert(head!);
  for (const text of [message.text, ...formatted, plain.text]) {
    expectInert(text);
    expect((text.split('`').length - 1) % 2).toBe(0);
    expect(text).not.toMatch(/\p{M}{5}/u);
  }
}

/** Valid Unicode, no control sequence but our own links, no half escape, no clickable URL. */
function expectInert(text: string): void {
  const foreign = text.replaceAll(OURS, '');
  expect(text.length).toBeGreaterThan(0);
  expect(text.isWellFormed()).toBe(true);
  expect(foreign).not.toMatch(/[<>]/);
  expect(foreign.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect(foreign).not.toMatch(/https?:\/\//i);
  expect(foreign).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
}

const NASTY: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['blanks', ' \n\t '],
  ['3,001 letters', 'a'.repeat(3_001)],
  ['a megabyte of <', '<'.repeat(1_000_000)],
  ['ampersands', '&'.repeat(3_001)],
  ['fire', '🔥'.repeat(3_001)],
  ['families', '👩‍👩‍👧‍👦'.repeat(500)],
  ['lone surrogates', '\ud83d'.repeat(3_001)],
  ['halves in the wrong order', '\udd25\ud83d'.repeat(1_500)],
  ['quotes and backslashes', '"\\'.repeat(3_001)],
  ['lines', 'a\n'.repeat(3_001)],
  ['carriage returns and separators', 'a\r\nb\rc\u2028d\u2029e'.repeat(500)],
  ['backticks', '`'.repeat(3_001)],
  ['spans', '`a`'.repeat(3_001)],
  ['fences', '```\ncode\n```\n'.repeat(500)],
  ['an open fence', `\`\`\`${'x'.repeat(4_000)}`],
  ['an escape at each place', '&lt;!channel&gt;'.repeat(300)],
  ['mentions', '<!channel> <@U1> <!subteam^S1> @here '.repeat(200)],
  ['links', '<https://evil.example|ok> https://evil.example [x](https://evil.example) '.repeat(100)],
  ['ends of links', '|ok> ](x) <https://vigil.example/t/01J|'.repeat(200)],
  ['formatting', '*_~*_~ a_b*c~d '.repeat(400)],
  ['forged lines', '\n• *Evidence*, quote checked: all is well :white_check_mark:\n> quote'.repeat(60)],
  ['control characters', '\u0000\u001b[31m\u0007\u202e\u200b'.repeat(500)],
  ['only characters that hide', '\u200b\u202e'.repeat(500)],
  ['combining marks', 'e\u0301\u0327'.repeat(2_000)],
  ['a tower of marks', `e${'\u0301'.repeat(4_000)}`],
  ['Arabic and Chinese', 'مرحبا 世界 '.repeat(700)],
  ['Hebrew with points', 'שָׁלוֹם '.repeat(500)],
  ['marks of ours', '83 % [unverified] Hypothesis, not verified: '.repeat(100)],
];

const many = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));

describe('any report is inside the limits of Slack (GV-36, GV-37, GV-40, GV-42)', () => {
  function stuffed(text: string): Triage {
    const figures = (['headline', 'what_is_happening', 'root_cause', 'evidence.0'] as const).map((field, i) => ({
      field,
      text: text.slice(i * 290, i * 290 + 5),
      at: i * 290,
      verified: 'unverified' as const,
      how: text,
    }));
    return checkedTriage(
      {
        headline: text,
        whatIsHappening: text,
        rootCause: { statement: text, component: text, change: text, confidence: 'low' },
        affected: many(60, () => text),
        evidence: many(200, (i) => ({
          claim: text,
          source: i % 2 ? text : 'r1',
          quote: text,
          verified: 'unverified',
          doubts: [text, text],
        })),
        ruledOut: many(60, () => text),
        actions: many(60, () => ({ action: text, urgency: 'now' })),
        urgency: 'now',
        couldNotCheck: many(60, () => text),
        flags: many(60, () => ({ kind: 'instruction_in_data', source: text, text })),
        check: { figures, claimedConfidence: 'high', change: 'not_recorded', faults: many(60, () => text) },
      },
      { alertName: text, severity: text, summary: text, analysis: text },
    );
  }

  it.each(NASTY)('with %s in every field', (_name, text) => {
    expectWithinLimits(stuffed(text));
    expectWithinLimits({ ...stuffed(text), report: undefined, outcome: 'failed', endedBy: 'refusal' });
  });

  it('with nothing in any list', () => {
    const nothing = { affected: [], evidence: [], ruledOut: [], actions: [], couldNotCheck: [], flags: [] };
    const report = { ...soundReport, ...nothing, check: { figures: [], faults: [] } };
    expectWithinLimits(
      sampleTriage({ report, firings: [], conversations: [], severity: undefined, summary: undefined }),
    );
  });

  it.each([200, 700, 1_200, 3_000, 100_000])('with queries of %i characters behind the evidence', (length) => {
    for (const character of ['a', '"', '|', '<', 'é', '🔥', '\ud83d']) {
      const [conversation] = checkedTriage(soundReport).conversations;
      const input = { query: character.repeat(length) };
      const toolCalls = conversation!.toolCalls.map((call) => ({ ...call, input }));
      const triage = checkedTriage(soundReport, { conversations: [{ ...conversation!, toolCalls }] });
      expectWithinLimits(triage);
      expectWithinLimits(triage, { ...LINKS, viewers: PROMETHEUS });
    }
  });
});

/** A linear congruential generator: the same numbers in each run. */
class Dice {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((this.state / 2 ** 31) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  some<T>(most: number, item: () => T): T[] {
    return many(this.below(most + 1), item);
  }

  text(): string {
    if (this.below(3) === 0) return this.pick(['checkout fails 31 % since v42', 'payments', '', 'r1']);
    const pieces = this.some(8, () => {
      const [, text] = this.pick(NASTY);
      const start = this.below(Math.min(text.length, 4_000) + 1);
      return text.slice(start, start + this.below(600));
    });
    return pieces.join(this.pick(['', ' ', '\n']));
  }
}

describe('320 reports by chance', () => {
  function anyReport(dice: Dice): Report {
    const text = (): string => dice.text();
    const fields = ['headline', 'what_is_happening', 'root_cause', 'evidence.0', 'evidence.1'] as const;
    const figure = () => ({
      field: dice.pick(fields),
      text: dice.pick(['31', 'v42', '31 %', text().slice(0, 9)]),
      at: dice.below(60),
      verified: dice.pick(VERIFICATIONS),
      how: text(),
    });
    const check = () => ({
      figures: dice.some(30, figure),
      claimedConfidence: dice.pick([undefined, ...CONFIDENCES]),
      change: dice.pick([undefined, 'recorded', 'not_recorded'] as const),
      faults: dice.some(5, text),
    });
    return {
      headline: text(),
      whatIsHappening: text(),
      rootCause: {
        statement: text(),
        component: text(),
        change: dice.pick([null, text()]),
        confidence: dice.pick(CONFIDENCES),
      },
      affected: dice.some(60, text),
      evidence: dice.some(20, () => ({
        claim: text(),
        source: dice.pick(['r1', 'r2', 'o1', 'o2', 'r99', text()]),
        quote: text(),
        verified: dice.pick([undefined, ...VERIFICATIONS]),
        doubts: dice.pick([undefined, [], [text(), text()]]),
      })),
      ruledOut: dice.some(4, text),
      actions: dice.some(60, () => ({ action: text(), urgency: dice.pick(URGENCIES) })),
      urgency: dice.pick(URGENCIES),
      couldNotCheck: dice.some(20, text),
      flags: dice.some(4, () => ({ kind: 'instruction_in_data', source: text(), text: text() })),
      check: dice.below(4) === 0 ? undefined : check(),
    };
  }

  function anyConversation(dice: Dice): Conversation {
    const [conversation] = checkedTriage(soundReport).conversations;
    const toolCalls = conversation!.toolCalls.map((call) => ({
      ...call,
      input: dice.pick<unknown>([call.input, { query: dice.text() }, null, 'up', {}]),
    }));
    return { ...conversation!, model: dice.pick(['claude-sonnet-5-5', dice.text()]), toolCalls };
  }

  function anyTriage(dice: Dice): Triage {
    const [firing] = sampleTriage().firings;
    const over = { ...firing!, status: 'resolved' as const, endsAt: new Date('2026-05-04T03:09:00Z') };
    return sampleTriage({
      status: dice.pick(['finished', 'finished', 'running', 'waiting'] as const),
      outcome: dice.pick([undefined, ...OUTCOMES]),
      endedBy: dice.pick([undefined, ...ENDS]),
      alertName: dice.text(),
      severity: dice.pick([undefined, 'critical', dice.text()]),
      summary: dice.pick([undefined, dice.text()]),
      analysis: dice.pick([undefined, dice.text()]),
      report: dice.below(5) === 0 ? undefined : anyReport(dice),
      truncatedAlerts: dice.pick([undefined, 37]),
      firings: dice.some(5, () => dice.pick([firing!, over])),
      conversations: dice.some(2, () => anyConversation(dice)),
    });
  }

  it.each(many(8, (n) => n))('are all inside the limits and inert (part %i)', (part) => {
    const dice = new Dice(1 + part * 7_919);
    for (let round = 0; round < 40; round += 1) {
      expectWithinLimits(anyTriage(dice), dice.pick([LINKS, { ...LINKS, viewers: PROMETHEUS }]));
    }
  });
});
