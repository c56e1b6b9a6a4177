import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { NumberFigure } from './figure';
import { isWithin } from './fits';
import type { Ground } from './ground';
import { meantHeadCounts } from './head-counts';
import type { ReadText, SentLine } from './sent-line';
import type { KeyFigure } from './series';
import { shared, stemsOf } from './topics';

const OF_LINES =
  /\b(?:lines?|log|logs|entries|messages?|times|occurrences?|events?|errors?|failures?|timeouts?|warnings?|exceptions?|alerts?|retries|attempts?)\b/i;
const OF_CHANGES = /\bchanges?\b|\bof them (?:came )?(?:before|after)\b/i;
const MEMBERS =
  /\b(?:replicas?|instances?|pods?|targets?|nodes?|hosts?|series|members?|services?|versions?|databases?|containers?)\b/i;

/** `the other 72 series`: those that one line tells together. */
const OF_OTHERS = /\b(?:others?|more|rest|remaining|further)\b/i;

/** A count that nobody wrote, and that code can make: log lines, series, members that are up or down. */
export function countedIn(figure: NumberFigure, bearings: Bearings, ground: Ground): Verdict | undefined {
  if (figure.dimension !== 'plain' || figure.perSeconds !== undefined || !Number.isInteger(figure.value))
    return undefined;
  for (const text of ground.texts) {
    const own = text.lines.filter((line) => ground.owns(line, text, bearings.attribution));
    const heads =
      bearings.attribution.options.length === 0 || own.length === text.lines.length ? text.found?.heads : [];
    const stated = meantHeadCounts(heads ?? [], bearings.place).some((count) => isWithin(figure, count));
    if (stated) return { verified: 'derived', how: `the head of ${text.handle}` };
    if (own.length === 0) continue;
    const fits = countsOf(text, own, bearings).find((count) => isWithin(figure, count));
    if (fits !== undefined) return { verified: 'derived', how: `counted in ${text.handle}` };
  }
  return undefined;
}

function countsOf(text: ReadText, own: readonly SentLine[], bearings: Bearings): number[] {
  const near = `${bearings.place.before.slice(-24)} ${bearings.place.behind.slice(0, 40)}`;
  const series = own.filter((line) => line.series);
  const words = own.filter((line) => line.kind === 'words');
  const changes = text.found?.isOfChanges && OF_CHANGES.test(near) ? text.found.counts : [];
  /* `fares quoted 8 trips`, of lines that say `quoted trip` */
  const folded = words.filter(
    (line) => line.times > 1 && shared(bearings.nearStems, stemsOf(line.text)) >= 2 && !text.opening,
  );
  return [
    ...changes,
    ...folded.map(({ times }) => times),
    ...(OF_LINES.test(near) && series.length === 0 && !text.opening ? countsOfLines(text, own, words, bearings) : []),
    ...(MEMBERS.test(near) ? countsOfMembers(series, text, near, bearings) : []),
  ];
}

/** All of them, or those that share a telling word with the clause; folded ones as often as they came. */
function countsOfLines(
  text: ReadText,
  own: readonly SentLine[],
  words: readonly SentLine[],
  { clauseStems }: Bearings,
): number[] {
  const sum = (lines: readonly SentLine[]): number => lines.reduce((total, { times }) => total + times, 0);
  const all =
    text.found && !text.found.atLeast && text.found.heads.length === 0 && own.length === text.lines.length
      ? text.found.counts
      : [];
  const folded = words.filter((line) => line.times > 1 && shared(clauseStems, stemsOf(line.text)) >= 1);
  const alike = words.filter((line) => shared(clauseStems, stemsOf(line.text)) >= 2);
  /* of what is no log, the head counts the lines of each kind */
  const whole = text.found && text.found.heads.length > 0 ? [] : [sum(words)];
  return [...all, ...whole, ...(alike.length > 0 ? [sum(alike)] : []), ...folded.map(({ times }) => times)];
}

/** Members are told apart by one label; those whose value is 0 or 1 are down or up. */
function countsOfMembers(series: readonly SentLine[], text: ReadText, near: string, { place }: Bearings): number[] {
  const { before } = place;
  if (series.length === 0) return [];
  const told = series.filter(({ others }) => !others);
  const others = series.find((line) => line.others)?.others;
  /* where most series have no line of their own, only the head says how many there are */
  if (others && OF_OTHERS.test(near)) return [others.count];
  if (others && others.each === undefined) return [...(text.found?.counts ?? [])];
  const stems = stemsOf(near);
  const names = new Set(series.flatMap(({ labels }) => labels.map(([name]) => name)));
  const distinct = others
    ? [...(text.found?.counts ?? [])]
    : [...names]
        .filter((name) => shared(stems, stemsOf(name)) > 0)
        .map((name) => new Set(series.map(({ labels }) => labels.find(([of]) => of === name)?.[1])).size);
  const single = told.flatMap((line) => line.series!.keys.filter(({ role }) => role === 'value' || role === 'last'));
  const values = [...single, ...manyOf(others)];
  const isPart =
    /^[^,;.\d]{0,12}\b(?:out )?of (?:the |all |its |our )?(?:\d|two|three|four|five|six|seven|eight|nine|ten)\b/i;
  if (isPart.test(place.behind)) return switched(values, text, stateWords(place), []);
  const isWhole = /\bof (?:the |all |its |our )?$/.test(before);
  if (!isSwitch(values)) return distinct;
  return isWhole ? [values.length] : switched(values, text, stateWords(place), [...distinct, values.length]);
}

/** Series that all have one value, as if each had its line. */
function manyOf(others: SentLine['others']): KeyFigure[] {
  const { count, each } = others ?? {};
  if (count === undefined || each === undefined) return [];
  return Array.from({ length: Math.min(count, MAX_MEMBERS) }, () => ({ role: 'value', value: each }));
}

const MAX_MEMBERS = 100_000;

/** `do not answer`: what is denied stands in a clause of its own. */
function stateWords({ clauseText, sentenceText, clause, sentence }: Bearings['place']): string {
  const behind = sentenceText.slice(clause.end - sentence.start);
  return /^ not /.test(behind) ? `${clauseText}${/^[^,;:]{0,60}/.exec(behind)![0]}` : clauseText;
}

function isSwitch(values: readonly KeyFigure[]): boolean {
  return values.every(({ value }) => value === 0 || value === 1) && values.length > 1;
}

const IS_DOWN =
  /\bdown\b|unreachable|unavailable|\bdead\b|missing|\bgone\b|(?:not|n['’]t|no longer|never) (?:\w+ )?(?:answer|respond|reach|reply|up\b|ready|healthy|available|alive|run)/i;
const IS_UP = /\bup\b|ready|healthy|\bavailable|alive|reachable|\banswer|\brespond|\brun/i;
/** `up == bool 0`: there a 1 says that it is down. */
const ASKS_FOR_DOWN = /[=!]=\s?bool\s?[01]|<\s?bool\s?1/;

/** How many of the members are in the state that the words say; where they say none, either, or what else is given. */
function switched(
  values: readonly KeyFigure[],
  { expression }: ReadText,
  words: string,
  others: readonly number[],
): number[] {
  if (!isSwitch(values)) return [];
  const ones = values.filter(({ value }) => value === 1).length;
  const turned = ASKS_FOR_DOWN.test(expression) && !/==\s?bool\s?1|!=\s?bool\s?0/.test(expression);
  const [up, down] = turned ? [values.length - ones, ones] : [ones, values.length - ones];
  if (IS_DOWN.test(words)) return [down];
  if (IS_UP.test(words)) return [up];
  return [...others, up, down];
}
