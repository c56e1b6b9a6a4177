import { checkEvidence } from '../../src/triage/check/check-evidence';
import { type BlindClaim, keptTexts } from './blind-claim';
import { DISK_CLAIMS } from './disk-claims';
import { LEAK_CLAIMS } from './leak-claims';

const TABLES = [
  ['connections that leak since a flag', 'connection-leak', LEAK_CLAIMS],
  ['a disk that fills while a certificate has expired', 'full-disk', DISK_CLAIMS],
] as const;

/** Untrue, and not seen to be: each of them is one that the check would let stand. */
const KNOWN_TO_PASS: readonly string[] = [
  'The pull frames of ingest fell from 310 per second to 0',
  'relay-1 is down since 03:09:56',
  'The last write failed at 03:05:00',
  'At 14:07 fares-6b7-7hx4d already held 33 connections',
  '99 errors were logged',
  'Five times a voucher took 806 ms to render',
  'All 130 nodes have a load above 3.2',
  'seats fails more now than before: 0.024 % instead of 0',
];

/** True, and marked all the same. */
const KNOWN_TO_BE_MARKED: readonly string[] = [
  '/var is known of 14 nodes',
  'The most space that any node has available is 53.9 GB',
  'On fares-6b7-5c2k9 requests wait since 14:16:15, and on three more pods alike',
  'fares-6b7-7hx4d got no connection 13 times between 14:14:22 and 14:28:34',
  'None of the 72 other series is above 15',
  'fares-6b7-5c2k9 has been at its 40 connections since about 14:16',
  'fares quoted 42 trips, about as often as before',
  'No change of search is recorded',
  'The load of node-77 is 5.5 times that of node-9, the next',
  'seats answers none of its requests with 503 now: 0 %',
  'None of the 99 lines names fares-6b7-m4v7p',
];

describe.each(TABLES)('The evidence on %s', (_, name, claims) => {
  const sent = keptTexts(name);
  const isMarked = ({ claim, source, quote }: BlindClaim): boolean =>
    checkEvidence({ claim, source, quote }, 0, sent).piece.verified === 'unverified';
  const knownOf = (known: readonly string[]): string[] =>
    claims.map(({ claim }) => claim).filter((claim) => known.includes(claim));

  it('quotes what stands there', () => {
    const quotes = claims.map(({ source, quote }) => [source, sent.get(source)?.text.includes(quote)]);
    expect(quotes.filter(([, stands]) => stands !== true)).toEqual([]);
  });

  it.each(claims.filter(({ isTrue, claim }) => !isTrue && !KNOWN_TO_PASS.includes(claim)))(
    'is not borne out: $claim ($source)',
    (claim) => {
      expect(isMarked(claim)).toBe(true);
    },
  );

  it('passes of the untrue ones those that are known, and no other', () => {
    const passed = claims.filter((claim) => !claim.isTrue && !isMarked(claim)).map(({ claim }) => claim);
    expect(passed).toEqual(knownOf(KNOWN_TO_PASS));
  });

  it('marks of the true ones those that are known, and no other', () => {
    const marked = claims.filter((claim) => claim.isTrue && isMarked(claim)).map(({ claim }) => claim);
    expect(marked).toEqual(knownOf(KNOWN_TO_BE_MARKED));
  });
});
