import { nearestNames } from './nearest-names';

const NAMES = [
  'http_requests_total',
  'http_request_duration_seconds_count',
  'requests_payments_total',
  'checkout-api',
  'cashier',
  'RATE',
];

describe('The names that are most like what was written', () => {
  it.each([
    ['are those with a letter too few, too many, or in the wrong place', 'htpp_request_total', 'http_requests_total'],
    ['are those that hold it', 'checkout', 'checkout-api'],
    ['are those that it holds', 'cashier-v2-blue', 'cashier'],
    ['are those with the same words in another order', 'payments_requests', 'requests_payments_total'],
    ['are those of which it is a misspelt part', 'htpp_reqests', 'http_requests_total'],
    ['are found whatever their case', 'rate', 'RATE'],
  ])('%s', (_, written, name) => {
    expect(nearestNames(written, NAMES, 3)[0]).toBe(name);
  });

  it('are none where nothing is like it', () => {
    expect(nearestNames('zebra', NAMES, 3)).toEqual([]);
    expect(nearestNames('', NAMES, 3)).toEqual([]);
  });

  it('are no more than were asked for, the nearest first', () => {
    expect(nearestNames('http_requests_totals', NAMES, 2)).toEqual(['http_requests_total', 'requests_payments_total']);
  });
});
