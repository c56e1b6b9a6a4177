import type { CheckedFigure } from '../../src/domain/report';
import type { SentText } from '../../src/domain/sent-texts';
import { fittedMetrics } from '../../src/tools/fitted-metrics';
import { rangeHead } from '../../src/tools/query-head';
import { checkFigures } from '../../src/triage/check/check-figures';

/**
 * The share of failed requests of sixty pods over an hour, which fit nowhere one by one: pod-7 and pod-23 go from 1 % to
 * 34 % and 21 % at 12:37:30, all others stay between 0.5 % and 2 %.
 */
const START = Date.parse('2026-11-24T12:00:00Z') / 1000;
const GRID = { start: new Date(START * 1000), end: new Date((START + 3600) * 1000), stepSeconds: 90 };
const QUERY =
  'sum by (pod) (rate(http_requests_total{status=~"5.."}[2m])) / sum by (pod) (rate(http_requests_total[2m]))';

const wobble = (i: number, k: number): number => ((i * 7919 + k * 104_729) % 97) / 97;
const share = (i: number, k: number): number => {
  const usual = 0.005 + 0.015 * wobble(i, k);
  const failing = ({ 7: 0.34, 23: 0.21 } as Record<number, number>)[i];
  return failing !== undefined && k >= 25 ? failing + 0.002 * wobble(i, k) : usual;
};

function range(): SentText {
  const series = Array.from({ length: 60 }, (_, i) => ({
    labels: { namespace: 'shop', pod: `pod-${i}` },
    points: Array.from({ length: 41 }, (__, k) => [START + k * 90, share(i, k)] as const),
  }));
  const startsAt = new Date('2026-11-24T12:42:00Z');
  const { text } = fittedMetrics({ type: 'matrix', series }, { roomChars: 3_700, grid: GRID, startsAt });
  return sent('r1', 'query_metrics_range', QUERY, `${rangeHead(QUERY, GRID)}\n${text}`);
}

function instant(value: (i: number) => number): SentText {
  const query = 'up{job="shop"}';
  const series = Array.from({ length: 500 }, (_, i) => ({
    labels: { job: 'shop', pod: `pod-${i}` },
    point: [START, value(i)] as const,
  }));
  const { text } = fittedMetrics({ type: 'vector', series }, { roomChars: 3_700 });
  return sent('r1', 'query_metrics', query, `query: ${query}\ntime: 2026-11-24T12:00:00Z\n${text}`);
}

function sent(handle: string, source: string, query: string, text: string): SentText {
  return { handle, source, text, status: 'ok', input: { query } };
}

const looked = (claim: string, text: SentText): string[] =>
  checkFigures('evidence.0', claim, { sent: new Map([[text.handle, text]]), source: text.handle, quotes: [] }).map(
    ({ text: figure, verified }: CheckedFigure) =>
      `${figure} ${verified === 'unverified' ? 'not borne out' : 'borne out'}`,
  );

describe('A claim on series that were fitted', () => {
  it.each([
    [
      'The share of errors of pod-7 rose from 1.2 % to 34 % at 12:37:30.',
      ['pod-7 borne out', '1.2 % borne out', '34 % borne out', '12:37:30 borne out'],
    ],
    ['pod-23 fails 21 % of its requests since 12:37.', ['pod-23 borne out', '21 % borne out', '12:37 borne out']],
    ['The errors of all other pods stayed below 2 %.', ['2 % borne out']],
    ['60 pods were looked at.', ['60 borne out']],
  ])('is borne out: %s', (claim, figures) => {
    expect(looked(claim, range())).toEqual(figures);
  });

  it.each([
    ['The share of errors of pod-7 rose from 1.2 % to 21 % at 12:37:30.', '21 % not borne out'],
    ['The share of errors of pod-7 rose from 9 % to 34 %.', '9 % not borne out'],
    ['pod-7 began to fail at 12:20.', '12:20 not borne out'],
    ['pod-7 began to fail at 12:47:30.', '12:47:30 not borne out'],
    ['pod-7 fails 1.995 % of its requests.', '1.995 % not borne out'],
    ['The errors of all other pods stayed below 1 %.', '1 % not borne out'],
    ['12 pods were looked at.', '12 not borne out'],
    ['3 pods were looked at.', '3 not borne out'],
  ])('is not borne out: %s', (claim, figure) => {
    expect(looked(claim, range())).toContain(figure);
  });

  it('counts members that are told together by their one value', () => {
    const text = instant((i) => (i === 17 || i === 99 ? 0 : 1));
    expect(text.text).toContain('others: 498 more series, each 1');
    expect(looked('2 of the 500 targets are down.', text)).toEqual(['2 borne out', '500 borne out']);
    expect(looked('3 of the 500 targets are down.', text)).toContain('3 not borne out');
    expect(looked('498 targets are up.', text)).toEqual(['498 borne out']);
    expect(looked('497 targets are up.', text)).toEqual(['497 not borne out']);
  });

  it('makes no sum of what is left out', () => {
    const text = instant((i) => 1000 + i);
    const shown = text.text.split('\n').filter((line) => line.startsWith('{')).length;
    expect(shown).toBe(28);
    const sum = Array.from({ length: 28 }, (_, n) => (n < 20 ? 1499 - n : 1000 + n - 20)).reduce((a, b) => a + b);
    expect(looked(`In total ${sum} requests were made.`, text)).toEqual([`${sum} not borne out`]);
  });
});
