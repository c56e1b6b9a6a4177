import type { Toolbox } from '../../src/tools/toolbox';
import { startLoki } from '../stand-ins/loki.ts';
import type { LokiStandIn } from '../stand-ins/loki.ts';
import { captured, capturedBody } from './captured';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** What a real Loki answered, and what the model reads of it below the query and its range. */
const CAPTURED: readonly (readonly [name: string, lines: readonly string[]])[] = [
  [
    'parse_error',
    [
      'Loki answered 400: parse error at line 1, col 18: syntax error: unexpected $end, expecting } or ,',
      'Mend the query at that place',
    ],
  ],
  [
    'parse_error_fn',
    [
      'Loki answered 400: parse error at line 1, col 1: syntax error: unexpected IDENTIFIER',
      'Mend the query at that place',
    ],
  ],
  [
    'neg_only',
    [
      'Loki answered 400: parse error : queries require at least one regexp or equality matcher',
      'Give the selector a label with = or =~ that cannot be empty',
    ],
  ],
  [
    'bad_regex',
    [
      'Loki answered 400: parse error : error parsing regexp: missing closing ): `(`',
      'Mend the regular expression (RE2)',
    ],
  ],
  ['streams_json_bad', ["Loki answered 400: parse error : stage '| json", 'Mend the query at that place']],
  ['no_query', ['Loki answered 400: parse error : syntax error: unexpected $end', 'Mend the query']],
  [
    'log_query_instant',
    [
      'Loki answered 400: log queries are not supported as an instant query type',
      'Give a range (start and end), or count the lines',
    ],
  ],
  ['limit_5001', ['(5001 > 5000)', 'Ask for fewer lines (limit), or count them']],
  ['limit_neg', ['Loki answered 400: limit must be a positive value', 'Give a limit of at least 1.']],
  ['bad_direction', ["Loki answered 400: invalid direction 'sideways'"]],
  ['bad_time', ["Loki answered 400: could not parse 'start' parameter", 'Give the times as RFC 3339']],
  ['step_small', ['exceeded maximum resolution of 11,000 points', 'Give a larger step, or a shorter range.']],
  [
    'pipeline_error',
    ["Loki answered 400: pipeline error: 'SampleExtractionErr'", 'A value that was unwrapped is no number'],
  ],
  ['not_found', ['Loki answered 404: 404 page not found', 'an operator has to look at loki-endpoint']],
  [
    'mt_bad_org',
    [
      "Loki answered 400: tenant ID '../x' contains unsupported character '/'",
      'an operator has to look at loki-tenant-id',
    ],
  ],
  [
    'mt_multi',
    [
      'Loki answered 500: multiple org IDs present',
      'an operator has to look at loki-tenant-id: it names several tenants',
    ],
  ],
  [
    'mt_length',
    [
      'Loki answered 400: the query time range exceeds the limit (query length: 48h0m0s, limit: 1d)',
      'Shorten the range to less than that limit',
    ],
  ],
  ['mt_limit', ['(500 > 200)', 'Ask for fewer lines (limit)']],
  ['mt_series_limit', ['Loki answered 400: maximum number of series (3) reached', 'Aggregate: sum by (service)']],
  ['mt_no_org_push', ['(401', 'operator']],
];

/** Those that were read in Loki's source. */
const FROM_SOURCE: readonly (readonly [status: number, body: string, mend: string])[] = [
  [400, 'the query time range exceeds the limit (query length: 960h0m0s, limit: 30d1h)', 'Shorten the range'],
  [400, 'end timestamp must not be before or equal to start time', 'Give a start that lies before the end.'],
  [
    504,
    'request timed out, decrease the duration of the request or add more label matchers',
    'Shorten the range, add labels',
  ],
  [429, 'too many outstanding requests', 'Loki is busy. Ask once more, for less'],
  [
    400,
    'the query would read too many bytes (query: 5TB, limit: 1TB); consider adding more specific stream selectors',
    'Shorten the range or add labels to the selector',
  ],
  [
    400,
    'stream selector is missing required matchers [namespace], labels present in the query were [app]',
    'Add the labels that it names',
  ],
  [499, 'the request was cancelled by the client', 'Shorten the range'],
  [500, 'something broke', 'Loki itself failed, the query may be right. Ask once more'],
  [503, 'no frontend', 'Loki itself failed'],
];

describe('A refusal of Loki', () => {
  let loki: LokiStandIn;
  let toolbox: Toolbox;

  beforeAll(async () => {
    loki = await startLoki();
    toolbox = toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url, tenantId: 'shop' } });
  });
  afterAll(() => loki.stop());

  async function told(status: number, body: string, contentType: string): Promise<string[]> {
    loki.fault(() => ({ kind: 'answer', status, body, contentType }));
    const input = { query: '{service="orders"}' };
    const outcome = await toolbox.run({ name: 'query_logs', input, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));
    expect(outcome.status).toBe('failed');
    const [query, range, ...lines] = insideOf(outcome.text).split('\n');
    expect([query, range]).toEqual([
      'query: {service="orders"}',
      'range: 2026-11-23T18:30:00Z to 2026-11-23T19:30:00Z',
    ]);
    return lines;
  }

  it.each(CAPTURED)('is told in one or two lines that say what to change: %s (F45)', async (name, parts) => {
    const answer = captured(`loki/${name}`);
    const lines = await told(answer.status, capturedBody(answer), answer.content_type ?? '');
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(lines.join('\n').length).toBeLessThan(620);
    for (const part of parts) expect(lines.join('\n')).toContain(part);
    expect(lines.join('\n')).not.toMatch(/127\.0\.0\.1|<html/);
  });

  it.each(FROM_SOURCE)('is told in two lines: %d %s (F45)', async (status, body, mend) => {
    const lines = await told(status, `${body}\n`, 'text/plain; charset=utf-8');
    expect(lines).toEqual([`Loki answered ${status}: ${body}`, expect.stringContaining(mend)]);
  });

  it('wants a tenant: only an operator can mend that', async () => {
    const lines = await told(401, 'no org id\n', 'text/plain; charset=utf-8');
    expect(lines.join('\n')).toContain('operator');
    expect(lines.join('\n')).toMatch(/\(401/);
  });
});
