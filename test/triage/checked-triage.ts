import type { AssistantTurn, Block, Conversation, ToolCallRecord, ToolStatus } from '../../src/domain/conversation';
import type { CheckedFigure, Report } from '../../src/domain/report';
import type { Triage } from '../../src/domain/triage';
import { sampleReport, sampleTriage } from '../notification/sample-triage';

/* A triage as it comes out of a model that invents: figures that stand nowhere, a confidence that was lowered, a report that was sent back once. */

const HEADLINE = 'payments fails 34 % of its requests since 2.14.0 and has lost 1,250 orders';
const HAPPENING =
  'Since 14:06:29 UTC payments answers 34 % of requests with 5xx; before, it was 0.1 %. About 4,000 customers are affected.';
const CAUSE = 'Version 2.14.0 (revision 9f3c2e1) broke `toMinorUnits`: the CPU rose to 97 % as well.';

function figure(field: CheckedFigure['field'], text: string, of: string, how?: string): CheckedFigure {
  return {
    field,
    text,
    at: of.indexOf(text),
    verified: how === undefined ? 'unverified' : how.startsWith('stands') ? 'quoted' : 'derived',
    how: how ?? 'stands nowhere in what was sent',
  };
}

/** Its headline, description, cause and second claim hold figures that nothing bears out. */
export const doubtfulReport: Report = {
  ...sampleReport,
  headline: HEADLINE,
  whatIsHappening: HAPPENING,
  rootCause: { statement: CAUSE, component: 'payments', change: '9f3c2e1', confidence: 'low' },
  affected: ['checkout', 'storefront'],
  evidence: [
    {
      claim: 'The share of errors of payments rose from 0.1 % to 34 %',
      source: 'r1',
      quote: '{service="payments"} first=0.0012 last=0.3412',
      verified: 'quoted',
    },
    {
      claim: 'The queue held 812 orders at 14:05 UTC',
      source: 'r2',
      quote: 'queue length 812',
      verified: 'unverified',
      doubts: ['The quote stands nowhere in r2.', 'The figure 812 stands nowhere in what was sent.'],
    },
    {
      claim: 'checkout names payments as the one that fails it',
      source: 'r2',
      quote: 'payments answered 500',
      verified: 'quoted',
    },
    { claim: 'The rule asks for more than 5 %', source: 'o2', quote: '> 0.05', verified: 'quoted' },
  ],
  check: {
    claimedConfidence: 'high',
    change: 'not_recorded',
    faults: [
      'root_cause.change: 9f3c2e1 is not among the changes that the model was shown.',
      'Confidence high needs two verified pieces of evidence from different queries that show the cause.',
    ],
    figures: [
      figure('headline', '34 %', HEADLINE, 'r1: 0.3412 as a percentage'),
      figure('headline', '1,250', HEADLINE),
      figure('what_is_happening', '14:06:29', HAPPENING, 'stands in r2'),
      figure('what_is_happening', '34 %', HAPPENING, 'r1: 0.3412 as a percentage'),
      figure('what_is_happening', '0.1 %', HAPPENING, 'r1: 0.0012 as a percentage'),
      figure('what_is_happening', '4,000', HAPPENING),
      figure('root_cause', '97 %', CAUSE),
      figure('evidence.1', '812', 'The queue held 812 orders at 14:05 UTC'),
    ],
  },
};

export const fence = (handle: string, source: string, text: string): string =>
  `[${handle}] ${source}\n<<<data Q7\n${text}\nQ7>>>`;

const OPENING = [
  'An alert fires. Find out why.',
  'It is now 2026-11-24T14:09:29.000Z. You have 15 tool calls.',
  fence(
    'o1',
    'the alert, as Alertmanager sent it',
    'status: firing\nstarts at: 2026-11-24T14:07:29.000Z\nlabel service: payments',
  ),
  fence(
    'o2',
    'the rule of the alert',
    [
      'expression: sum(rate(errors[2m])) > 0.05',
      'for: 1m',
      'compared: the left side (the query below) > 0.05',
      'series: {service="payments"}; the expression has 1 series at the start, of 3 on the left side',
      'query: sum(rate(errors[2m]))',
      'range: 2026-11-24T13:49:29Z to 2026-11-24T14:09:29Z, step 120s',
      'values: [0.0012 0.001 _ 0.0012 0.0011 0.0012 0.0012 0.001 0.0011 0.1712 0.3412] from 2026-11-24T13:49:29Z every 2m, _ = no sample',
    ].join('\n'),
  ),
  fence('o3', 'how old its last log line is', 'not known: Loki did not answer in time.'),
].join('\n\n');

