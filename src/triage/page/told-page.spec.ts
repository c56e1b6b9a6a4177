import { doubtfulReport, doubtfulTriage, fence, toldConversation } from '../../../test/triage/checked-triage';
import type { Conversation, ToolCallRecord } from '../../domain/conversation';
import type { Report, ReportCheck } from '../../domain/report';
import { ALERT_TITLE } from '../../domain/sent-texts';
import { triagePage } from './triage-page';

const viewers = { prometheusUrl: 'http://p:9090', grafanaUrl: 'https://grafana.example' };
const pageOf = (part: Parameters<typeof doubtfulTriage>[0] = {}): string => triagePage(doubtfulTriage(part), viewers);
const withReport = (part: Partial<Report>): string => pageOf({ report: { ...doubtfulReport, ...part } });
const withCheck = (part: Partial<ReportCheck>): string =>
  withReport({ check: { ...doubtfulReport.check!, ...part }, evidence: [doubtfulReport.evidence[0]!] });
/** As it is read: without its tags, its blanks folded. */
const read = (page: string): string =>
  page
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/\s+/g, ' ');
/** The part that a handle leads to. */
const at = (page: string, id: string): string => read(page.slice(page.indexOf(` id="${id}"`)).replace(/^[^>]*>/, ''));

describe('a report that is not all verified', () => {
  const text = read(pageOf());

  it('says so before the report, with how much of it, and leads to what was checked', () => {
    const [before] = text.split('Since 14:06:29');
    expect(before).toContain(
      'Not all of this report is verified. Nothing that the model was sent bears out 4 of its 8 figures and 1 of its 4 pieces of evidence',
    );
    expect(pageOf()).toContain('<a href="#checked">What was checked</a>');
    expect(pageOf()).toContain('id="checked"');
  });

  it.each([
    ['headline', 'Hypothesis: payments fails 34 % of its requests since 2.14.0 and has lost 1,250 unverified orders'],
    [
      'description',
      'Hypothesis: Since 14:06:29 UTC payments answers 34 % of requests with 5xx; before, it was 0.1 %. About 4,000 unverified customers',
    ],
    [
      'root cause',
      'Hypothesis: Version 2.14.0 (revision 9f3c2e1) broke toMinorUnits : the CPU rose to 97 % unverified as well.',
    ],
    ['claim', 'Hypothesis: The queue held 812 unverified orders at 14:05 UTC'],
  ])('calls the %s a hypothesis in words, and marks the figure that nothing bears out', (_field, sentence) => {
    expect(text).toContain(sentence);
  });

  it('marks the figures in doubt in the texts that nobody looks up, and calls no cause found that holds one', () => {
    const page = withReport({
      affected: ['4,000 customers'],
      actions: [{ action: 'Refund 1,250 orders', urgency: 'now' }],
      ruledOut: ['The CPU is at 97 % for another reason'],
      couldNotCheck: ['Who the 4,000 are'],
      rootCause: { ...doubtfulReport.rootCause, confidence: 'high' },
    });
    for (const marked of [
      '4,000 [unverified] customers',
      'Refund 1,250 [unverified] orders',
      'at 97 % [unverified] for another',
      'Who the 4,000 [unverified] are',
      'Root cause not established high confidence',
    ]) {
      expect(read(page)).toContain(marked);
    }
  });

  it('is numbered and ordered as every reader is told it: what is verified first, its links too', () => {
    const page = pageOf();
    expect(at(page, 'e4')).toMatch(/^ ?Hypothesis: The queue held 812/);
    expect(page).toMatch(/id="r2">[^]*?evidence <a href="#e2">2<\/a>, <a href="#e4">4<\/a>/);
  });

  it('does not call a claim checked whose quote stands there beside a figure that nothing bears out', () => {
    const [first] = doubtfulReport.evidence;
    const claim = 'It has lost 1,250 orders';
    const figures = [
      { field: 'evidence.0' as const, text: '1,250', at: 12, verified: 'unverified' as const, how: 'stands nowhere' },
    ];
    const page = read(withReport({ evidence: [{ ...first!, claim }], check: { figures, faults: [] } }));
    expect(page).toContain(
      'Hypothesis: It has lost 1,250 unverified orders ( r1 ) not verified look at the data 1,250 stands nowhere',
    );
    expect(page).not.toContain('the quote was checked');
  });

  it('cannot have marks of code that the model wrote itself', () => {
    const page = read(
      withReport({ headline: 'payments is down ✓ [verified by Vigil]', check: { figures: [], faults: [] } }),
    );
    expect(page).toContain('payments is down · (verified by Vigil)');
  });

  it('leaves a text alone whose figures all stand in what was sent', () => {
    expect(text).toContain('The share of errors of payments rose from 0.1 % to 34 % ( r1 ) ✓ the quote was checked');
    expect(text).not.toContain('Hypothesis: The share of errors');
  });

  it('calls a claim a hypothesis whose quote stands nowhere, with the doubts', () => {
    const [, doubted] = doubtfulReport.evidence;
    const page = read(withReport({ evidence: [{ ...doubted!, claim: 'The queue is long' }] }));
    expect(page).toContain(
      'Hypothesis: The queue is long ( r2 ) not verified look at the data The quote stands nowhere in r2.',
    );
  });

  it('marks nothing where the figure does not stand in the text that is shown, and still calls that a hypothesis', () => {
    const page = withReport({ headline: 'payments is down' });
    expect(read(page)).toContain('Hypothesis: payments is down');
  });

  it('is not torn apart by marks of the text itself, nor by the signs that stand for tags', () => {
    const headline = '`a 5` **b 6** \ue000<b>\ue001 7';
    const figures = ['5` **b', '6', '7'].map((figure) => ({
      field: 'headline' as const,
      text: figure,
      at: headline.indexOf(figure),
      verified: 'unverified' as const,
      how: '',
    }));
    const heading = /<h1>([^]*)<\/h1>/.exec(withReport({ headline, check: { figures, faults: [] } }))![1]!;
    expect(heading.match(/<span/g)).toHaveLength(2);
    expect(heading.match(/<\/span>/g)).toHaveLength(2);
    expect(heading).toContain('&lt;b&gt;');
    expect(heading).not.toMatch(/[\ue000\ue001]/);
  });

  it('tells that the confidence was lowered, from what to what', () => {
    expect(text).toContain(
      'The model claimed confidence “high”. Vigil has lowered it to “low”: not all of it is borne out by what was sent.',
    );
  });

  it('tells of the change that it names whether it is a recorded one', () => {
    expect(text).toContain('9f3c2e1 unverified: not a recorded change from before the start that the model was shown');
    expect(read(withCheck({ change: 'recorded' }))).toContain('9f3c2e1 ✓ recorded before the alert started');
    expect(read(withCheck({ change: undefined }))).toContain('Change 9f3c2e1 Affected');
  });
});

