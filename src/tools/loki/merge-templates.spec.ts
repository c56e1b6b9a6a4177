import { mergedTemplates } from './merge-templates';

const names = ['ada', 'bob', 'cleo', 'dan', 'eve'];
const intoOf = (templates: readonly string[]): Set<string> => new Set(mergedTemplates(templates).values());

describe('Templates that differ in few words', () => {
  it('are one where a word takes many values', () => {
    expect(intoOf(names.map((name) => `user ${name} logged in from <*>`))).toEqual(
      new Set(['user <*> logged in from <*>']),
    );
    expect(intoOf(names.map((name) => `order placed user=${name}, total <*> in EUR`))).toEqual(
      new Set(['order placed user=<*>, total <*> in EUR']),
    );
  });

  it('stay apart where it takes few: each tells something of its own', () => {
    const templates = ['refused', 'reset', 'closed'].map((how) => `connection to the database was ${how}`);
    expect(intoOf(templates)).toEqual(new Set(templates));
  });

  it('stay apart by a word with few values beside one with many', () => {
    const templates = names.flatMap((name) => [
      `login of ${name} was refused`,
      ...(name === 'ada' ? [`login of ${name} was undone`] : []),
    ]);
    expect(intoOf(templates)).toEqual(new Set(['login of <*> was refused', 'login of ada was undone']));
  });

  it('keep what tells failures apart, however many there are', () => {
    const codes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'TypeError', 'SyntaxError'];
    expect(intoOf(codes.map((code) => `call to payments failed: ${code}`)).size).toBe(codes.length);
  });

  it('take a quoted text for one word', () => {
    const texts = ['red shoes', 'blue', 'a very long coat', 'hats and gloves'];
    expect(intoOf(texts.map((text) => `no results found for "${text}" today`))).toEqual(
      new Set(['no results found for <*> today']),
    );
  });

  it('are merged alike in whatever order they come', () => {
    const templates = names.flatMap((a) => names.map((b) => `${a} gave the order of ${b} to the courier`));
    const merged = mergedTemplates(templates);
    expect(mergedTemplates(templates.toReversed())).toEqual(merged);
  });

  it('cost little where none can be merged', () => {
    const word = (i: number): string => [...String(i)].map((digit) => 'bcdfghjklm'[Number(digit)]).join('');
    const templates = Array.from({ length: 10_000 }, (_, i) =>
      Array.from({ length: 20 }, (_, n) => (n === 0 ? 'x' : word(i * 7 + n * n))).join(' '),
    );
    const merged = mergedTemplates(templates);
    expect(merged.size).toBe(10_000);
  });
});
