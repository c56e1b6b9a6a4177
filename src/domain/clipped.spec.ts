import { beginning, clipped } from './clipped';

it('A text that fits is left alone; a longer one says how much of it is missing', () => {
  expect(clipped('abc', 3)).toBe('abc');
  expect(clipped('abcd', 3)).toBe('abc… (1 more character)');
  expect(clipped('abcde', 3)).toBe('abc… (2 more characters)');
});

it('A cut leaves no half character behind, which JSON and Postgres would refuse (GV-42)', () => {
  expect(beginning('ab😀', 3)).toBe('ab\ufffd');
  expect(clipped('ab😀cd', 3).isWellFormed()).toBe(true);
});
