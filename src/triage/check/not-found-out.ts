import { sentencesOf } from './negative-claim';

const SOURCE =
  '\\b(?:loki|prometheus|alertmanager|grafana|logs?|log lines?|metrics?|quer(?:y|ies)|calls?|questions?|sources?|samples?|history|firings?|alerts?|rules?|record|changes?|triages?|data|tools?|results?|backends?|answers?|[or]\\d{1,3}|it|this|that|nobody)\\b';
const UNKNOWN =
  "\\b(?:(?:could|can) ?not|cannot|can't|couldn't|unknown|unavailable|unreachable|unreadable|unclear|unanswered|timed? ?out|timeout|took longer|took too long|nobody knows|too slow|hung|(?:nothing|little) (?:is|was) known)\\b|" +
  '\\bnot (?:be |been )?(?:known|clear|read|available|configured|found out|established|answered|checked|looked|queried|seen|told|recorded|posted|collected)\\b|' +
  "\\b(?:did|does|do)(?: not|n't) (?:answer|respond|work|return|come|succeed|finish|know|say|tell)\\b|" +
  '\\b(?:gave|gives|got|came|returned) (?:no|back no) \\w+|\\bno (?:log source|source|answer|response|reply)\\b|' +
  '\\b(?:failed|fails|refused|rejected|broke|errored|is down|was down|answered (?:with )?[45]\\d\\d|parse error)\\b';
const SAYS = [
  new RegExp(`${SOURCE}.{0,80}?(?:${UNKNOWN})`, 'i'),
  new RegExp(`(?:${UNKNOWN}).{0,60}?${SOURCE}`, 'i'),
  /\bno (?:\w+ )?(?:source|record|data|history) (?:is|are|was|were) (?:configured|known|available)\b/i,
];

/** Whether a claim says nothing but that something could not be found out: all that a failed call can show. */
export function saysItIsNotKnown(claim: string): boolean {
  const clauses = sentencesOf(claim).flatMap((sentence) => sentence.split(/, (?:and|but|so|yet) |, while /));
  return clauses.length > 0 && clauses.every((clause) => SAYS.some((pattern) => pattern.test(clause)));
}

/** `The query found nothing`: what a search without a result shows by itself. */
export function saysThatNothingWasFound(claim: string): boolean {
  return /\b(?:quer(?:y|ies)|search|question|selector|filter|[or]\d{1,3})\b.{0,80}?\b(?:found|finds|returned|returns|gave|gives|matched|matches|brought|has|had)\b.{0,20}?\b(?:nothing|no|none|empty|0)\b/i.test(
    claim,
  );
}
