import { ALERT_TITLE, ALIVE, NOT_KNOWN, type SentText } from '../../domain/sent-texts';
import { changeIsAbsent } from './absent-change';
import { isListOfChanges } from './change-lines';
import { withoutForeignWords } from './foreign-words';
import { alwaysAnswers, kindOfClaim, kindOfTool, silentIsAlive } from './living-source';
import type { NegativeClaim } from './negative-claim';
import { absenceIsStated } from './stated-absence';
import { askedIn, hasWord, labelsOf, positive, queryOf, subjectsOf } from './owners';
import { wordsIn } from './quoted-lines';
import { bodyOf, type SentTexts } from './sent-body';
import { sameTopic, topicsOf } from './topics';

/** What a claim cites. */
export interface Citation {
  readonly cited: SentText;
  /** The lines that its quote stands on. */
  readonly lines: readonly string[];
  readonly sent: SentTexts;
}

/** Whether what a claim cites shows that something is not there: a zero, a statement of ours, a living source's silence. */
export function absenceIsShown(claim: NegativeClaim, citation: Citation): boolean {
  const { cited, lines, sent } = citation;
  if (cited.status !== undefined && absenceIsStated(claim, lines, cited)) return true;
  switch (cited.status) {
    case 'failed':
      return false;
    case 'no_data':
      if (isListOfChanges(cited)) return kindOfClaim(claim) === 'changes' && changeIsAbsent(claim, cited, sent);
      return asksFor(claim, cited) && silentIsAlive(claim, cited, sent);
    case 'ok':
      return resultShows(claim, citation);
    case undefined:
      return sectionShows(claim, citation);
  }
}

/** What the query was about: the silence of one question is no answer to another. */
function asksFor({ sentence }: NegativeClaim, cited: SentText): boolean {
  const query = askedIn(queryOf(cited));
  if (kindOfTool(cited) === undefined) return ABOUT_ALERTS.test(sentence);
  const topics = topicsOf(query);
  if (topics.size > 0 && topicsOf(sentence).size > 0) return sameTopic(topicsOf(sentence), topics);
  const asked = wordsIn(query.replace(/[_.:|]/g, ' '));
  const isSilence = /\b(?:nothing|no lines?|no logs?|silent|not (?:been )?log)/i.test(sentence);
  return isSilence || [...wordsIn(sentence)].some((word) => asked.has(word));
}

function resultShows(claim: NegativeClaim, { cited, lines, sent }: Citation): boolean {
  if (isListOfChanges(cited) && kindOfClaim(claim) === 'changes') return changeIsAbsent(claim, cited, sent);
  if (alwaysAnswers(cited)) return false;
  const own = lines.map(withoutForeignWords);
  const common = bodyOf(cited).match(/^common labels: .*$/m)?.[0] ?? '';
  const whose = [...own, common, positive(queryOf(cited))].join('\n');
  /* the pods of mailer are `mailer-0`, `mailer-7d9f4-x2x` */
  const isTheirs = (name: string): boolean => hasWord(whose, name) || whose.includes(`"${name}-`);
  if (!subjectsOf(claim.sentence, sent).every(isTheirs)) return false;
  if (kindOfTool(cited) === 'metrics') return own.some((line) => isZero(claim, line, cited));
  if (own.some((line) => saysZero(claim, line))) return true;
  if (!claim.isOfTrouble) return own.some((line) => states(claim, line));
  return kindOfTool(cited) === 'logs' && isWholeListing(claim, cited, sent);
}

const DOWN = /\b(?:down|up|unavailable|unreachable|dead|gone|outage|crash\w*|stopped|failed|offline)\b/i;

const GRADED =
  /\b(?:slow|high|elevated|saturated|exhausted|overloaded|throttled|degraded|busy|lagging|lag|load|latency)\b/i;

function isZero({ sentence, denied }: NegativeClaim, line: string, cited: SentText): boolean {
  const query = queryOf(cited);
  if (/^\s*(?:min |max |sum |count )?\(?up\b/.test(query) && DOWN.test(sentence)) {
    return /\bmin=1(?![\d.])/.test(line) || / 1$/.test(line);
  }
  /* a series that has ended */
  if (/\b(?:samples?|values?|data|metrics?)\b/i.test(denied)) return /_\]?(?: from \S+ every \S+.*)?$/.test(line);
  if (!sameTopic(topicsOf(sentence), topicsOf(`${query} ${line}`))) return false;
  /* the reader sees how much it is */
  if (GRADED.test(denied) && /\d/.test(sentence.replace(/\bp\d+\b/gi, ''))) return true;
  return /\bmax=0(?![\d.e])/.test(line) || /(?:^|[}\s])0(?:\.0+)?$/.test(line);
}

