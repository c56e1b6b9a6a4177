import type { CheckedFigure, Evidence } from '../../domain/report';
import { DEAD, NOT_KNOWN, type SentText } from '../../domain/sent-texts';
import { checkFigures } from './check-figures';
import { saysMoreThanWasShown } from './cut-answer';
import { figuresInDoubt } from './fault-lines';
import { saysOfAllWhatDiffers } from './folded-values';
import { negativeClaims } from './negative-claim';
import { saysItIsNotKnown, saysThatNothingWasFound } from './not-found-out';
import { otherChange } from './other-change';
import { otherState } from './other-state';
import { otherValue, strangersTo } from './owners';
import { isQuote, standsIn } from './quote';
import { factsOf, isForeign, quotedLines } from './quoted-lines';
import { bodyOf, type SentTexts } from './sent-body';
import { absenceIsShown } from './shown-absence';
import { upBears } from './up-value';
import { verdictIn } from './verdict-in-data';

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
  const doubtOfClaim = cited && !doubt ? doubtOf({ claim, source: handle, quote }, cited, sent) : undefined;
  const doubts = [doubt, ...figuresInDoubt(figures).map((words) => `${words}.`), doubtOfClaim].filter(
    (one) => one !== undefined,
  );
  const derived = figures.some(({ verified }) => verified === 'derived');
  const verified = doubts.length > 0 ? 'unverified' : derived ? 'derived' : 'quoted';
  const piece = { claim, source: handle, quote, verified, ...(doubts.length > 0 ? { doubts } : {}) } as const;
  return { piece, figures };
}

/** How the section on earlier triages begins: the words of a model, about another time. */
const CONCLUDED_THEN = 'what a model concluded then, no facts about now';
const ABOUT_THEN =
  /\b(?:earlier|before|previous(?:ly)?|last|past|ago|then|concluded|conclusion|triages?|history|already|again|recurr\w*|repeat\w*|first time|known)\b/i;

function noSuchHandle(handle: string): string {
  return handle ? 'Nothing was sent under the handle that it cites.' : 'It cites no handle.';
}

/** Why a quote shows nothing, if it does not. */
function doubtOfQuote(quote: string, cited: SentText): string | undefined {
  const { handle, text } = cited;
  if (!isQuote(quote))
    return 'Its quote is too short to show anything: at least 8 characters, or a label with its value.';
  if (standsIn(factsOf(cited).text, quote)) return undefined;
  if (standsIn(bodyOf(cited), quote))
    return `Its quote is from a line of ${handle} that gives orders or a verdict: that shows nothing.`;
  if (standsIn(text, quote)) return `Its quote is the query of ${handle} itself, not what came back.`;
  return `Its quote does not stand in ${handle}.`;
}

/** Why a claim does not follow from a quote that stands. */
function doubtOf({ claim, quote }: Evidence, cited: SentText, sent: SentTexts): string | undefined {
  const { handle, status } = cited;
  const lines = quotedLines(cited, quote);
  if (isForeign(cited, lines, quote, claim))
    return `Its quote is what somebody outside wrote into ${handle} (a user agent, a note, a path …): that shows nothing of the system.`;
  if (verdictIn(claim)) return 'It names a cause: no text bears that out. Evidence is what was seen.';
  const isUnknown = status === 'failed' || (status === undefined && lines.some((line) => line.startsWith(NOT_KNOWN)));
  if (isUnknown) {
    return saysItIsNotKnown(claim)
      ? undefined
      : `${handle} was not found out: it shows that, and nothing of the system.`;
  }
  if (cited.text.startsWith(CONCLUDED_THEN) && !ABOUT_THEN.test(claim))
    return `${handle} holds what was concluded in earlier triages: it shows nothing of now.`;
  if (lines.length > 0 && lines.every((line) => line.startsWith(DEAD)) && saysItIsNotKnown(claim)) return undefined;
  if (status === 'no_data' && saysThatNothingWasFound(claim)) return undefined;
  const state = otherState(claim, lines, cited);
  if (state !== undefined) return state;
  const change = otherChange(claim, lines, cited);
  if (change !== undefined) return change;
  if (saysMoreThanWasShown(claim, cited))
    return `${handle} shows only a part of the lines: not how many there were, nor when they began.`;
  if (saysOfAllWhatDiffers(claim, lines)) return 'It says of all of the folded lines what is known of one of them.';
  const isOfUp = upBears(claim, lines, cited);
  if (isOfUp === false) return 'The values of up that it quotes say the opposite.';
  const denials = isOfUp ? [] : negativeClaims(claim);
  const denied = denials.find((one) => !absenceIsShown(one, { cited, lines, sent }))?.denied;
  if (denied !== undefined) return `It says "${denied}": ${DEAD_SOURCE}.`;
  if (denials.length > 0) return undefined; // whose absence it is was looked up with it
  if (status === 'no_data') return `${handle} found nothing: it shows no more than that.`;
  const other = strangersTo(claim, lines, cited, sent)?.slice(0, 3).join(', ') ?? otherValue(claim, lines, cited);
  return other && `Its quote tells of ${other}, not of what the claim names.`;
}
