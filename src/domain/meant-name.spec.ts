import { editDistance } from './edit-distance';
import { meantName, slipsBetween } from './meant-name';

describe('The name that a misspelt one means', () => {
  it.each([
    ['a letter is missing', 'http-por', 'http-port'],
    ['two neighbours are exchanged', 'lables', 'labels'],
    ['its case is another one', 'Rate', 'rate'],
    ['several are near: the nearest', 'sum_over_tim', 'sum_over_time'],
  ])('is found where %s', (_, written, name) => {
    expect(meantName(written, ['http-port', 'labels', 'rate', 'max_over_time', 'sum_over_time'])).toBe(name);
  });

  it('is none where more than a quarter of the letters differ, or the names are longer than anybody writes', () => {
    expect(meantName('irate', ['create', 'date'])).toBeUndefined();
    expect(slipsBetween('a'.repeat(101), 'a'.repeat(101))).toBeUndefined();
  });
});

describe('The distance of two words', () => {
  it('counts letters put in, taken out, replaced and exchanged', () => {
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('ab', 'ba')).toBe(1);
  });

  it('is counted no further than is asked for', () => {
    expect(editDistance('aaaaaaaa', 'bbbbbbbb', 2)).toBe(3);
    expect(editDistance('a', 'aaaaaaaa', 2)).toBe(3);
  });
});
