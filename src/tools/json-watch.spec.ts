import { JsonWatch } from './json-watch';

describe('the watch over JSON that arrives', () => {
  /** In pieces of so many bytes. */
  const accepts = (text: string, pieceBytes = 1000): boolean => {
    const watch = new JsonWatch();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (!watch.accepts(bytes.subarray(at, at + pieceBytes))) return false;
    }
    return true;
  };
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join(',')}}`;

  it('lets 64 levels pass and no more, wherever a piece ends', () => {
    for (const bytes of [1, 7, 1000]) {
      expect(accepts(nested(64), bytes)).toBe(true);
      expect(accepts(nested(65), bytes)).toBe(false);
    }
  });

  it('counts levels, not what has been closed', () => {
    expect(accepts(`[${`${nested(60)},`.repeat(1000)}0]`)).toBe(true);
  });

  it('takes nothing inside a string for structure, wherever a piece ends', () => {
    const text = JSON.stringify({ line: `${'['.repeat(100)}"\\${'{'.repeat(100)}\\"`, more: ['\\', '"[['.repeat(50)] });
    for (let bytes = 1; bytes < 30; bytes += 1) expect(accepts(text, bytes)).toBe(true);
    expect(accepts(`["\\\\",${nested(65)}`, 1)).toBe(false);
  });

  it('lets an object have a key for each of 100,000 metrics and no more', () => {
    expect(accepts(keys(100_000), 65_536)).toBe(true);
    expect(accepts(keys(100_001), 65_536)).toBe(false);
  });

  it('bounds the objects, the arrays and the keys of all together', () => {
    expect(accepts(`[${'{},'.repeat(499_000)}{}]`, 65_536)).toBe(true);
    expect(accepts(`[${'{},'.repeat(500_000)}{}]`, 65_536)).toBe(false);
    expect(accepts(`[${`${keys(99_000)},`.repeat(6)}{}]`, 65_536)).toBe(false);
  });

  it('lets 8 MiB of the shortest points of a matrix pass', () => {
    const point = '[1795461300,"0"],';
    expect(accepts(`[${point.repeat((8 * 1024 * 1024) / point.length)}[1795461300,"0"]]`, 65_536)).toBe(true);
  });
});
