import { createHash } from 'node:crypto';
import { sampleConversation, sampleReport, sampleTriage } from '../../../test/notification/sample-triage';
import type { Triage } from '../../domain/triage';
import { PAGE_SECURITY_HEADERS } from './page-frame';
import { triagePage } from './triage-page';

const unfinished: Partial<Triage> = {
  outcome: undefined,
  endedBy: undefined,
  report: undefined,
  analysis: undefined,
  completedAt: undefined,
};
/** The page as it is read: without its tags, its blanks folded. */
const read = (triage: Triage): string =>
  triagePage(triage)
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');
const tags = (page: string): string[] => page.replace(/<style>[^]*<\/style>/, '').match(/<[^>]*>/g) ?? [];

describe('the page of a triage', () => {
  it('tells the report first, then what it took, then the conversation behind it', () => {
    const text = read(sampleTriage());
    const order = [
      'Cause found Act now',
      'Data tried to give orders',
      'checkout fails 31 % of its requests since v42',
      'HighErrorRate · critical · firing since 2026-05-04 03:02:00 UTC',
      'Root cause high confidence Version v42 reads PAYMENT_URL',
      'Component checkout Change v42 Affected checkout web shop',
      'What is happening Since 03:02 UTC',
      'The errors began with v42 ( r1 ) ✓ the quote was checked',
      'now Roll back: kubectl rollout undo deploy/checkout',
      'can wait Add a start-up check',
      'Could not check Logs of the payment provider',
      'Ruled out The database: its latency is flat',
      'Took 12.4 s Tool calls 2 (161 ms) Tokens 7,200 tokens in, 300 out Cost $0.0250 Model claude-sonnet-5-5',
      'What was known before the first question',
      'o1 labels of the alert',
      'You investigate alerts.',
      'Step 1: the model asks for metrics at one moment and logs',
      'Errors by version first.',
      'r1 Metrics answered in 41 ms, 412 bytes · evidence 1 sum by (version)',
      'Given to the model [r1] query_metrics',
      'r2 Logs answered',
      'Step 2: the model gives a report',
      'Vigil took this report: it stands at the top of the page',
      '"service": "checkout"',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(order.filter((_part, index) => places[index] === -1)).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it.each<[string, Partial<Triage>, string]>([
    [
      'Queued',
      { ...unfinished, status: 'queued', startedAt: undefined, conversations: [] },
      'it waits for a free worker',
    ],
    ['Investigating', { ...unfinished, status: 'running' }, 'The investigation is running'],
    [
      'Waiting',
      { ...unfinished, status: 'waiting', waitReason: 'model_unavailable', dueAt: new Date('2026-05-04T04:00:00Z') },
      'It goes on at 2026-05-04 04:00:00 UTC or earlier',
    ],
    ['Waiting', { ...unfinished, status: 'waiting', waitReason: 'money' }, "The day's money is spent"],
    ['Waiting', { ...unfinished, status: 'waiting', waitReason: 'cool_down' }, 'the end of the cool-down'],
    ['Investigation failed', { outcome: 'failed', endedBy: 'model_unavailable', report: undefined }, 'Vigil gave up'],
    ['Vigil error', { outcome: 'error', endedBy: 'crashed', report: undefined }, 'Vigil failed, not the model'],
    ['Cancelled', { outcome: 'cancelled', endedBy: 'resolved', report: undefined }, 'before the investigation began'],
    ['Partial findings', { outcome: 'partial', endedBy: 'tool_budget' }, 'It used up its tool calls'],
  ])('says "%s" and why', (title, part, sentence) => {
    const text = read(sampleTriage(part));
    expect(text).toContain(title);
    expect(text).toContain(sentence);
    expect(text).not.toContain('undefined');
  });

  it('says that the alert has resolved', () => {
    const firing = {
      ...sampleTriage().firings[0]!,
      status: 'resolved' as const,
      endsAt: new Date('2026-05-04T03:09:00Z'),
    };
    expect(read(sampleTriage({ firings: [firing] }))).toContain(
      'The alert has resolved. It ended at 2026-05-04 03:09:00 UTC.',
    );
  });

  it('says how many alerts of the group nobody has seen, only when there are any (F69)', () => {
    expect(read(sampleTriage({ truncatedAlerts: 1 }))).toContain(
      'Alertmanager left out 1 further alert of this group (max_alerts): not seen, not investigated.',
    );
    expect(read(sampleTriage())).not.toContain('max_alerts');
  });

  it('shows the analysis when there is no report, a call that has no answer yet, and one that was not run', () => {
    const [first, second] = sampleConversation.toolCalls;
    const toolCalls = [{ ...first!, refusal: 'deadline' as const }];
    const text = read(
      sampleTriage({
        ...unfinished,
        status: 'running',
        analysis: '**Found** so far',
        conversations: [{ ...sampleConversation, toolCalls }],
      }),
    );
    expect(text).toMatch(/Found\s+so far/);
    expect(text).toContain(`${second!.handle} Logs not answered yet`);
    expect(text).toContain('r1 Metrics not run');
  });

  it('tells of each piece of evidence whether code has checked it', () => {
    const pieces = (['quoted', 'derived', 'unverified', undefined] as const).map((verified) => ({
      claim: `claim ${verified}.`,
      source: '',
      quote: '',
      verified,
    }));
    const text = read(sampleTriage({ report: { ...sampleReport, evidence: pieces } }));
    expect(text).toContain('claim quoted. (source not given) ✓ the quote was checked');
    expect(text).toContain('claim derived. (source not given) ✓ recomputed from quoted numbers');
    expect(text).toContain('claim unverified. (source not given) not verified');
    expect(text).toContain('claim undefined. (source not given) as the model cites it');
  });

  it('keeps a headline that would fill the screen out of the heading, but shows it whole', () => {
    const headline = 'word '.repeat(100).trim();
    const page = triagePage(sampleTriage({ report: { ...sampleReport, headline } }));
    expect(/<h1>([^<]*)<\/h1>/.exec(page)![1]!.length).toBeLessThan(170);
    expect(page).toContain(`<p>${headline}</p>`);
  });

  it('does not tell a running time before it is known', () => {
    expect(read(sampleTriage({ ...unfinished, status: 'running', runningMs: 0 }))).not.toContain('Took');
  });

  it('links evidence to what the model was given, and only to what is there', () => {
    const evidence = ['r1', 'o1', 'r99', '#x" onclick="y', ''].map((source) => ({ claim: 'c', source, quote: 'q' }));
    const page = triagePage(sampleTriage({ report: { ...sampleReport, evidence, flags: [] } }));
    expect(Array.from(page.matchAll(/href="([^"]*)"/g), ([, target]) => target)).toEqual(['#r1', '#o1', '#e2', '#e1']);
    for (const anchor of ['r1', 'o1', 'e1', 'e2']) expect(page).toContain(`id="${anchor}"`);
    expect(page).toContain('<code>r99</code>');
  });

  it('leads from the evidence and from its call to the same query in Grafana, and nowhere else', () => {
    const evidence = ['r1', 'o1', 'r99'].map((source) => ({ claim: 'c', source, quote: 'q' }));
    const [first] = sampleConversation.toolCalls;
    const text = `query: up\nrange: 2026-05-04T02:00:00Z to 2026-05-04T03:00:00Z, step 60s`;
    const toolCalls = [{ ...first!, name: 'query_metrics_range', input: { query: 'up' }, text }];
    const conversations = [{ ...sampleConversation, toolCalls }];
    const triage = sampleTriage({ report: { ...sampleReport, evidence, flags: [] }, conversations });
    const page = triagePage(triage, { prometheusUrl: 'http://p:9090', grafanaUrl: 'https://grafana.example' });
    const targets = Array.from(page.matchAll(/href="([^"#][^"]*)"/g), ([, target]) => target);
    const grafana = expect.stringMatching(/^https:\/\/grafana\.example\/explore\?schemaVersion=1&amp;/);
    expect(targets).toEqual([grafana, grafana]);
    expect(page).toContain('rel="noreferrer">look at the data</a>');
  });
});

describe('the page runs and loads nothing (S28)', () => {
  const ATTACKS = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=x>",
    '</style><style>*{}',
    '</pre></details><h1>',
    '&lt;script&gt;',
    '<!--',
    '`<b>`',
    '**<i>**',
    '# <u>',
  ];

  function stuffed(text: string): Triage {
    const rename = <T extends object>(value: T): T =>
      JSON.parse(JSON.stringify(value), (name, inner: unknown) => {
        if (typeof inner !== 'string') return inner;
        if (['role', 'type', 'confidence', 'urgency', 'status', 'stopReason', 'verified', 'kind'].includes(name))
          return inner;
        return /^\d{4}-\d\d-\d\dT/.test(inner) ? new Date(inner) : text;
      }) as T;
    return {
      ...rename(
        sampleTriage({
          deliveries: [{ channel: 'slack', kind: 'report', state: 'given_up', attempts: 1, reason: 'x' }],
        }),
      ),
      status: 'finished',
      outcome: 'complete',
      endedBy: 'answer',
    };
  }

  it.each(ATTACKS)('with %s in every field', (attack) => {
    const page = triagePage(stuffed(attack));
    const expected = new Set(
      tags(triagePage(sampleTriage()))
        .map((tag) => /^<[!/]?\w+/.exec(tag)![0])
        .concat('<strong', '</strong', '<div', '<ul', '<li', '</ul', '</li'),
    );
    expect(
      tags(page)
        .map((tag) => /^<[!/]?\w*/.exec(tag)![0])
        .filter((tag) => !expected.has(tag)),
    ).toEqual([]);
    expect(tags(page).filter((tag) => / on\w+=|src=|javascript:/i.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
    expect(page.split('<style>')).toHaveLength(2);
    expect(page.split('</style>')).toHaveLength(2);
    expect(page.split('<h1>')).toHaveLength(2);
  });

  it('takes out characters that hide or reorder text (S25)', () => {
    expect(triagePage(stuffed('a\u202eb\u200b\u001b[31mc\u0000'))).not.toMatch(/[\u0000\u001b\u200b\u202e]/);
  });

  it('has the hash of exactly its style sheet in a policy that forbids all else', () => {
    const style = /<style>([^]*)<\/style>/.exec(triagePage(sampleTriage()))![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_SECURITY_HEADERS['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(triagePage(sampleTriage())).not.toMatch(/ style=/);
  });

  it('names no address outside itself', () => {
    expect(triagePage(sampleTriage())).not.toMatch(/https?:|url\(|@import/);
  });
});
