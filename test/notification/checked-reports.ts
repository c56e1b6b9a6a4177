import type { ToolCallRecord } from '../../src/domain/conversation';
import type { CheckedField, CheckedFigure, Report } from '../../src/domain/report';
import type { Triage } from '../../src/domain/triage';
import { sampleConversation, sampleReport, sampleTriage } from './sample-triage';

/** A figure of `text`, found where it first stands. */
function figure(
  field: CheckedField,
  text: string,
  [part, verified, how]: readonly [string, CheckedFigure['verified'], string],
): CheckedFigure {
  return { field, text: part, at: text.indexOf(part), verified, how };
}

const NOWHERE = 'stands nowhere in what was sent';
const HEADLINE = 'checkout fails 31 % of its requests since v42';

/** All of it stands in what was sent. */
export const soundReport: Report = {
  ...sampleReport,
  headline: HEADLINE,
  evidence: [
    { claim: 'The errors began with v42', source: 'r1', quote: '{version="v42"} 0.31', verified: 'quoted' },
    {
      claim: 'Every error names the variable',
      source: 'r2',
      quote: 'TypeError: Invalid URL: PAYMENT_URL is empty',
      verified: 'quoted',
    },
    {
      claim: '0 of 1,204 requests failed before v42',
      source: 'o2',
      quote: 'before the start: 0 of 1204',
      verified: 'derived',
    },
  ],
  flags: [],
  check: {
    figures: [
      figure('headline', HEADLINE, ['31 %', 'derived', 'r1: 0.31 as a percentage']),
      figure('headline', HEADLINE, ['v42', 'quoted', 'stands in r1']),
      figure('what_is_happening', sampleReport.whatIsHappening, ['31 %', 'derived', 'r1: 0.31 as a percentage']),
      figure('root_cause', sampleReport.rootCause.statement, ['v42', 'quoted', 'stands in r1']),
    ],
    change: 'recorded',
    faults: [],
  },
};

/** Code has lowered its confidence: one of three pieces stands where it is said to stand. */
export const loweredReport: Report = {
  ...soundReport,
  rootCause: { ...sampleReport.rootCause, confidence: 'medium' },
  evidence: [
    {
      claim: 'The provider answers in 4 s',
      source: 'r2',
      quote: 'duration=4.1s',
      verified: 'unverified',
      doubts: ['Its quote does not stand in r2.'],
    },
    soundReport.evidence[0]!,
  ],
  check: { ...soundReport.check!, claimedConfidence: 'high', change: 'not_recorded' },
};

const INVENTED = 'checkout loses 83.7 % of all payments, 12,000 orders an hour';
const INVENTED_CAUSE = 'The pool was cut to 7 connections.';

/** What a model makes up: a headline and a cause with figures from nowhere, a quote that stands nowhere. */
export const inventedReport: Report = {
  ...sampleReport,
  headline: INVENTED,
  whatIsHappening: 'Payments fail.',
  rootCause: { statement: INVENTED_CAUSE, component: 'checkout', change: 'v99', confidence: 'low' },
  evidence: [
    {
      claim: 'The pool holds 7 connections',
      source: 'r1',
      quote: 'pool_size 7',
      verified: 'unverified',
      doubts: ['Its quote does not stand in r1.'],
    },
    { claim: 'The errors began 93 s after v42', source: 'r1', quote: '{version="v42"} 0.31', verified: 'quoted' },
  ],
  affected: ['12,000 customers'],
  actions: [{ action: 'Roll back before 83.7 % become 100 %', urgency: 'now' }],
  flags: [],
  check: {
    figures: [
      figure('headline', INVENTED, ['83.7 %', 'unverified', NOWHERE]),
      figure('headline', INVENTED, ['12,000', 'unverified', NOWHERE]),
      figure('root_cause', INVENTED_CAUSE, ['7', 'unverified', NOWHERE]),
      figure('evidence.0', 'The pool holds 7 connections', ['7', 'unverified', NOWHERE]),
      figure('evidence.1', 'The errors began 93 s after v42', ['93 s', 'unverified', NOWHERE]),
      figure('evidence.1', 'The errors began 93 s after v42', ['v42', 'quoted', 'stands in r1']),
    ],
    claimedConfidence: 'high',
    change: 'not_recorded',
    faults: [
      'Confidence "high" is lowered to "low": nothing that was sent bears out "83.7 %", which its headline rests on.',
      'headline: "83.7 %" stands nowhere in what was sent.',
      'evidence.0 (r1): Its quote does not stand in r1.',
    ],
  },
};

/** Nothing is broken: the alert itself is wrong. */
export const alertIsWrongReport: Report = {
  ...soundReport,
  headline: 'Nothing is broken: the alert compares requests per minute with a limit per second',
  whatIsHappening: 'checkout answers all of its requests; nobody notices anything.',
  rootCause: {
    statement: 'The rule has compared a rate per minute with a limit per second since its last edit.',
    component: 'the alert rule HighErrorRate',
    change: null,
    confidence: 'high',
  },
  affected: [],
  actions: [{ action: 'Divide the expression of HighErrorRate by 60', urgency: 'can_wait' }],
  urgency: 'none',
  couldNotCheck: [],
  check: { figures: [], faults: [] },
};

const RANGE = 'range: 2026-05-04T02:05:00Z to 2026-05-04T03:05:00Z, step 30s';
const QUERY = 'sum by (version) (rate(http_requests_total{status=~"5.."}[5m]))';

const calls: readonly ToolCallRecord[] = sampleConversation.toolCalls.map((call) =>
  call.handle === 'r1'
    ? { ...call, name: 'query_metrics_range', text: `query: ${QUERY}\n${RANGE}\n{version="v42"} 0.31` }
    : call,
);

/** A triage whose evidence leads to its queries: `r1` was asked by a tool, `o2` by the opening message. */
export function checkedTriage(report: Report, part: Partial<Triage> = {}): Triage {
  const [opening, ...turns] = sampleConversation.turns;
  const section = `[o2] requests before and after the start\n<<<data 7f3a\nquery: ${QUERY}\n${RANGE}\nbefore the start: 0 of 1204\n7f3a>>>`;
  const blocks = [...opening!.blocks, { type: 'text' as const, text: section }];
  const conversation = { ...sampleConversation, turns: [{ ...opening!, blocks }, ...turns], toolCalls: calls };
  return sampleTriage({ report, conversations: [conversation as typeof sampleConversation], ...part });
}
