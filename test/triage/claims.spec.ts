import { checkFigures } from '../../src/triage/check/check-figures';
import { CLAIMS, type Claim } from './claims';
import { SENT } from './claims-texts';
import { MORE_CLAIMS } from './more-claims';
import { MORE_SENT } from './more-claims-texts';

it.each([['first', CLAIMS, SENT], ['more', MORE_CLAIMS, MORE_SENT]] as const)('debug %s', (_, claims, sent) => {
  let trueCount = 0, lostCount = 0;
  for (const claim of claims as readonly Claim[]) {
    const { text, source, quote } = claim;
    const quotes = quote && source ? [{ handle: source, quote }] : [];
    const figures = checkFigures(source ? 'evidence.0' : 'headline', text, { sent, source, quotes });
    const missed = claim.bad.filter((b) => !figures.some((f) => f.text === b));
    const slips = figures.filter((f) => claim.bad.includes(f.text) && f.verified !== 'unverified');
    const lost = claim.bad.length ? [] : figures.filter((f) => !claim.bad.includes(f.text) && f.verified === 'unverified');
    if (!claim.bad.length) { trueCount += figures.length; lostCount += lost.length; }
    if (missed.length || slips.length || lost.length)
      process.stdout.write(`${slips.length ? 'SLIP' : missed.length ? 'MISS' : 'lost'} [${claim.kind}/${claim.source ?? ''}] ${claim.text}\n     ${JSON.stringify({ missed, slips: slips.map((f) => [f.text, f.how]), lost: lost.map((f) => f.text) })}\n`);
  }
  process.stdout.write(`${claims.length} claims, lost ${lostCount} of ${trueCount}\n`);
});
