import { memberTexts, objectText } from './json-text';

describe('JSON as text', () => {
  it.each([
    ['numbers and key order', '{"b":1.0,"10":2e2,"2":-0}', ['b=1.0', '10=2e2', '2=-0']],
    ['brackets and quotes inside strings', '{"a":"}]\\"{[","b":{"c":"}"}}', ['a="}]\\"{["', 'b={"c":"}"}']],
    ['nesting', '{"a":[[1,[2]],{"b":[{}]}],"c":null}', ['a=[[1,[2]],{"b":[{}]}]', 'c=null']],
    ['space', ' { "a" :\t1 ,\n"b" : [ 1 , 2 ] } ', ['a=1', 'b=[ 1 , 2 ]']],
    ['escaped names', '{"a\\u0022b":true}', ['a"b=true']],
    ['nothing', '{}', []],
  ])('is cut into its members as they stand: %s', (_what, text, members) => {
    expect([...memberTexts(text)].map(([name, value]) => `${name}=${value}`)).toEqual(members);
  });

  it('is cut without recursion, so that no nesting is too deep', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(memberTexts(`{"a":${deep}}`).get('a')).toBe(deep);
  });

  it('is joined again to the same text', () => {
    const text = '{"b":1.0,"10":[1,2],"a\\"b":"x"}';
    expect(objectText(memberTexts(text))).toBe(text);
  });
});
