import { promqlRefusal } from './promql-check';

describe('A query that is certainly wrong', () => {
  it.each([
    ['sum(up', '1:7: parse error: unclosed left parenthesis', 'sum(up)'],
    ['sum(rate(x[5m])', '1:16: parse error: unclosed left parenthesis', 'sum(rate(x[5m]))'],
    ['x{a="b"', '1:8: parse error: unclosed left brace', 'x{a="b"}'],
    ['rate(x[5m)', '1:10: parse error: unexpected right parenthesis: the left bracket at character 7', undefined],
    ['sum(up))', '1:8: parse error: unexpected right parenthesis, nothing opened it', undefined],
    ['up{job="x}', '1:8: parse error: unterminated quoted string', 'up{job="x"}'],
    ['sum(up{job="x}) by (job)', '1:12: parse error: unterminated quoted string', 'sum(up{job="x"}) by (job)'],
    ['up{job="x', '1:8: parse error: unterminated quoted string', 'up{job="x"}'],
    ['up{job=~"/(a|b)}', '1:9: parse error: unterminated quoted string', 'up{job=~"/(a|b)"}'],
    ['x{a="b, c="d"}', '1:13: parse error: unterminated quoted string', undefined],
    ['sum(up # all', '1:7: parse error: unclosed left parenthesis', 'sum(up) # all'],
    ['up{a=="b", c=="d"}', '1:5: parse error: unexpected "="', 'up{a="b", c="d"}'],
    ['a&&b', "1:2: parse error: unexpected character: '&'", 'a and b'],
    ['sum(a) || sum(b)', "1:8: parse error: unexpected character: '|'", 'sum(a) or sum(b)'],
    ['rate(x[1 hour:5 min])', '1:8: parse error: bad duration "1 hour"', 'rate(x[1h:5m])'],
    ['rate(x) / rate(y)', '1:6: parse error: expected type range vector', 'rate(x[5m]) / rate(y[5m])'],
    [
      'quantile_over_time(0.9, sum(x))',
      '1:25: parse error: expected type range vector',
      'sum(quantile_over_time(0.9, x[5m]))',
    ],
    ['up\n  = 0', '2:3: parse error: unexpected "="', 'up\n  == 0'],
    ['up{job=="x"}', '1:7: parse error: unexpected "=" in label matching', 'up{job="x"}'],
    ['a & b', "1:3: parse error: unexpected character: '&'", 'a and b'],
    ['a && b', "1:3: parse error: unexpected character: '&'", 'a and b'],
    ['{app="x"} |= "err"', '1:11: a pipe is LogQL', 'query_logs'],
    ['count_over_time({app="x"} | json [5m])', '1:27: a pipe is LogQL', 'query_logs'],
    ['rate(up[5min])', '1:9: parse error: bad duration "5min"', 'rate(up[5m])'],
    ['up offset 1hour', '1:11: parse error: bad duration "1hour"', 'up offset 1h'],
    ['rate(x[5 m])', '1:8: parse error: bad duration "5 m"', 'rate(x[5m])'],
    ['rate(x[$__rate_interval])', '1:8: "$__rate_interval" is a variable of a dashboard', 'a window written out, [5m]'],
    [
      'rate(up)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
      'rate(up[5m])',
    ],
    ['rate(sum by (a) (x{b="c"}))', '1:6: parse error: expected type range vector', 'sum by (a) (rate(x{b="c"}[5m]))'],
    ['quantile_over_time(0.9, x)', '1:25: parse error: expected type range vector', 'quantile_over_time(0.9, x[5m])'],
    [
      'histogram_quantle(0.9, x)',
      '1:1: parse error: unknown function with name "histogram_quantle"',
      'histogram_quantile(0.9, x)',
    ],
    ['{}', '1:1: this selects every series there is', 'find_metrics'],
    ['topk(10, {__name__=~".+"})', '1:10: this selects every series there is', 'find_metrics'],
    ['{job=~".*", a!="b"}', '1:1: this selects every series there is', 'find_metrics'],
  ])('%s: %s', (query, place, mend) => {
    const refusal = promqlRefusal(query, 'instant') ?? 'it was sent';
    expect(refusal).toContain(`Not sent: ${place}`);
    if (mend) expect(refusal.slice(refusal.indexOf('\ninstead: '))).toContain(mend);
    else expect(refusal).not.toContain('instead');
  });

  it('shows the place in its line, however long the query is', () => {
    const query = `${'a + '.repeat(300)}\nup{job=="x"} + ${'b + '.repeat(300)}b`;
    expect(promqlRefusal(query, 'instant')).toMatch(
      /^Not sent: 2:7: .*\nat the mark ⟨!⟩: up\{job⟨!⟩=="x"\} \+ b .*…\n/,
    );
    expect(promqlRefusal(query, 'instant')!.length).toBeLessThan(800);
  });

  it('is mended around the place alone where the whole would be cut', () => {
    const refusal = promqlRefusal(`${'a + '.repeat(200)}up{job=="x"}${' + b'.repeat(200)}`, 'instant')!;
    expect(refusal).toMatch(/\ninstead: ….*up\{job="x"\} \+ b.*…$/);
  });

  it('is no range vector for one moment, but one over a range', () => {
    expect(promqlRefusal('up[5m]', 'instant')).toBeUndefined();
    expect(promqlRefusal('up[5m]', 'range')).toMatch(
      /invalid expression type "range vector" for range query.*\n.*\ninstead: up \(its values\), or rate\(up\[5m\]\)/,
    );
    expect(promqlRefusal('(up[5m:1m] offset 1h)', 'range')).toContain(
      'instead: up offset 1h (its values), or rate(up[5m:1m] offset 1h)',
    );
  });

  it('is no reason to wait: what is made to be hard to read is read at once', () => {
    const begun = performance.now();
    for (const hard of ['(', '[5 ', '"\\', 'offset ', 'a'.repeat(60) + ' ', '{a=~"', '&', '# '])
      promqlRefusal(hard.repeat(8_000 / hard.length), 'range');
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('A query that may be right', () => {
  it.each([
    'up == bool 0',
    'a >= 1 and b != 2 unless c <= 3',
    'x{a=~"b|c", c!="d", e!~"f"} != 3',
    'rate(x[5m]) > 0.5 # a "comment & more',
    'x{msg="a = b & c | d"}',
    '{"my.metric", a="b"}',
    '{__name__=~"http_.*"}',
    'count by (__name__) ({service=~".+"})',
    'up @ end()',
    'rate(x[5m] offset 1h) / ignoring(a) group_left() rate(y[1h30m])',
    'max_over_time(rate(x[5m])[1h:])',
    'foo(up)',
    'keep_last_value(x[5i])',
    'rate(x[300])',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
    'predict_linear(x[1h], 3600) < 0',
    'SUM BY (a) (x)',
    'sum(x) by(a)',
    'label_replace(up, "a", "$1", "b", "(.*)")',
    'day_of_week() == 1',
    /* wrong, but what was meant is not plain: the server tells */
    'rate(sum(x + y))',
    'rate(sum by (a) (x offset 5m))',
  ])('is sent: %s', (query) => {
    expect(promqlRefusal(query, 'range')).toBeUndefined();
  });
});
