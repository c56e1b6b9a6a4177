import { countInWords, dollarsInWords, durationInWords, momentInWords } from './in-words';

describe('figures in words', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%p milliseconds are %p', (ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });

  it('counts in the singular and the plural', () => {
    expect([0, 1, 12_345].map((count) => countInWords(count, 'token'))).toEqual([
      '0 tokens',
      '1 token',
      '12,345 tokens',
    ]);
  });

  it('shows small sums exactly enough to be told from nothing', () => {
    expect([0, 0.0312, 1.254].map(dollarsInWords)).toEqual(['$0.00', '$0.0312', '$1.25']);
  });

  it('tells moments in UTC', () => {
    expect(momentInWords(new Date('2026-05-04T03:12:09.123Z'))).toBe('2026-05-04 03:12:09 UTC');
  });
});
