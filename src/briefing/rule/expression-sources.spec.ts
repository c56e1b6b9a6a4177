import { expressionSources, selectorText } from './expression-sources';

describe('what an expression reads', () => {
  it('is its selectors, those under a window first, each once', () => {
    const { selectors } = expressionSources(
      'up{job="a"} == 1 and sum(rate(x{a="b", c=~"d|e",}[5m])) / sum(rate(x[5m])) > up{job="a"}',
    );
    expect(selectors.map((one) => selectorText(one))).toEqual(['x{a="b",c=~"d|e"}', 'x', 'up{job="a"}']);
    expect(selectors[0]!.names).toEqual(['a', 'c']);
    expect(selectorText(selectors[1]!, ['i="1"'])).toBe('x{i="1"}');
  });

  it('has windows with their functions', () => {
    expect(expressionSources('rate(x[1m]) > 2 * avg_over_time(y{a="b"}[1h30m])').windows).toEqual([
      { function: 'rate', metric: 'x', seconds: 60 },
      { function: 'avg_over_time', metric: 'y', seconds: 5400 },
    ]);
  });

  it.each([
    ['x > 1', 0],
    ['rate(x[5m]) > 1', 300],
    ['x offset 1h > 1', 3600],
    ['rate(x[5m] offset 1h) > rate(y[10m])', 3900],
    ['max_over_time(rate(x[5m])[30m:1m]) > 1', 2100],
    ['rate(x[300]) > 1', 300],
    ['x offset -5m > 1', 0],
    ['rate(x[1h] > 1', 0],
  ])('%s reaches %d s back', (expression, seconds) => {
    expect(expressionSources(expression).reachSeconds).toBe(seconds);
  });
});
