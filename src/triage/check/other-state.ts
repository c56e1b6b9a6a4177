import { type PatternKind, readPatternLine } from '../../domain/pattern-line';
import type { SentText } from '../../domain/sent-texts';
import { saysNew } from './meant-pattern';

/** Why a claim calls what it quotes something else than the quoted lines do; undefined: nothing speaks against it. */
export function otherState(claim: string, lines: readonly string[], cited: SentText): string | undefined {
  if (cited.source === 'list_alerts') return otherAlertState(claim, lines);
  return otherPatternKind(claim, lines, cited);
}

const ALERT = /^\d{4}-\S+ (firing|pending|silenced|inhibited) /;
const ALERT_STATES: readonly (readonly [state: string, said: RegExp])[] = [
  ['firing', /\bfir(?:es|ing|ed)\b/i],
  ['pending', /\bpending\b/i],
  ['silenced', /\bsilenc|\bmuted\b/i],
  ['inhibited', /\binhibit/i],
];
const DENIES = /\b(?:not|never|no longer|neither|without)\b|n['’]t\b/i;

/** A muted or pending alert does not fire: nobody was told of it. */
function otherAlertState(claim: string, lines: readonly string[]): string | undefined {
  const quoted = lines.flatMap((line) => ALERT.exec(line)?.[1] ?? []);
  if (quoted.length > 0 && isAtAnotherTime(claim, lines)) return 'Its quote tells of another time than the claim.';
  const said = ALERT_STATES.filter(([, words]) => words.test(claim)).map(([state]) => state);
  if (quoted.length === 0 || said.length === 0 || DENIES.test(claim)) return undefined;
  return quoted.some((state) => said.includes(state))
    ? undefined
    : `It calls ${said[0]} what its quote calls ${quoted[0]}.`;
}

const CLOCK = /(?<![\d:])\d\d:\d\d(?::\d\d)?(?![\d:])/g;

/** Each alert has times of its own: those of the others say nothing of it. */
function isAtAnotherTime(claim: string, lines: readonly string[]): boolean {
  const said = claim.match(CLOCK) ?? [];
  return said.length > 0 && !said.some((time) => lines.some((line) => line.includes(`T${time}`)));
}

const RISES = /\b(?:ros[et]|risen|rises|increas\w*|grew|grown|climbed|jumped|more often|more frequent\w*)\b/i;
const FALLS = /\b(?:fell|fallen|falls|dropped|decreas\w*|less often|less frequent\w*|declined)\b/i;
const ENDED = /\b(?:gone|stopped|ceased|no longer|any ?more)\b/i;

/** What a claim may say of lines that came so much more or less often than before. */
function otherPatternKind(claim: string, lines: readonly string[], { handle, source }: SentText): string | undefined {
  const kinds = source === 'log_patterns' ? lines.flatMap((line) => kindOf(line) ?? []) : [];
  const [first] = kinds;
  if (!first) return undefined;
  const only = (...meant: PatternKind[]): boolean => !kinds.some((kind) => meant.includes(kind));
  const unknown = first === 'seen' ? ' (whether it is new is not known)' : '';
  if (saysNew(claim) && only('new')) return `It calls new what ${handle} calls ${first}${unknown}.`;
  const isOther =
    (RISES.test(claim) && only('risen', 'new', 'seen')) ||
    (FALLS.test(claim) && only('fallen', 'gone', 'seen')) ||
    (ENDED.test(claim) && only('gone', 'seen')) ||
    (/\b(?:in|of|during) the baseline\b/i.test(claim) && !only('new') && !/\b(?:no|not|none|never|0)\b/i.test(claim));
  return isOther ? `It says something else of lines that ${handle} calls ${first}${unknown}.` : undefined;
}

function kindOf(line: string): PatternKind | undefined {
  return /^same: \d/.test(line) ? 'same' : readPatternLine(line)?.kind;
}
