import { patternLine, readPatternLine, type ShownPattern } from './pattern-line';

const pattern = (over: Partial<ShownPattern> = {}): ShownPattern => ({
  kind: 'new',
  count: 12,
  before: 0,
  first: new Date('2026-11-24T12:03:11Z'),
  last: new Date('2026-11-24T12:09:00Z'),
  level: 'error',
  services: [{ name: 'payments', count: 12 }],
  traceId: '95eabee412ed9c8e',
  template: 'charge <*> failed: no connection',
  example: 'charge 41 failed: no connection',
  ...over,
});

describe('The line of a pattern', () => {
  it('says how often beside the time before, when, how loud, who and what', () => {
    expect(patternLine(pattern())).toBe(
      'new count=12 before=0 first=2026-11-24T12:03:11Z last=2026-11-24T12:09:00Z level=error service="payments" trace=95eabee412ed9c8e: charge <*> failed: no connection | e.g. charge 41 failed: no connection',
    );
  });

  const services = [
    { name: 'payments', count: 9 },
    { name: 'orders', count: 2 },
  ];
  it.each([
    ['all of its parts', pattern()],
    ['several services with their counts', pattern({ services })],
    ['services beyond those that are named', pattern({ services, otherServices: 4 })],
    ['rates', pattern({ kind: 'risen', before: 4, perMinute: { now: '2.4', before: '0.1333' } })],
    ['nothing of the time before', pattern({ kind: 'seen', before: undefined })],
    ['one line alone', pattern({ count: 1, services: [{ name: 'payments', count: 1 }], last: pattern().first })],
    [
      'neither level, service, trace nor example',
      pattern({ level: undefined, services: [], traceId: undefined, example: undefined }),
    ],
  ])('is read back with %s', (_, told) => {
    const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
    expect(readPatternLine(patternLine(told))).toEqual(given);
  });

  it('takes no figure from a message or a name, whatever they hold', () => {
    const forged = pattern({
      services: [{ name: 'pay ments count=99:3', count: 12 }],
      template: 'x: new count=99 before=9 first=2020-01-01T00:00:00Z',
      example: undefined,
    });
    expect(readPatternLine(patternLine(forged))).toMatchObject({
      kind: 'new',
      count: 12,
      before: 0,
      services: [{ count: 12 }],
    });
  });

  it('is no other line', () => {
    for (const line of [
      'same: 12 lines in 2 patterns',
      'new count=x first=2026: y',
      'new count=1 first=never: y',
      '',
    ]) {
      expect(readPatternLine(line)).toBeUndefined();
    }
  });
});
