import type { SentText } from '../../domain/sent-texts';
import { checkFigures } from './check-figures';

const result = (query: string, body: string): SentText => ({
  handle: 'r1',
  source: 'query_metrics',
  status: 'ok',
  input: { query },
  text: `query: ${query}\ntime: 2026-11-24T09:45:00Z\nresult: vector, 2 series\n${body}`,
});

/** How the figures of a claim on it are borne out; the alert names the services that are known. */
function verdicts(claim: string, sent: SentText): string[] {
  const alert = { handle: 'o1', source: 'the alert', text: 'label service: stock\nlabel app: search' };
  const texts = new Map([alert, sent].map((one) => [one.handle, one]));
  return checkFigures('evidence.0', claim, { sent: texts, source: 'r1', quotes: [] }).map(({ verified }) => verified);
}

describe('A figure of a result that names nobody', () => {
  const total = result('sum(rate(stock_requests_total[5m]))', '{} 36.55');

  it('belongs to the service whose name is in the metric', () => {
    expect(verdicts('stock takes 36.6 requests per second', total)).toEqual(['quoted']);
  });

  it('and to no other one that is known', () => {
    expect(verdicts('search takes 36.6 requests per second', total)).toEqual(['unverified']);
  });

  it('and the name of a metric makes no series of another owner that of its own', () => {
    const byService = result('sum by (service) (rate(stock_calls_total[5m]))', '{service="search"} 36.55');
    expect(verdicts('stock gets 36.6 calls per second', byService)).toEqual(['unverified']);
  });
});
