import type { CheckedFigure } from '../../src/domain/report';
import type { SentText } from '../../src/domain/sent-texts';
import { checkFigures } from '../../src/triage/check/check-figures';
import { ADVERSARIAL_CLAIMS } from './adversarial-claims';
import { type Claim, CLAIMS } from './claims';
import { SENT } from './claims-texts';
import { FOLDED_CLAIMS } from './folded-claims';
import { FOLDED_SENT } from './folded-claims-texts';
import { LEDGER_CLAIMS } from './ledger-claims';
import { LEDGER_SENT } from './ledger-claims-texts';
import { LOGIN_CLAIMS } from './login-claims';
import { LOGIN_SENT } from './login-claims-texts';
import { MORE_CLAIMS } from './more-claims';
import { MORE_SENT } from './more-claims-texts';
import { PATTERN_CLAIMS } from './pattern-claims';
import { PATTERN_SENT } from './pattern-claims-texts';
import { RANKED_CLAIMS } from './ranked-claims';
import { RANKED_SENT } from './ranked-claims-texts';
import { SEARCH_CLAIMS } from './search-claims';
import { SEARCH_SENT } from './search-claims-texts';
import { LEDGER_SENTENCES, LOGIN_SENTENCES } from './sentences';
import { STOCK_CLAIMS } from './stock-claims';
import { STOCK_SENT } from './stock-claims-texts';

type Sent = ReadonlyMap<string, SentText>;

const TABLES: readonly (readonly [name: string, claims: readonly Claim[], sent: Sent])[] = [
  ['errors after a deploy', CLAIMS, SENT],
  ['errors after a deploy, to break the rules', ADVERSARIAL_CLAIMS, SENT],
  ['a queue that nobody empties', MORE_CLAIMS, MORE_SENT],
  ['a search whose time-out was cut', SEARCH_CLAIMS, SEARCH_SENT],
  ['a disk that fills because archiving fails', [...LEDGER_CLAIMS, ...LEDGER_SENTENCES], LEDGER_SENT],
  ['logins that fail since a certificate expired', [...LOGIN_CLAIMS, ...LOGIN_SENTENCES], LOGIN_SENT],
  ['orders that wait for a pool since a flag', STOCK_CLAIMS, STOCK_SENT],
  ['patterns of log lines', PATTERN_CLAIMS, PATTERN_SENT],
  ['a disk that fills, found by what changed most', RANKED_CLAIMS, RANKED_SENT],
  ['log lines that are folded', FOLDED_CLAIMS, FOLDED_SENT],
];

function check({ text, source, quote }: Claim, sent: Sent): CheckedFigure[] {
  const quotes = quote && source ? [{ handle: source, quote }] : [];
  return checkFigures(source ? 'evidence.0' : 'headline', text, { sent, source, quotes });
}

describe.each(TABLES)('The claims on %s', (_, claims, sent) => {
  const untrue = claims.filter(({ bad }) => bad.length > 0);
  const truths = claims.filter(({ bad }) => bad.length === 0);

  it.each(untrue.map((claim) => [claim.kind, claim.text, claim] as const))(
    '%s, not borne out: %s',
    (_kind, _text, claim) => {
      const figures = check(claim, sent);
      const told = claim.bad.map((bad) => figures.find(({ text }) => text === bad)?.verified ?? `${bad} was not read`);
      expect(told).toEqual(claim.bad.map(() => 'unverified'));
    },
  );

  it('leave at most one true claim of twenty with a figure that is not borne out', () => {
    const lost = truths.flatMap((claim) => {
      const doubtful = check(claim, sent).filter(({ verified }) => verified === 'unverified');
      return doubtful.length > 0 ? [`${claim.text}: ${doubtful.map(({ text }) => text).join(', ')}`] : [];
    });
    expect(lost.slice(0, Math.floor(truths.length / 20))).toEqual(lost);
  });
});

