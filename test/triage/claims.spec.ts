import { checkFigures } from '../../src/triage/check/check-figures';
import { CLAIMS, type Claim } from './claims';
import { SENT } from './claims-texts';

function check({ text, source, quote }: Claim) {
  const quotes = quote && source ? [{ handle: source, quote }] : [];
  return checkFigures(source ? 'evidence.0' : 'headline', text, { sent: SENT, source, quotes });
}

it('debug', () => {
  for (const claim of CLAIMS) {
    const figures = check(claim);
    const missed = claim.bad.filter((b) => !figures.some((f) => f.text === b));
    const slips = figures.filter((f) => claim.bad.includes(f.text) && f.verified !== 'unverified');
    const lost = figures.filter((f) => !claim.bad.includes(f.text) && f.verified === 'unverified');
    if (missed.length || slips.length || lost.length)
      process.stdout.write(
        `${slips.length ? 'SLIP' : missed.length ? 'MISS' : 'lost'} [${claim.kind}/${claim.source ?? ''}] ${claim.text}\n     ${JSON.stringify({ missed, slips: slips.map((f) => [f.text, f.how]), lost: lost.map((f) => f.text) })}\n`,
      );
  }
  process.stdout.write(`${CLAIMS.length} claims\n`);
});