/** 60 values every 20 s from 13:49:29, rising at the 50th. */
export const RANGE_TEXT = [
  'query: sum by (service) (rate(http_requests_total{status=~"5.."}[2m]))',
  'range: 2026-11-24T13:49:29Z to 2026-11-24T14:09:09Z, step 20s',
  'result: matrix, 3 series',
  'values: [v v …] from 2026-11-24T13:49:29Z every 20s, _ = no sample',
  seriesLine('payments', (i) => (i < 50 ? 0.0012 + (i % 7) / 4000 : 0.0012 + (i - 49) * 0.034)),
  seriesLine('checkout', (i) => (i < 52 ? 0.002 + (i % 5) / 4000 : 0.002 + (i - 51) * 0.031)),
  seriesLine('storefront', (i) => (i % 9 === 4 ? undefined : 0.01 + (i % 3) / 900)),
].join('\n');

function seriesLine(service: string, value: (index: number) => number | undefined): string {
  const values = Array.from({ length: 60 }, (_, i) => value(i));
  const known = values.filter((one) => one !== undefined);
  const text = (one: number): string => String(Number(one.toPrecision(4)));
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  return `{service="${service}"} first=${text(known[0]!)} last=${text(known.at(-1)!)} min=${text(Math.min(...known))} max=${text(Math.max(...known))} mean=${text(mean)} [${values.map((one) => (one === undefined ? '_' : text(one))).join(' ')}]`;
}

const LOG_TEXT = [
  'query: {service=~".+"} | json | level="error"',
  'range: 2026-11-24T13:59:29Z to 2026-11-24T14:09:29Z',
  'result: lines, 9 found, oldest first',
  '2026-11-24T14:05:29.237Z {service="payments"} {"level":"info","msg":"started","version":"2.14.0","revision":"9f3c2e1"}',
  '2026-11-24T14:06:29.197Z {service="payments"} {"level":"error","msg":"charge failed: Cannot read properties of undefined (reading \'currency\')","error":"TypeError at toMinorUnits (amount.js:31)","trace_id":"7a1ee0bb"} (6 times, last at 2026-11-24T14:08:49.100Z)',
  '2026-11-24T14:06:30.170Z {service="checkout"} {"level":"warn","msg":"order failed: payments answered 500 to POST /charge","status":502}',
  '2026-11-24T14:07:01.000Z {service="legacy"} level=error took too long <b>',
].join('\n');

const VECTOR_TEXT = [
  'query: topk(3, sum by (route) (rate(http_requests_total{service="payments"}[5m])))',
  'time: 2026-11-24T14:09:29Z',
  'result: vector, 3 series',
  '{route="POST /charge"} 12.35',
  '{route="POST /refund"} 0.4',
  '{route="GET /health"} 0.1',
].join('\n');

const ALERTS_TEXT = [
  'query: every alert',
  'result: 2 alerts, 1 of them firing unmuted',
  'common labels: {severity="critical"}',
  '2026-11-24T14:07:29.000Z firing HighErrorRate {service="payments"}: More than 5 % fail',
  '2026-11-24T13:00:00.000Z silenced by ada until 2026-11-24T16:00:00Z (moving) DiskFull {instance="db-1"}',
].join('\n');

function call(turnSeq: number, handle: string, part: Partial<ToolCallRecord> & { name: string }): ToolCallRecord {
  const text = part.text ?? '';
  return {
    turnSeq,
    position: 0,
    handle,
    vendorId: `toolu_${handle}`,
    input: {},
    status: 'ok' as ToolStatus,
    bytes: Buffer.byteLength(text),
    durationMs: 28,
    ...part,
    text: part.refusal || part.name === 'submit_report' ? text : fence(handle, part.name, text),
  };
}

const queryOf = (text: string): string => /^query: (.*)$/m.exec(text)![1]!;
const submitted = { headline: HEADLINE, root_cause: { confidence: 'high' } };

