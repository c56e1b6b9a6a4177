import { nearestNames } from '../nearest-names';
import { KNOWN_FUNCTIONS } from './promql-functions';

/** What an answer says, and what to change then. Matched in this order: the telling ones first. */
const ADVICE: readonly (readonly [says: RegExp, change: string])[] = [
  [
    /many-to-many matching not allowed|multiple matches for labels|grouping labels must ensure unique/i,
    'Change: name the labels that pair the two sides with on(…), aggregate one side to exactly these (sum by (…)), or let the side with more series keep its labels: on(…) group_left(…).',
  ],
  [
    /same labelset|duplicate (?:series|labelset)/i,
    'Change: aggregate (sum by (…)) so that every series keeps labels of its own; a function over {__name__=~…} drops the names that told them apart: ask one metric at a time.',
  ],
  [/exceeded maximum resolution/i, 'Change: a larger step, or a shorter range.'],
  [
    /too many samples|max-samples|too-many-samples|samples? limit|cannot select more than/i,
    'Change: a shorter range or window, a larger step, or a selector that is narrower (service, job); aggregate with sum by (…).',
  ],
  [
    /max-(?:total-)?query-length|query (?:time range|length) exceeds|too long.*range|time range exceeds/i,
    'Change: a shorter range (start nearer to the end), and a shorter window in [ ].',
  ],
  [
    /max-(?:series|chunks|fetched\w*|estimated[\w-]*)-per-query|max-fetched|(?:series|chunks) limit|too many (?:time ?series|unique timeseries)|search\.maxUniqueTimeseries|matches? more than/i,
    'Change: a narrower selector (service, job, instance) or a shorter range, so that fewer series are read.',
  ],
  [
    /too many (?:outstanding |concurrent )?requests|maxConcurrentRequests|\b429\b|rate limit|too_many_requests/i,
    'Change: nothing in the query; the server takes no more requests now. Ask once more later, for less at once.',
  ],
  [
    /timed out|timeout|deadline exceeded|maxQueryDuration|\b504\b|took too long/i,
    'Change: a shorter range or window, a larger step, fewer series; aggregate with sum by (…); take subqueries ([1h:1s]) out.',
  ],
  [/entity too large|too_large_entry|\b413\b/i, 'Change: a shorter query.'],
  [
    /expected type range vector .*got (?:instant vector|scalar)/i,
    'Change: give the function a window: rate(name[5m]).',
  ],
  [
    /expected type instant vector .*got range vector/i,
    'Change: put the range vector into a function (rate(name[5m])), or take its window [ ] away.',
  ],
  [/invalid expression type "range vector"/i, 'Change: rate(name[5m]) for a counter, or the bare name without [ ].'],
  [/at least one non-empty matcher/i, 'Change: name a metric, or a label with = and a value.'],
  [/left-hand|comparisons between scalars must use bool/i, 'Change: put bool behind the comparison: 1 > bool 2.'],
  [
    /invalid time value|valid (?:timestamp|duration)|end timestamp must not|query resolution step/i,
    'Change: the times or the step: RFC 3339, now or -15m, the end behind the start, a step above zero.',
  ],
  [
    /parse error|cannot parse|bad_data|invalid parameter/i,
    'Change: mend the query at the place that is named (line:column).',
  ],
  [
    /execution: .*(?:histogram|mixed)/i,
    'Change: histogram_quantile(), histogram_count() or histogram_sum() reads native histograms.',
  ],
  [
    /\b404\b/,
    'No other query mends this: that address is no Prometheus API. An operator has to look at prometheus-endpoint (that of Mimir has a path: /prometheus).',
  ],
  [
    /\b(?:500|502|503)\b|internal/i,
    'Change: nothing in the query is known to be wrong; the server failed. Ask once more, for less; else say in the report that it could not be read.',
  ],
];

const UNKNOWN = /(?:unknown func\w*|unsupported function)(?: with name)? "(\w{1,60})"/i;
/** What stood before the backend, or kept it from answering at all, is told with its remedy (backend-client.ts). */
const SAYS_IT_ITSELF = /No other query mends this|is not what answered|answered with (?:content|JSON|more than)/;

/** A reason is at most some thousand characters; what tells stands in front. */
const READ_CHARS = 2_000;

/** The reason of a failed call, and in one line what to change, where that is known. */
export function withAdvice(reason: string): string {
  const read = reason.slice(0, READ_CHARS);
  const unknown = UNKNOWN.exec(read)?.[1];
  if (unknown !== undefined) {
    const near = nearestNames(unknown, KNOWN_FUNCTIONS, 4).filter((name) => name !== unknown);
    return `${reason}\nChange: there is no such function${near.length > 0 ? `; near it: ${near.join(', ')}` : ' here; sum, rate, increase, histogram_quantile and the like are'}.`;
  }
  if (SAYS_IT_ITSELF.test(read)) return reason;
  const change = ADVICE.find(([says]) => says.test(read))?.[1];
  return change ? `${reason}\n${change}` : reason;
}
