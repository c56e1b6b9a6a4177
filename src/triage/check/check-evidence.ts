import type { CheckedFigure, Evidence } from '../../domain/report';
import type { SentText } from '../../domain/sent-texts';
import { checkFigures } from './check-figures';
import { instructionIn } from './instruction-in-data';
import { citedIsAlive } from './living-source';
import { negativeClaims } from './negative-claim';
import { isQuote, standsIn } from './quote';
import { bodyOf, type SentTexts } from './sent-body';

export interface CheckedEvidence {
  /** Its handle bare: models cite `[r3]` too. */
  readonly piece: Evidence;
  readonly figures: readonly CheckedFigure[];
}

export const DEAD_SOURCE =
  'absence is evidence only if the source was alive, and nothing that was sent shows that it was';

/** Looks one piece of evidence up in the text that was sent under its handle. */
export function checkEvidence({ claim, source, quote }: Evidence, index: number, sent: SentTexts): CheckedEvidence {
  const handle = source.trim().replace(/^\[(\w+)\]$/, '$1');
  const cited = sent.get(handle);
  const doubt = cited ? doubtOfQuote(quote, cited) : noSuchHandle(handle);
  const quotes = cited && !doubt ? [{ handle, quote }] : [];
  const figures = checkFigures(`evidence.${index}`, claim, { sent, source: handle, quotes });
  const denies = cited && !doubt ? negativeClaims(claim).find((one) => !citedIsAlive(one, cited, sent)) : undefined;
  const doubts = [
    ...(doubt ? [doubt] : []),
    ...figures.filter(({ verified }) => verified === 'unverified').map(({ text, how }) => `"${text}" ${how}.`),
    ...(denies ? [`It says "${denies.denied}": ${DEAD_SOURCE}.`] : []),
  ];
  const derived = figures.some(({ verified }) => verified === 'derived');
  const verified = doubts.length > 0 ? 'unverified' : derived ? 'derived' : 'quoted';
  const piece = { claim, source: handle, quote, verified, ...(doubts.length > 0 ? { doubts } : {}) } as const;
  return { piece, figures };
}

function noSuchHandle(handle: string): string {
  return handle ? 'Nothing was sent under the handle that it cites.' : 'It cites no handle.';
}

/** Why a quote shows nothing, if it does not. */
function doubtOfQuote(quote: string, cited: SentText): string | undefined {
  const { handle, text } = cited;
  if (!isQuote(quote))
    return 'Its quote is too short to show anything: at least 8 characters, or a label with its value.';
  const body = bodyOf(cited);
  const lines = body.split('\n');
  const facts = lines.filter((line) => !instructionIn(line));
  if (standsIn(facts.join('\n'), quote)) return undefined;
  if (standsIn(body, quote))
    return `Its quote is from a line of ${handle} that tries to give orders: that shows nothing.`;
  if (standsIn(text, quote)) return `Its quote is the query of ${handle} itself, not what came back.`;
  return `Its quote does not stand in ${handle}.`;
}