describe('what was checked, and how', () => {
  it('lists what is doubtful in the open, and the rest folded, each figure with its field and the way it was found', () => {
    const section = at(pageOf(), 'checked');
    expect(section).toMatch(
      /^ ?Figures that stand in what the model was sent, or were recomputed from it: 4 of 8\. Pieces of evidence that were verified: 3 of 4\./,
    );
    expect(section).toContain('What is still wrong with it: The change: 9f3c2e1 is not among the changes');
    expect(section).toContain('1,250 in the headline unverified stands nowhere in what was sent');
    expect(section).toContain('812 in the claim of evidence 4 unverified');
    expect(section).toContain(
      'The 4 figures that can be found, and where 34 % in the headline ✓ derived r1: 0.3412 as a percentage',
    );
    expect(section).toContain('14:06:29 in the description ✓ quoted stands in r2');
    expect(section).toContain('evidence 4 from r2 unverified The quote stands nowhere in r2.');
  });

  it('says each fault once: those of figures in the list of figures', () => {
    const faults = [
      'headline: "1,250" stands nowhere in what was sent.',
      'evidence.1 (r2): Its quote does not stand in r2.',
      'evidence.1 (r2): "812" stands nowhere in what was sent.',
      'ruled_out.0: "1,250" stands nowhere in what was sent.',
    ];
    const page = read(withReport({ check: { ...doubtfulReport.check!, faults } }));
    expect(page).toContain(
      'still wrong with it: Evidence from r2: Its quote does not stand in r2. 1,250 in the headline unverified',
    );
  });

  it('is folded, without a note before the report, when all is well', () => {
    const figures = doubtfulReport.check!.figures.filter(({ verified }) => verified !== 'unverified');
    const page = withCheck({ figures, faults: [], claimedConfidence: undefined, change: 'recorded' });
    expect(read(page)).not.toMatch(/Not all of this report|Hypothesis|still wrong|unverified/);
    expect(at(page, 'checked')).toContain('recomputed from it: 4 of 4.');
  });

  it('does not pass for done where nobody has checked', () => {
    expect(read(withReport({ check: undefined }))).toContain(
      'Vigil has not looked this report up in what the model was sent',
    );
  });
});