/** `failed=0`, `"errors": 0`: a count of the line's own. */
function saysZero({ sentence }: NegativeClaim, line: string): boolean {
  const told = wordsIn(sentence.replace(/_/g, ' '));
  return Array.from(line.matchAll(/([A-Za-z_][\w.-]{1,60})["']?\s?[=:]\s?0(?![\d.])/g)).some(([, name]) =>
    [...wordsIn(name!.replace(/[_.-]/g, ' '))].some((word) => told.has(word)),
  );
}

const DENIES =
  /\b(?:no|not|none|nothing|never|without|empty|idle|missing|zero|insufficient|lacks?|out of|full|unable|cannot|denied)\b|n't\b/i;

/** A line of the system itself that says that something is not there: `EUR has no rounding rule`. */
function states({ sentence }: NegativeClaim, line: string): boolean {
  const said = wordsIn(line);
  return DENIES.test(line) && [...wordsIn(sentence)].some((word) => said.has(word));
}

/** All lines that there were, and none of them tells of it. */
function isWholeListing(claim: NegativeClaim, cited: SentText, sent: SentTexts): boolean {
  const body = bodyOf(cited);
  if (/[|]/.test(queryOf(cited)) || /the limit of|left out/.test(body.slice(0, 600))) return false;
  const shown = labelsOf(cited);
  if (!subjectsOf(claim.sentence, sent).every((name) => hasWord(shown, name))) return false;
  const bad = /error|warn|fail|exception|timeout|timed out|fatal|panic|refused|reset|\b5\d\d\b|restart|crash|kill|oom/i;
  return !body.split('\n').some((line) => /^(?:\d{4}-|common \w+: )/.test(line) && bad.test(line));
}

const ABOUT_ALERTS = /\b(?:alerts?|alarms?|fir(?:e|es|ed|ing)|pag(?:e|es|ed|ing)|held)\b/i;
const ABOUT_BEFORE =
  /\b(?:before|earlier|previous\w*|history|ever|never|first time|record|ago|last|past|week|days?)\b/i;
/** A line of ours that says that something is not there, and what a claim must speak of to rest on it. */
const STATEMENTS: readonly { readonly line: RegExp; readonly about: RegExp; readonly not?: RegExp }[] = [
  {
    line: /^no other alert is held now$|^(?!.*\b(?:fingerprint|before|record)\b).*\b(?:no|nothing|none)\b.*\b(?:alerts?|fires?|firing|held)\b/,
    about: ABOUT_ALERTS,
    not: ABOUT_BEFORE,
  },
  {
    line: /did not fire in the record before/,
    about: ABOUT_ALERTS,
    not: /\b(?:never|ever|week|days?|else)\b|\bother alerts?\b/i,
  },
  { line: /^Vigil was told of no other firing/, about: ABOUT_ALERTS, not: /\belse\b|\bother alerts?\b/i },
  {
    line: /^none: no triage of this alert/,
    about: /\b(?:triag|investigat|analy[sz]|look|conclu|seen|met|happen|known|report|examin)/i,
  },
  { line: /^not scraped directly/, about: /\b(?:scrape|up\b|metric|target)/i },
  { line: /^dead: /, about: /\b(?:log|line|sample|metric|data|scrape|silent|quiet|up)/i, not: /\berrors?\b|\bfail/i },
];

/** A section says itself what could not be found out. The alert's own text is no proof of anything that is absent. */
function sectionShows(claim: NegativeClaim, { cited, lines, sent }: Citation): boolean {
  if (cited.source === ALERT_TITLE || lines.length === 0) return false;
  if (lines.some((line) => line.startsWith(NOT_KNOWN))) return false;
  if (kindOfClaim(claim) === 'changes') return changeIsAbsent(claim, cited, sent);
  const { sentence } = claim;
  const isAboutThem = (line: string): boolean =>
    !/^(?:dead|alive): /.test(line) || subjectsOf(sentence, sent).every((name) => hasWord(line, name));
  if (!lines.some(isAboutThem)) return false;
  /* that it was down for a while does not make it down now */
  const wasUp = /\b(?:was|were|been|never|ever)\b/i.test(sentence) ? /^(?!.*\bup was 0).*\bup 1\b/ : /\bup 1\b/;
  if (DOWN.test(sentence) && lines.some((line) => line.startsWith(`${ALIVE}metrics`) && wasUp.test(line))) return true;
  return STATEMENTS.some(
    ({ line, about, not }) => lines.some((one) => line.test(one)) && about.test(sentence) && !not?.test(sentence),
  );
}