const CALLS: readonly ToolCallRecord[] = [
  call(1, 'r1', {
    name: 'query_metrics_range',
    input: { query: queryOf(RANGE_TEXT), start: '-20m' },
    text: RANGE_TEXT,
  }),
  call(1, 'r2', { name: 'query_logs', input: { query: queryOf(LOG_TEXT), start: '-10m' }, text: LOG_TEXT }),
  call(3, 'r3', { name: 'query_metrics', input: { query: queryOf(VECTOR_TEXT) }, text: VECTOR_TEXT }),
  call(3, 'r4', { name: 'list_alerts', text: ALERTS_TEXT }),
  call(3, 'r5', {
    name: 'query_metrics',
    input: { query: 'up{job="db"}' },
    status: 'no_data',
    text: 'query: up{job="db"}\ntime: 2026-11-24T14:09:29Z\nFound nothing: the query worked, and no series came back. One of these holds: no metric has this name.',
  }),
  call(3, 'r6', {
    name: 'query_metrics',
    input: { query: 'rate(' },
    status: 'failed',
    text: 'query: rate(\ntime: 2026-11-24T14:09:29Z\nPrometheus refused it: unclosed left parenthesis.',
  }),
  call(3, 'r7', {
    name: 'query_logs',
    input: { query: '{service="db"}' },
    status: 'failed',
    refusal: 'tool_budget',
    text: 'Not run: the budget of tool calls is spent. Submit the report now with what was found.',
  }),
  call(5, 's1', {
    name: 'submit_report',
    input: submitted,
    status: 'failed',
    text: 'The report was not accepted: headline: 1,250 stands nowhere in what you were sent.\nCall submit_report again with these mended.',
  }),
  call(7, 's2', { name: 'submit_report', input: submitted, text: 'The report is accepted.' }),
];

const WORDS: Readonly<Record<number, string>> = {
  1: 'I compare the share of errors by service, and read what the services say about it.',
  3: 'payments rose first. Which route is it, and does anything else fire?',
};

function assistant(seq: number): AssistantTurn {
  const calls = CALLS.filter(({ turnSeq }) => turnSeq === seq);
  const words: Block[] = WORDS[seq] ? [{ type: 'text', text: WORDS[seq] }] : [];
  const uses = calls.map(({ handle, vendorId, name, input }): Block => ({
    type: 'tool_use',
    handle,
    vendorId,
    name,
    input,
  }));
  return {
    role: 'assistant',
    seq,
    at: new Date(Date.UTC(2026, 10, 24, 14, 9, 29 + seq * 2)),
    wire: '{}',
    blocks: [...words, ...uses],
    stopReason: 'tool_use',
    usage: { inputTokens: 200, outputTokens: 150, cacheReadTokens: 3_000, cacheWriteTokens: 400 },
    model: 'claude-sonnet-5-5',
    costUsd: 0.0125,
    durationMs: 2_300,
  };
}

function results(seq: number): Conversation['turns'][number] {
  const calls = CALLS.filter(({ turnSeq }) => turnSeq === seq - 1);
  const at = new Date(Date.UTC(2026, 10, 24, 14, 9, 29 + seq * 2));
  const blocks = calls.map(({ handle, vendorId, status, text }): Block => ({
    type: 'tool_result',
    handle,
    vendorId,
    status,
    text,
  }));
  return { role: 'user', seq, at, wire: '{}', blocks };
}

export const toldConversation: Conversation = {
  id: '01JCONVERSATION',
  triageId: '01JSAMPLE0000000000000000',
  purpose: 'investigation',
  provider: 'anthropic',
  model: 'claude-sonnet-5-5',
  promptVersion: '1',
  systemPrompt: 'You investigate alerts.',
  prefix: '{}',
  turns: [
    {
      role: 'user',
      seq: 0,
      at: new Date('2026-11-24T14:09:29Z'),
      wire: '{}',
      blocks: [{ type: 'text', text: OPENING }],
    },
    ...[1, 3, 5].flatMap((seq) => [assistant(seq), results(seq + 1)]),
    assistant(7),
  ],
  toolCalls: CALLS,
};

/** A finished triage whose report holds less than it claims; `part` changes what a test is about. */
export function doubtfulTriage(part: Partial<Triage> = {}): Triage {
  const [firing] = sampleTriage().firings;
  return sampleTriage({
    alertName: 'PaymentErrors',
    report: doubtfulReport,
    firings: [{ ...firing!, startsAt: new Date('2026-11-24T14:07:29Z') }],
    createdAt: new Date('2026-11-24T14:09:28Z'),
    startedAt: new Date('2026-11-24T14:09:29Z'),
    completedAt: new Date('2026-11-24T14:09:46Z'),
    conversations: [toldConversation],
    ...part,
  });
}
