import type { SentText } from '../../domain/sent-texts';
import { bodyOf } from './sent-body';

const CUT = /^result: lines, .*(?:; the limit of \d+ is reached|; here a part of it)/m;

const BEGINS =
  /\b(?:first|earliest|began|begun|begins?|started|starts|onset|set in|since)\b|\b(?:no|none|not|nothing|never)\b[^.;]{0,60}\b(?:before|until)\b/i;
const IN_ALL =
  /\b(?:exactly|in all|in total|altogether|the only|only one|all of (?:the|its)|(?:in|within|over|during) the (?:last |past |whole )?(?:\d+ )?(?:hours?|minutes?|day|range))\b/i;
const OF_WHAT_IS_SHOWN = /\b(?:newest|latest|most recent|at least|shown|sampled?|of the (?:last )?\d+|or more)\b/i;

/**
 * Whether a claim says of a log more than an answer shows that was cut at its limit, or a part that was read again: how
 * many lines there were in all, or when they began.
 */
export function saysMoreThanWasShown(claim: string, cited: SentText): boolean {
  if (cited.status !== 'ok' || !CUT.test(bodyOf(cited))) return false;
  const from = /^range: \d{4}-\d\d-\d\dT(\d\d:\d\d)/m.exec(cited.text)?.[1];
  const isOfRange = from !== undefined && [`between ${from}`, `from ${from}`].some((words) => claim.includes(words));
  return (BEGINS.test(claim) || IN_ALL.test(claim) || isOfRange) && !OF_WHAT_IS_SHOWN.test(claim);
}
