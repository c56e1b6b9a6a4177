import { logqlMistake } from './logql-mistakes';

describe('A LogQL query before it is sent', () => {
  it.each([
    ['{a="b"', 'before {a="b" — the brace is not closed: write {a="b"}.'],
    ['{a="b" |= "x"', 'the brace is not closed: write {a="b"}.'],
    ['sum(rate({a="b"}[1m])', 'at character 4, before (rate({a="b"}[1m]) — "(" is not closed: ")" is missing.'],
    ['{a="b"}}', 'at character 8, before } — "}" closes nothing'],
    ['{a="b"} |= "x', 'at character 12, before "x — the quote " that opens here is not closed'],
    ["{a='b'}", 'LogQL has no single quotes: write "…"'],
    ['  ', 'it is empty. Begin with a selector: {service="checkout"}'],
    ['# all of it', 'it is empty'],
    ['|= "error"', 'there is no stream selector: put labels in braces before everything else'],
    ['{}', '{} selects everything: a selector needs at least one label with = or =~ that cannot be empty'],
    ['{} |= "x"', '{} selects everything'],
    ['{a=~".*"}', '{a=~".*"} selects everything'],
    ['{a!="x", b!~"y"}', 'selects everything'],
    ['{a=""}', 'selects everything'],
    ['sum(rate({a!="x"}[5m]))', 'at character 10, before {a!="x"}[5m])) — {a!="x"} selects everything'],
    ['{service=checkout}', 'the value needs quotes: service="checkout"'],
    ['{service=5}', 'the value needs quotes: service="5"'],
    ['{a="b" c="d"}', 'at character 8, before c="d"} — a comma is missing between two matchers'],
    ['{a="b" and c="d"}', 'a selector has no "and": all of its matchers must hold, with commas between'],
    ['{a=="b"}', 'a selector has no ==: write ='],
    ['{a="b"} |= error', 'at character 12, before error — the text needs quotes: |= "error"'],
    ['{a="b"} |~ 500', 'the text needs quotes: |~ "500"'],
    ['{a="b"} != debug', 'the text needs quotes: != "debug"'],
    ['{a="b"} | level=error', 'the value needs quotes: | level="error"'],
    ['{a="b"} | json | level=~warn', 'the value needs quotes: | level=~"warn"'],
    ['{a="b"} | json | level=="error"', 'text is compared with one =: | level="error"'],
    ['up{job="x"}', 'up{…} is a metric: PromQL goes to query_metrics'],
    ['sum(rate(http_requests_total{status="500"}[5m]))', 'http_requests_total{…} is a metric'],
    ['rate(http_requests_total[5m])', 'http_requests_total is a metric: PromQL goes to query_metrics'],
    ['ratee({a="b"}[1m])', 'LogQL has no function ratee: use rate'],
    ['count_overtime({a="b"}[1m])', 'LogQL has no function count_overtime: use count_over_time'],
    ['sum(increase({a="b"}[1m]))', 'LogQL has no function increase: use count_over_time'],
    ['constructor({a="b"}) + toString({a="b"}[1m]) + increase({a="b"}[1m])', 'no function increase'],
    ['rate({a="b"} |= "x")', 'rate counts over a range, which is missing: rate({…} [5m])'],
    ['count({a="b"})', 'count takes counts, not lines: sum(count_over_time({…} [5m]))'],
    ['sum by (service) ({a="b"} |= "x")', 'sum takes counts, not lines: sum(count_over_time({…} [5m]))'],
    ['{a="b", |= "x"', 'the brace is not closed: write {a="b"}.'],
    ['rate({a="b"[1m])', 'the brace is not closed: write {a="b"}.'],
    ['{a=~b.*}', 'the value needs quotes: a=~"b.*"'],
    ['{a="b"} |= connection-refused', 'the text needs quotes: |= "connection-refused"'],
    ['topk(5, {a="b"})', 'topk takes counts, not lines: topk(5, count_over_time({…} [5m]))'],
    ['avg({a="b"} | json | unwrap x)', 'avg takes counts, not lines: avg_over_time({…} | unwrap field [5m])'],
    [
      'quantile_over_time(0.9, {a="b"} | json | unwrap x)',
      'a range, which is missing: quantile_over_time(0.9, {…} | unwrap field [5m])',
    ],
    ['{a="b"} | unwrap x [5m]', 'a function that counts: sum_over_time({a="b"} | unwrap x [5m]).'],
    ['{a="b"} | json [5m] | x="y"', 'a function that counts: count_over_time({…} [5m]).'],
    ['{a="b"} |= "x" [5m]', 'a range needs a function that counts: count_over_time({a="b"} |= "x" [5m])'],
  ])('is not sent when it is certainly wrong, and says what to write: %s', (query, said) => {
    expect(logqlMistake(query)).toMatch(/^The query was not sent: /);
    expect(logqlMistake(query)).toContain(said);
  });

  it.each([
    '{a="b"}',
    '{a="b"} |= "x" != `y` |~ "z|\\"" !~ "w" |> "<_> z"',
    '# the errors\n{a="b", c!="d"} | json | level="error" | status >= 500',
    '{a="b"} | logfmt --strict | (a="b" or c=~"d.*") and e > 1.5s, f < 20MB',
    '{a="b"} | json x="a.b", y="c[0]" | line_format "{{.x}} [5m] up{" | label_format a=b, c="{{.d}}"',
    '{a="b"} | pattern `<ip> - <_>` | ip = ip("10.0.0.0/8") | drop a | keep b, c="d" | decolorize | unpack',
    'sum by (service) (count_over_time({service=~".+"} | json | level="error" [1m]))',
    'topk(5, sum(rate({a="b"} |= "x" [5m])) by (c)) > bool 0.5',
    'quantile_over_time(0.99, {a="b"} | json | unwrap duration(latency) | __error__="" [1m]) by (c)',
    'sum(rate({a="b"}[5m])) / on (x) group_left () sum(rate({a="b"}[5m] offset 1h))',
    'label_replace(rate({a="b"}[1m]), "x", "$1", "y", "(.*)") or vector(0)',
    /* of a newer Loki: not known here, and not certainly wrong */
    'variants(count_over_time({a="b"}[1m]), bytes_over_time({a="b"}[1m])) of ({a="b"}[1m])',
    '{a="b"} | newstage "x" foo',
    '{a.b="c"}',
    /* not valid, and no metric or range either: Loki names the fault */
    '{a="b"} | json | line_format {{.msg}}',
    '{a="b"} |~ [0-9]+',
    '{a="b"} |~ "("',
    'nonsense_fn({a="b"}[5m])',
    `{a="b"} |= "${'x'.repeat(5000)}"`,
  ])('is sent when it is right, or may be: %s', (query) => {
    expect(logqlMistake(query)).toBeUndefined();
  });

  it('is looked at in a moment, however it is made', () => {
    for (const part of ['(', '{', '"', '|', '{a="', 'sum(', 'a', "'", '\\', '{}', 'rate({a="b"}', '[', '# ']) {
      const started = performance.now();
      logqlMistake(part.repeat(8_000).slice(0, 8_000));
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});
