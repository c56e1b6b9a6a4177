import { jsonExcess } from './json-guard';

const codeOf = (json: string): string | undefined => jsonExcess(Buffer.from(json))?.code;
const nested = (levels: number): string => `{"alerts":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(',')}}`;

describe('The guard before JSON.parse', () => {
  it('lets 64 levels pass and refuses 65, whatever holds them', () => {
    expect(codeOf(nested(64))).toBeUndefined();
    expect(codeOf(nested(65))).toBe('webhook.too_deep');
    expect(codeOf('{"a":'.repeat(65))).toBe('webhook.too_deep');
  });

  it('counts only what is open at once', () => {
    expect(codeOf(`[${'{"a":[[]]},'.repeat(1000)}0]`)).toBeUndefined();
  });

  it('does not take for structure what stands in a string, or behind a backslash', () => {
    expect(codeOf(JSON.stringify({ text: `${'['.repeat(100)}"${'{"a":1,'.repeat(200_000)}\\` }))).toBeUndefined();
    expect(codeOf(`["\\\\",${'['.repeat(64)}`)).toBe('webhook.too_deep');
  });

  it('lets an object have 10,000 keys and refuses 10,001, for each object anew', () => {
    expect(codeOf(keys(10_000))).toBeUndefined();
    expect(codeOf(`[${keys(9_999)},${keys(9_999)}]`)).toBeUndefined();
    expect(codeOf(`[${keys(1)},${keys(10_001)}]`)).toBe('webhook.too_many_keys');
    expect(codeOf(`{"a":{"b":1},${keys(9_999).slice(1)}`)).toBeUndefined();
    expect(codeOf(`{"a":{"b":1},${keys(10_000).slice(1)}`)).toBe('webhook.too_many_keys');
  });

  it('refuses more than half a million entries, keys or elements', () => {
    expect(codeOf(`[${'0,'.repeat(499_000)}0]`)).toBeUndefined();
    expect(codeOf(`[${'0,'.repeat(500_001)}0]`)).toBe('webhook.too_many_keys');
    expect(codeOf(`[${'{"a":1},'.repeat(250_001)}0]`)).toBe('webhook.too_many_keys');
  });

  it.each(['', '"', '{"a', ']]]]', '\u0000', '{"a":"\\'])('comes to an end with what is no JSON: %j', (text) => {
    expect(codeOf(text)).toBeUndefined();
  });

  it.each([
    ['20,000 levels', '['.repeat(20_000)],
    ['a million keys', keys(1_000_000)],
    ['100,000 labels', `{"alerts":[{"labels":${keys(100_000)}}]}`],
    ['16 MiB of brackets', '[]'.repeat(8 * 1024 * 1024)],
  ])('refuses %s without reading a byte much longer than a plain loop does (F54)', (_, json) => {
    const bytes = Buffer.from(json);
    expect(jsonExcess(bytes)).toBeDefined();
    /* 16 MiB by a plain loop in the same run: a machine that is busy slows both. What grows with the square of the
       depth or of the keys is a thousand times slower than that */
    expect(fastestMs(() => jsonExcess(bytes))).toBeLessThan(10 * fastestMs(() => sumOf(PLAIN)));
  });
});

const PLAIN = Buffer.alloc(16 * 1024 * 1024, '[]');

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

function fastestMs(work: () => unknown): number {
  const runs = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...runs);
}
