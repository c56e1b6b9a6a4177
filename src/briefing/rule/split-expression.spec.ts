import { splitExpression } from './split-expression';

/** `left operator right` of each alternative, `-` without a comparison; what has to hold besides behind `;`. */
function told(expression: string): string {
  return splitExpression(expression)
    .map(({ comparison, also }) => {
      const limit = comparison?.threshold ?? comparison?.right;
      const compared = comparison ? `${comparison.left} ${comparison.operator} ${limit}` : '-';
      return [compared, ...also.map(({ joinedBy, text }) => `${joinedBy} ${text}`)].join(' ; ');
    })
    .join(' | ');
}

describe('an alert expression is taken apart where the alert is decided', () => {
  it.each([
    ['a number on the right', 'rate(x[5m]) > 0.05', 'rate(x[5m]) > 0.05'],
    ['a number on the left', '0.05 < x', 'x > 0.05'],
    ['a number on the left, the other way', '10 >= sum(x)', 'sum(x) <= 10'],
    ['a negative number on the left', '-1 < x', 'x > -1'],
    ['equal to a number on the left', '0 == up', 'up == 0'],
    ['up is 0', 'up == 0', 'up == 0'],
    ['not equal', 'x != 1', 'x != 1'],
    ['numbers that come to one', 'x > 512 * 1024 * 1024', 'x > 536870912'],
    ['a number in parentheses with a sign', 'x < -(2 + 3)', 'x < -5'],
    ['an exponent', 'x > 1e3', 'x > 1000'],
    ['a hexadecimal number', 'x > 0x1F', 'x > 31'],
    ['a number with separators', 'x > 1_000_000', 'x > 1000000'],
    ['a duration, in seconds', 'time() - x > 1h30m', 'time() - x > 5400'],
    ['an infinity', 'x > -Inf', 'x > -Infinity'],
    ['a power and a rest', 'x > 2 ^ 10 % 1000', 'x > 24'],
    ['everything in parentheses', '((x > 1))', 'x > 1'],
    ['sides in parentheses', '(a / b) > (0.5)', 'a / b > 0.5'],
    ['bool', 'x > bool 1', 'x > 1'],
    ['an aggregation with its labels behind it', 'sum(x) by (le) >= 4', 'sum(x) by (le) >= 4'],
    ['a quotient with on and group_left', 'a / on(i) group_left(n) b > 0.9', 'a / on(i) group_left(n) b > 0.9'],
    ['an expression on the right', 'a > on(i) group_left b * 2', 'a > b * 2'],
    ['ignoring', 'a > ignoring(mode) b', 'a > b'],
    ['time on the left', 'time() > x', 'x < time()'],
    ['time on the right', 'x < time() - 60', 'x < time() - 60'],
    ['and', 'a > 1 and b > 2', 'a > 1 ; and b > 2'],
    ['and with labels', 'a > 1 and on(i) (b == 0)', 'a > 1 ; and b == 0'],
    ['and three times, the first without a comparison', 'up and a > 1 and b < 2', 'a > 1 ; and up ; and b < 2'],
    ['unless', 'a > 1 unless on(i) b > 2', 'a > 1 ; unless b > 2'],
    ['unless before a comparison', 'a unless b > 5', '- ; unless b > 5'],
    ['and inside parentheses', '(a > 1 and b > 2)', 'a > 1 ; and b > 2'],
    ['or', 'a > 1 or b > 2', 'a > 1 | b > 2'],
    ['or of three, one with and', 'a > 1 or (b > 2 and c) or d', 'a > 1 | b > 2 ; and c | -'],
    ['a band', 'x > 1 < 5', 'x > 1 ; and x < 5'],
    ['a comparison inside of an aggregation', 'count(up == 0) > 2', 'count(up == 0) > 2'],
    ['bool inside of a comparison', '(a > bool 1) + (b > bool 2) == 2', '(a > bool 1) + (b > bool 2) == 2'],
    ['a comparison that is only multiplied', '(a > 1) * 100', '-'],
    ['absent', 'absent(up{job="shop"})', '-'],
    ['absent that is 1', 'absent(x) == 1', 'absent(x) == 1'],
    ['a vector', 'ALERTS{alertstate="firing"}', '-'],
    ['always', 'vector(1)', '-'],
    ['two numbers', '1 > bool 2', '1 > 2'],
    ['a comparison sign in a label', 'x{path="a > b"} > 3', 'x{path="a > b"} > 3'],
    ['the word and in a label', "x{q='a and b'} > 3", "x{q='a and b'} > 3"],
    ['a quoted brace and an escaped quote', 'x{q="}\\" > 9"} > 3', 'x{q="}\\" > 9"} > 3'],
    ['a comment with a comparison', 'x # y > 5\n  > 3 # > 4', 'x > 3'],
    ['white space over lines', 'sum by (a) (\n  x\n)\n/ y\n  > 0.1\n', 'sum by (a) ( x ) / y > 0.1'],
    ['a subquery', 'max_over_time(rate(x[5m])[30m:1m]) > 3', 'max_over_time(rate(x[5m])[30m:1m]) > 3'],
    ['an offset before an operator', 'x > x offset 1w * 2', 'x > x offset 1w * 2'],
    ['an offset at the end', 'x < 0.5 * x offset 1w', 'x < 0.5 * x offset 1w'],
    ['an offset on both sides', 'x offset 5m > y offset 1h', 'x offset 5m > y offset 1h'],
    ['an offset before and', 'x > y offset 5m and z > 1', 'x > y offset 5m ; and z > 1'],
    ['an offset and a moment', 'a > 1 and b offset 5m @ 300 > 2', 'a > 1 ; and b offset 5m @ 300 > 2'],
    ['an offset in a window', 'rate(x[5m] offset 1w) > 1', 'rate(x[5m] offset 1w) > 1'],
    ['a metric named by a string', '{"my.metric", a="b"} > 5', '{"my.metric", a="b"} > 5'],
    ['operators in capitals', 'a > 1 AND b > 2 UNLESS c', 'a > 1 ; and b > 2 ; unless c'],
    ['a string', '"x"', '-'],
    ['a side that is missing', 'x >', '-'],
    ['a bracket that is missing', 'sum(x > 5', '-'],
    ['a function that nobody knows', 'frobnicate(x) > 5', '-'],
    ['nothing', '', '-'],
    ['a sentence', 'CPU usage above 90 % for 5 minutes', '-'],
  ])('%s', (_, expression, expected) => {
    expect(told(expression)).toBe(expected);
  });

  it('knows by which labels the sides find each other, and whose labels the result has', () => {
    const matching = (text: string) => splitExpression(text)[0]!.comparison?.matching;
    expect(matching('a > on(i, j) group_left(n) b')).toEqual({
      mode: 'on',
      names: ['i', 'j'],
      many: 'left',
      included: ['n'],
    });
    expect(matching('a > ignoring(m) group_right b')).toEqual({
      mode: 'ignoring',
      names: ['m'],
      many: 'right',
      included: [],
    });
    expect(matching('a > on() b')).toEqual({ mode: 'on', names: [], many: 'none', included: [] });
    expect(matching('a > b')).toBeUndefined();
  });

  it('knows a comparison that filters nothing, and sides without labels', () => {
    const comparison = (text: string) => splitExpression(text)[0]!.comparison;
    expect(comparison('x > bool 1')).toMatchObject({ bool: true, scalarLeft: false, scalarRight: true });
    expect(comparison('x > scalar(y)')).toMatchObject({ bool: false, scalarRight: true });
    expect(comparison('x > y')).toMatchObject({ scalarRight: false });
    expect(comparison('x > scalar(y)')).not.toHaveProperty('threshold');
  });

  it.each([
    ['open brackets', '('],
    ['operators', '+a'],
    ['quotes', '"'],
    ['comparisons', 'a>1 '],
    ['comments', '#'],
  ])('takes any length of %s in its stride', (_, piece) => {
    for (const length of [3_999, 100_000]) {
      const [branch] = splitExpression(`a${piece.repeat(length / piece.length)}`);
      expect(branch!.text.length).toBeLessThanOrEqual(length + 1);
    }
  });
});
