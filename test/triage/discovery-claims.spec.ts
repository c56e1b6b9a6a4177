import type { SentText } from '../../src/domain/sent-texts';
import { checkEvidence } from '../../src/triage/check/check-evidence';
import { checkFigures } from '../../src/triage/check/check-figures';
import { result } from './sent-text-of';

/* What list_targets, describe_metric, find_metrics and list_alerts give, and what a model may say of it. */
const TEXTS: readonly SentText[] = [
  result('r1', 'list_targets', 'every target', [
    'time: 2026-11-23T19:30:00Z',
    'result: 212 targets, 3 down',
    '{instance="10.0.0.2:8080", job="shop", service="payments"} down since 2026-11-23T19:18:15Z, last scrape 4.0 s before: dial tcp 10.0.0.2:8080: connect: connection refused',
    '{instance="db-1:9187", job="postgres", service="orders-db"} down for all of the last 3 h, last scrape 1 min 5 s before: context deadline exceeded',
    '{instance="mail-1:9100", job="node", service="mailer"} down since its first sample, 2026-11-23T19:20:00Z, last scrape 9.0 s before: server returned HTTP status 503 Service Unavailable',
    'in all: 209 of 212 up, 3 down',
    'job node: 182 of 183 up',
    'job shop: 23 of 24 up',
    'job postgres: 4 of 5 up',
  ]),
  result('r2', 'describe_metric', 'http_requests_total', [
    'time: 2026-11-23T19:30:00Z',
    'result: counter, 96 series',
    'series: 96 of http_requests_total now',
    'help: Requests served.',
    'samples: one every 15.0 s, the newest 7.0 s before this time',
    'status (4 values): 200 in 48 series, 404 in 24 series, 500 in 20 series, 503 in 4 series',
    'service (3 values, 32 series each): checkout, orders, search',
    'example: sum by (service) (rate(http_requests_total[1m]))',
    'its answer: 3 series: {service="checkout"} 54.2, {service="orders"} 31, {service="search"} 12.5',
  ]),
  result('r3', 'list_alerts', '', [
    'result: 41 alerts, 37 of them firing unmuted, 1 pending, 3 silenced',
    'by name: 36 NodeDown, 1 PoolExhausted, 4 of 3 other names',
    '2026-11-23T19:19:00Z firing PoolExhausted {service="orders"}: orders waits for connections',
    '2026-11-23T19:21:00Z pending DiskFull {instance="db-1"}: 8% free',
    '2026-11-23T18:00:00Z silenced by kim until 2026-11-24T06:00:00Z (moving) TargetDown {instance="payments-1"}',
  ]),
  result('r4', 'find_metrics', 'checkout error', [
    'result: metrics, 17 found of 812',
    'http_requests_total counter, 96 series: Requests served.',
  ]),
];
const SENT = new Map(TEXTS.map((text) => [text.handle, text]));

const unverified = (text: string, source?: string): string[] =>
  checkFigures(source ? 'evidence.0' : 'headline', text, { sent: SENT, source, quotes: [] })
    .filter(({ verified }) => verified === 'unverified')
    .map(({ text: figure }) => figure);

describe('Figures of targets, metrics and alerts', () => {
  it.each([
    ['payments has been down since 19:18:15 UTC', 'r1'],
    ['The last scrape of payments was 4 s before', 'r1'],
    ['Prometheus could not scrape orders-db for all of the last 3 h', 'r1'],
    ['mailer answers the scrape with HTTP status 503', 'r1'],
    ['mailer is down since its first sample at 19:20 UTC', 'r1'],
    ['3 of 212 targets are down', 'r1'],
    ['Of the job shop 23 of 24 targets are up', 'r1'],
    ['http_requests_total has 96 series', 'r2'],
    ['It is sampled every 15 s', 'r2'],
    ['20 series have the status 500', 'r2'],
    ['37 alerts fire unmuted', 'r3'],
    ['36 NodeDown alerts are held', 'r3'],
    ['PoolExhausted fires since 19:19 UTC', 'r3'],
    ['The silence of TargetDown ends at 06:00 on the 24th', 'r3'],
  ])('bear out: %s', (claim, source) => {
    expect(unverified(claim, source)).toEqual([]);
  });

  it.each([
    ['payments has been down since 19:12:40 UTC', '19:12:40 UTC'],
    ['The last scrape of payments was 40 s before', '40 s'],
    ['Prometheus could not scrape orders-db for all of the last 7 h', '7 h'],
    ['mailer answers the scrape with HTTP status 502', '502'],
    ['payments is down since 19:20:00 UTC', '19:20:00 UTC'],
    ['17 of 212 targets are down', '17'],
    ['Of the job postgres 2 of 5 targets are up', '2'],
    ['http_requests_total has 4,800 series', '4,800'],
    ['It is sampled every 90 s', '90 s'],
    ['28 series have the status 500', '28'],
    ['52 alerts fire unmuted', '52'],
    ['PoolExhausted fires since 18:47 UTC', '18:47 UTC'],
  ])('do not bear out: %s', (claim, figure) => {
    expect(unverified(claim)).toContain(figure);
  });
});

describe('Evidence from a list of targets', () => {
  const verifiedOf = (claim: string, quote: string, source = 'r1'): unknown =>
    checkEvidence({ claim, source, quote, verified: 'unverified' }, 0, SENT).piece.verified;
  const PAYMENTS = 'service="payments"} down since 2026-11-23T19:18:15Z';

  it('bears out who is down and why, and not that somebody else is', () => {
    expect(verifiedOf('payments cannot be scraped: connection refused', 'connect: connection refused')).not.toBe(
      'unverified',
    );
    expect(verifiedOf('payments is down since 19:18:15', PAYMENTS)).not.toBe('unverified');
    expect(verifiedOf('orders-db is down since 19:18:15', PAYMENTS)).toBe('unverified');
    expect(verifiedOf('mailer refuses the connection', PAYMENTS)).toBe('unverified');
  });

  it('takes nothing from the question, be it in its query or its service', () => {
    const asked: SentText = {
      handle: 'r9',
      source: 'list_targets',
      status: 'ok',
      input: { service: 'ledger-77' },
      text: 'query: every target\nservice: ledger-77\ntime: 2026-11-23T19:30:00Z\nresult: 1 targets, 0 down\njob x: 1 of 1 up',
    };
    const piece = {
      claim: 'ledger-77 is scraped',
      source: 'r9',
      quote: 'service: ledger-77',
      verified: 'unverified',
    } as const;
    const { verified, doubts } = checkEvidence(piece, 0, new Map([['r9', asked]])).piece;
    expect(verified).toBe('unverified');
    expect(doubts).toContain('Its quote is the query of r9 itself, not what came back.');
    const figures = checkFigures('headline', 'ledger holds 77 entries', { sent: new Map([['r9', asked]]), quotes: [] });
    expect(figures.map(({ text, verified: of }) => [text, of])).toEqual([['77', 'unverified']]);
  });

  it('lets the name of a metric show nothing about what happened', () => {
    expect(verifiedOf('checkout has no errors', 'http_requests_total counter, 96 series', 'r4')).toBe('unverified');
  });
});
