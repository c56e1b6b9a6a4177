import { commonLabels, formatLabels, formatNumber, takeLines } from './fit';

describe('fitting', () => {
  it.each([
    [0.123456, '0.1235'],
    [12.3456, '12.35'],
    [0, '0'],
    [5, '5'],
    [1_795_461_609, '1795461609'],
    [123_456.789, '123457'],
    [1.7954e13, '1.795e+13'],
    [0.000_012_345, '0.00001234'],
    [1e-9, '1e-9'],
    [-0.5, '-0.5'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('writes labels sorted, with the metric in front, and quotes what they hold', () => {
    expect(formatLabels({ __name__: 'up', b: 'x', a: 'say "hi"\n' })).toBe('up{a="say \\"hi\\"\\n", b="x"}');
    expect(formatLabels({ a: 'x'.repeat(300) })).toContain('… (100 more characters)');
  });

  it('finds what all label sets share, but takes nothing from a single one', () => {
    expect(commonLabels([{ a: '1', b: '2' }, { a: '1', b: '3' }, { a: '1' }])).toEqual({ a: '1' });
    expect(commonLabels([{ a: '1' }])).toEqual({});
  });

  it('takes lines while there is room', () => {
    expect(takeLines(['aa', 'bb', 'cc'], 6)).toEqual(['aa', 'bb']);
    expect(takeLines([], 0)).toEqual([]);
  });
});