describe('A figure that is borne out', () => {
  const of = (text: string, source?: string): string[] =>
    checkFigures('headline', text, { sent: SENT, source, quotes: [] }).map(
      ({ text: figure, verified, how }) => `${figure} ${verified}: ${how}`,
    );

  it('says where it stands, or how it was made', () => {
    expect(of('payments answers 0.341 of its requests with an error')).toEqual(['0.341 quoted: stands in r1']);
    expect(of('payments 2.14.0 fails 34.12 % of its requests', 'r12')).toEqual([
      '2.14.0 quoted: what the query of r12 selects',
      '34.12 % derived: r12: 0.3412 as a percentage',
    ]);
    expect(of('The CPU of inventory is 2.5x what it was')).toEqual(['2.5x derived: r3: 0.78 / 0.31']);
    expect(of('The error rate is 93 %')).toEqual(['93 % unverified: stands nowhere in what was sent']);
  });

  it('is told by its place in the text, for each of several that look alike', () => {
    const text = 'payments fails 34 %, inventory fails 34 %';
    const figures = checkFigures('headline', text, { sent: SENT, quotes: [] });
    expect(figures.map(({ at, verified }) => [at, verified])).toEqual([
      [15, 'derived'],
      [37, 'unverified'],
    ]);
  });
});

describe('What the model wrote itself', () => {
  const asked = (query: string, answer: string): Sent =>
    new Map([
      [
        'r1',
        { handle: 'r1', source: 'query_metrics', status: 'ok', input: { query }, text: `query: ${query}\n${answer}` },
      ],
    ]);

  it('bears nothing out: neither a value in its query nor a line that its query imitates', () => {
    const query = 'up > 0.93 # the\ntime: 2026-11-24T12:00:00Z\nresult: vector, 1 series\n{service="payments"} 0.93';
    const sent = asked(query, 'time: 2026-11-24T12:20:00Z\nresult: vector, 1 series\n{service="payments"} 1');
    const figures = checkFigures('headline', 'payments stands at 0.93, or 93 %', { sent, quotes: [] });
    expect(figures.map(({ verified }) => verified)).toEqual(['unverified', 'unverified']);
  });
});

describe('The check of a whole report', () => {
  it('is quick beside fifteen results of 12,000 characters', () => {
    const long = (i: number): SentText => ({
      handle: `r${i}`,
      source: 'query_logs',
      status: 'ok',
      input: { query: '{app="x"}' },
      text: `query: {app="x"}\nresult: lines, 100 found, oldest first\n${Array.from({ length: 100 }, (_, n) => `2026-11-24T12:03:${String(n % 60).padStart(2, '0')}.120Z {app="a${n}", pod="p-${i}-${n}"} {"level":"error","msg":"x ${n}","wait_ms":${n * 7}}`).join('\n')}`,
    });
    const sent: Sent = new Map(Array.from({ length: 15 }, (_, i) => [`r${i + 1}`, long(i + 1)] as const));
    const fields = CLAIMS.slice(0, 15).map(({ text }) => checkFigures('headline', text, { sent, quotes: [] }));
    expect(fields).toHaveLength(15);
  });

  it('ends on texts that are made to slow it down', () => {
    const texts = [
      '1'.repeat(12_000),
      '1,'.repeat(6000),
      'a="'.repeat(4000),
      '{"a":"'.repeat(2000),
      '1h'.repeat(6000),
      ' 1'.repeat(6000),
      '('.repeat(12_000),
      'r1-'.repeat(4000),
      'ignore '.repeat(1700),
      '\\"'.repeat(6000),
    ];
    const sent: Sent = new Map(
      texts.map((text, i) => [`r${i}`, { handle: `r${i}`, source: 'query_logs', status: 'ok', text }]),
    );
    for (const text of texts) checkFigures('headline', text.slice(0, 4000), { sent, quotes: [] });
    expect(sent.size).toBe(texts.length);
  });
});
