import { isQuote, standsIn } from './quote';

const TEXT = [
  'result: matrix, 2 series',
  '{service="payments", version="2.14.0"} first=0.003101 last=0.3412 [0.003101 0.3412]',
  '{service="inventory"} first=0.001 last=0.0021 [0.001 0.0021]',
  '2026-11-24T03:00:12.000Z {service="payments"} {"level":"error","msg":"can\'t read \\"currency\\"","bytes":1234567}',
  'status: firing, count: 12',
  'heap 1,234,567 bytes, 34.1% in use … of 99 %',
].join('\n');

describe('A quote', () => {
  it.each([
    ['a literal piece', '{service="payments", version="2.14.0"} first=0.003101'],
    ['other white space', '{service="payments",  version="2.14.0"}\n first=0.003101'],
    ['white space left out beside punctuation', '{service="payments",version="2.14.0"}first=0.003101'],
    ['a piece that runs over a line break', 'last=0.0021 [0.001 0.0021] 2026-11-24T03:00:12.000Z'],
    ['typographic quotes', '{service=“payments”, version=“2.14.0”}'],
    ['a typographic apostrophe', 'can’t read'],
    ['quotation marks around it', '"first=0.003101 last=0.3412"'],
    ['backticks around it', '`first=0.003101 last=0.3412`'],
    ['a percentage with a blank', '34.1 % in use'],
    ['a percentage without one', 'in use … of 99%'],
    ['thousands without commas', 'heap 1234567 bytes'],
    ['thousands with commas', '"bytes":1,234,567'],
    ['an ellipsis between pieces of a line', 'service="inventory"} … last=0.0021'],
    ['three points between pieces of a line', '{service="payments" ... 0.3412]'],
    ['an ellipsis in brackets between long pieces of two lines', '{service="payments", […] "level":"error"'],
    ['an ellipsis that stands in the text', '34.1% in use … of 99 %'],
    ['a short label with its value', 'last=0.3412'],
    ['a field with its value', 'status: firing'],
  ])('stands there with %s', (_what, quote) => expect(standsIn(TEXT, quote)).toBe(true));

  it.each([
    ['another case', '{Service="payments"'],
    ['another word', '{service="checkout"'],
    ['a number that is cut at its end', 'last=0.34'],
    ['a number that is cut at its beginning', '003101 last=0.3412'],
    ['a version that is cut', 'service="payments", version="2.14'],
    ['a rounded number', 'first=0.0031 last=0.34'],
    ['too little', 'firing'],
    ['nothing but punctuation', '{…}[]{}"",'],
    ['nothing', '  '],
    ['the pieces in another order', 'last=0.0021 … service="inventory"'],
    ['short pieces of two lines', 'payments … 0.0021]'],
    ['three pieces', 'result: matrix … {service="payments" … status: firing'],
    ['one piece that does not stand there', '{service="payments" … last=0.9999'],
    ['a short label whose name is longer', 't: 12'],
    ['digits run together', '0.0010.0021'],
  ])('does not stand there with %s', (_what, quote) => expect(standsIn(TEXT, quote)).toBe(false));

  it('is long enough with 8 characters, or as a name with its value', () => {
    expect(['12345678', 'a b c d ', 'up: 1', 'le="5"', 'a  b   c'].map(isQuote)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('is looked up in a text that is as long as a result can be without hurry', () => {
    const long = `${'- , … 1,234 '.repeat(2_000)}${'x'.repeat(20_000)}`;
    const begun = performance.now();
    for (let i = 0; i < 20; i += 1) standsIn(long, `${'x'.repeat(2_000)} … ${'1,234 '.repeat(200)} end`);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