describe('the investigation as it is told', () => {
  const page = pageOf();
  const text = read(page);

  it('begins with what was known: each section by its title, at a place of its own', () => {
    expect(at(page, 'o2')).toMatch(/^ ?o2 the rule of the alert · evidence 3 expression: sum/);
    expect(at(page, 'o3')).toMatch(/^ ?o3 how old its last log line is not known Loki did not answer in time\./);
    expect(page.indexOf('id="o3"')).toBeLessThan(page.indexOf('Step 1: the model asks for metrics over time and logs'));
  });

  it("plots the course of the rule's expression in the open, with its limit, the start of the alert, and a way to the data", () => {
    const section = page.slice(page.indexOf('id="o2"'), page.indexOf('id="o3"'));
    expect(page).toMatch(/<details id="o2"\s+open>/);
    expect(read(section)).toContain(
      'One series from 13:49 to 14:09 UTC, between 0.001 and 0.341. The limit is 0.05. The alert starts at 14:07:29 UTC.',
    );
    expect(read(section)).toContain('limit 0.05');
    expect(section).toContain('href="https://grafana.example/explore?');
    expect(page).toMatch(/<details id="o1"\s*>/);
  });

  it('has no plot of what an alert itself claims to be a course', () => {
    const text = fence('o1', ALERT_TITLE, 'values: [1 2 3] from 2026-11-24T13:49:29Z every 2m');
    const [opening, ...turns] = toldConversation.turns;
    const conversation = {
      ...toldConversation,
      turns: [{ ...opening!, blocks: [{ type: 'text' as const, text }] }, ...turns],
    };
    const told = pageOf({ conversations: [conversation as Conversation] });
    expect(told).toMatch(/<details id="o1"\s*>/);
    expect(told.match(/<svg class="plot"/g)).toHaveLength(1);
  });

  it('plots a range with the start of the alert, and lists its series', () => {
    const call = at(page, 'r1');
    expect(call).toMatch(
      /^ ?r1 Metrics from 13:49:29 to 14:09:09 UTC, every 20s answered in 28 ms, [\d,]+ bytes · evidence 1 sum by/,
    );
    expect(call).toContain(
      '3 series from 13:49 to 14:09 UTC, between 0.0012 and 0.341. The alert starts at 14:07:29 UTC.',
    );
    expect(call).toContain('alert starts 14:07');
    expect(call).toContain('payments 0.0012 0.3412 0.0012 0.3412');
    expect(page.match(/<svg class="plot"/g)).toHaveLength(2);
  });

  it('shows logs by time, level and service, and says once what came often', () => {
    const call = at(page, 'r2');
    expect(call).toContain(
      "14:06:29 error payments charge failed: Cannot read properties of undefined (reading 'currency') error=TypeError at toMinorUnits (amount.js:31) (6 times, the last at 14:08:49)",
    );
    expect(call).toContain('14:07:01 error legacy level=error took too long <b>');
  });

  it('shows values of one moment as a table, and alerts as lines', () => {
    expect(at(page, 'r3')).toMatch(/Metrics at 14:09:29 UTC .*route POST \/charge 12\.35 route POST \/refund 0\.4/);
    expect(at(page, 'r4')).toMatch(
      /Alerts that are held .*2026-11-24 14:07 firing HighErrorRate .*All of it: severity=critical/,
    );
  });

  it('says in words what found nothing, what failed and what was not run', () => {
    expect(at(page, 'r5')).toContain(
      'found nothing in 28 ms, 149 bytes up{job="db"} look at the data Found nothing: the query worked, and no series came back. The exact',
    );
    expect(at(page, 'r6')).toContain('It failed: Prometheus refused it: unclosed left parenthesis.');
    expect(at(page, 'r7')).toContain(
      'r7 Logs not run {service="db"} Not run: the budget of tool calls is spent. The exact',
    );
  });

  it('says that a question was answered from the record', () => {
    const again: ToolCallRecord = {
      ...toldConversation.toolCalls[2]!,
      text: 'This very call was made before and not again now. Its result, from the record:\n[r1] query_metrics\n<<<data Q\n1\nQ>>>',
    };
    const toolCalls = toldConversation.toolCalls.map((call) => (call.handle === 'r3' ? again : call));
    expect(at(pageOf({ conversations: [{ ...toldConversation, toolCalls }] }), 'r3')).toContain(
      'The same question as before: it was answered from the record, as r1.',
    );
  });

  it('tells that a report was sent back, and why, and what was taken in the end', () => {
    expect(at(page, 's1')).toMatch(
      /^ ?The model wrote: “payments fails 34 % .*, with confidence “high” Vigil sent the report back: The report was not accepted: headline: 1,250 stands nowhere/,
    );
    expect(at(page, 's2')).toContain('Vigil took this report: it stands at the top of the page');
    expect(text.indexOf('Vigil sent the report back')).toBeLessThan(text.indexOf('Vigil took this report'));
  });

  it('has the exact text of every call folded below it', () => {
    for (const { handle, text: given } of toldConversation.toolCalls.filter(({ name }) => name !== 'submit_report')) {
      expect(at(page, handle)).toContain(given.replace(/\s+/g, ' '));
    }
  });

  it('has a place for every link that leads to one, and each place once', () => {
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id!);
    expect(ids).toHaveLength(new Set(ids).size);
    const targets = Array.from(page.matchAll(/href="#([^"]*)"/g), ([, target]) => target!);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
    expect(ids).toEqual(expect.arrayContaining(['o1', 'o2', 'o3', 'r1', 'r7', 's1', 'e1', 'e4', 'checked']));
  });

  it('runs nothing, loads nothing and has no style of its own', () => {
    expect(page).not.toMatch(/<script|<img|<iframe|<link|<foreignObject|<use\b|<image\b| style=| on\w+="|url\(|xlink/i);
    const outside = Array.from(page.matchAll(/(\w+)="https?:[^"]*"/g), ([, name]) => name);
    expect(new Set(outside)).toEqual(new Set(['href']));
  });

  it('tells as much of an investigation that is still running', () => {
    const conversation: Conversation = {
      ...toldConversation,
      turns: toldConversation.turns.slice(0, 4),
      toolCalls: toldConversation.toolCalls.slice(0, 3),
    };
    const running = pageOf({
      status: 'running',
      outcome: undefined,
      endedBy: undefined,
      report: undefined,
      conversations: [conversation],
    });
    expect(at(running, 'r1')).toContain('alert starts 14:07');
    expect(at(running, 'r4')).toMatch(/^ ?r4 Alerts that are held not answered yet/);
  });
});
