import { fitStep, formatDuration, formatTime, parseRange, parseStep, parseTime } from './time-input';

const NOW = new Date('2026-11-23T19:30:00.750Z');
const read = (text: string): string => {
  const reading = parseTime('start', text, NOW);
  return reading.kind === 'time' ? formatTime(reading.at) : reading.reason;
};

describe('times as the model gives them', () => {
  it.each([
    ['now', '2026-11-23T19:30:00Z'],
    ['-15m', '2026-11-23T19:15:00Z'],
    ['-1h30m', '2026-11-23T18:00:00Z'],
    ['now-2h', '2026-11-23T17:30:00Z'],
    ['-1d', '2026-11-22T19:30:00Z'],
    ['2026-11-23T19:05:34.825Z', '2026-11-23T19:05:34.825Z'],
    ['2026-11-23T21:05:34+02:00', '2026-11-23T19:05:34Z'],
  ])('reads %s', (text, time) => {
    expect(read(text)).toBe(time);
  });

  it.each([
    'yesterday',
    '',
    '15m',
    '+15m',
    '-15',
    '-15 minutes',
    '1795461600',
    '2026-11-23',
    '2026-11-23T19:05:34',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T24:00:01Z',
    '-999999w',
  ])('refuses %j with the forms that it accepts, and moves nothing (GV-43)', (text) => {
    expect(read(text)).toContain('is no time. Accepted: RFC 3339 (`2026-03-01T12:00:00Z`), `now`, or relative');
  });

  it('reads a range, by default the last hour', () => {
    const range = (start?: string | null, end?: string | null): string => {
      const reading = parseRange({ start, end }, NOW);
      return reading.kind === 'range' ? `${formatTime(reading.start)} ${formatTime(reading.end)}` : reading.reason;
    };
    expect(range()).toBe('2026-11-23T18:30:00Z 2026-11-23T19:30:00Z');
    expect(range(null, null)).toBe(range());
    expect(range(null, '-1h')).toBe('2026-11-23T17:30:00Z 2026-11-23T18:30:00Z');
    expect(range('-15m', 'now')).toBe('2026-11-23T19:15:00Z 2026-11-23T19:30:00Z');
    expect(range('now', '-15m')).toContain('lies before start');
    expect(range('soon', '-15m')).toMatch(/^start: "soon" is no time/);
    expect(range('-15m', 'late')).toMatch(/^end: "late" is no time/);
  });

  it('reads a step as a duration or as seconds', () => {
    expect(parseStep('30s')).toEqual({ kind: 'step', seconds: 30 });
    expect(parseStep('60')).toEqual({ kind: 'step', seconds: 60 });
    expect(parseStep(null)).toEqual({ kind: 'step' });
    expect(parseStep('0')).toMatchObject({ kind: 'refused' });
    expect(parseStep('fine')).toMatchObject({ kind: 'refused' });
    expect(parseStep('500ms')).toMatchObject({ kind: 'refused' });
  });

  it.each([
    [900, 15, { seconds: 20, widened: true }],
    [900, 30, { seconds: 30, widened: false }],
    [3600, 60, { seconds: 90, widened: true }],
    [3600, undefined, { seconds: 90, widened: false }],
    [60, undefined, { seconds: 15, widened: false }],
    [0, undefined, { seconds: 15, widened: false }],
    [86_400 * 30, 15, { seconds: 43_200 + 43_200, widened: true }],
    [86_400 * 365, 15, { seconds: 86_400 * 7, widened: true }],
  ])('chooses a step for %d s, asked for %p: at most 60 points', (length, asked, expected) => {
    const range = { start: new Date(NOW.getTime() - length * 1000), end: NOW };
    const fitted = fitStep(range, asked);
    expect(fitted).toEqual(expected);
    expect(Math.floor(length / fitted.seconds) + 1).toBeLessThanOrEqual(60);
  });

  it('writes durations as people do', () => {
    expect([15, 90, 300, 5400, 3661].map(formatDuration)).toEqual(['15s', '90s', '5m', '1h30m', '1h1m1s']);
  });
});
