import { holds } from './clauses';
import { readChangeMoment } from './change-moment';
import { type Entity, isOfOneKind, isWord, type Mention } from './entities';
import { endOf, type Figure } from './figure';
import { isOfAnotherPattern } from './meant-pattern';
import type { Place, Prose } from './prose';
import type { ReadText, SentLine } from './sent-line';
import { isOfAnotherState } from './states';

/** Whose a figure is: every list of `options` that holds is enough; within one, all of it must hold. */
export interface Attribution {
  readonly options: readonly (readonly Entity[])[];
  /** What the figure itself names. */
  readonly own?: Entity;
  /** The words around it: what they name may be the label of another series. */
  readonly clause: string;
  readonly sentence: string;
}

const TIED = /^[^,;:()]{0,40}?(?:\b(?:of|in|for|on|at|by|from|to)\b|['’]s?|\bcalls to\b)[^,;:()\d]{0,20}$/i;

/**
 * A figure belongs to what is named nearest in its clause: behind it, where `of` or `in` ties the two together, else
 * before it, else behind it. Where its clause names nothing, to what the words before it speak of last, or first.
 */
export function attributionOf(prose: Prose, figure: Figure, place: Place): Attribution {
  const own = prose.mentions.find(({ at, end }) => end > figure.at && at < endOf(figure))?.entity;
  return { options: optionsOf(prose, figure, place, own), own, clause: place.clauseText, sentence: place.sentenceText };
}

function optionsOf(
  prose: Prose,
  figure: Figure,
  { sentence, clause }: Place,
  own: Entity | undefined,
): Attribution['options'] {
  const others = prose.mentions.filter(
    ({ at, end, entity }) => (end <= figure.at || at >= endOf(figure)) && !(own && isOfOneKind(entity, own)),
  );
  const inClause = others.filter(({ at }) => holds(clause, at));
  if (inClause.length > 0) return [perDimension(inNearness(prose.text, figure, inClause))];
  const earlier = others.filter(({ at }) => at < figure.at && !ASIDE.test(prose.text.slice(Math.max(0, at - 16), at)));
  const scope = earlier.some(({ at }) => holds(sentence, at)) ? sentence : sentenceOfLast(prose, earlier);
  const inScope = scope ? earlier.filter(({ at }) => holds(scope, at)) : [];
  const last = inScope.at(-1);
  if (!last) return [];
  const inBrackets = /\($/.test(prose.text.slice(0, clause.start).trimEnd());
  if (inBrackets) return [perDimension(inScope.toReversed().map(({ entity }) => entity))];
  const spoken = [last.entity, ...inScope.filter(({ entity }) => entity.primary).map(({ entity }) => entity)];
  const primaries = spoken.filter(({ primary }) => primary);
  const ends = [primaries.at(-1), primaries[0], primaries.length === 0 ? last.entity : undefined];
  return ends.flatMap((entity) => (entity ? [[entity]] : []));
}

/** `inventory, like payments, …` speaks of inventory. */
const ASIDE = /\b(?:like|unlike|not|except|than|besides) (?:the )?$/i;

function sentenceOfLast(prose: Prose, earlier: readonly Mention[]): { start: number; end: number } | undefined {
  const last = earlier.at(-1);
  return last && prose.sentences.find((sentence) => holds(sentence, last.at));
}

function inNearness(text: string, figure: Figure, mentions: readonly Mention[]): Entity[] {
  const end = endOf(figure);
  const behind = mentions.filter(({ at }) => at >= end);
  const before = mentions.filter(({ at }) => at < end).toReversed();
  const next = behind[0];
  const tied = next && TIED.test(text.slice(end, next.at)) ? [next] : [];
  return [...tied, ...before, ...behind].map(({ entity }) => entity);
}

/** The nearest of each kind: a service and its version, not two services. */
function perDimension(entities: readonly Entity[]): Entity[] {
  const kept: Entity[] = [];
  for (const entity of entities) {
    if (!kept.some((other) => isOfOneKind(other, entity))) kept.push(entity);
  }
  return kept;
}

/** What is known of all texts together. */
export interface Surroundings {
  /** The section of the alert itself. */
  readonly alert?: ReadText;
  /** Whether a line names nobody at all, by its labels or its words. */
  namesNobody(line: SentLine): boolean;
  /** Whether a verified quote stands on it: which one is meant needs no guess. */
  isQuoted(line: SentLine): boolean;
}

/** Whether a line of a text can be told of what a figure belongs to. */
export function belongs(
  line: SentLine,
  text: ReadText,
  { options, own, clause, sentence }: Attribution,
  { alert, namesNobody, isQuoted }: Surroundings,
): boolean {
  if (text.past && !OF_THE_PAST.test(sentence)) return false;
  if (isOfAnotherState(line, text, clause, sentence)) return false;
  if (!isQuoted(line) && isOfAnotherPattern(line, text, clause, sentence)) return false;
  if (options.length === 0) return true;
  return options.some((entities) => {
    if (entities.some((entity) => speaksOfAnother(line, text, entity, alert))) return false;
    const primary = entities.find((entity) => entity.primary);
    if (primary && isLoggedByAnother(line, text, primary, sentence)) return false;
    return (
      !primary ||
      carries(line, text, primary, alert) ||
      isToldApart(line, text, own ? [...entities, own] : entities, primary) ||
      (isAnybodys(line, text, primary) && namesNobody(line))
    );
  });
}

const LOGS = /^ (?:has |have |had |itself |also ){0,2}(?:logged|logs|wrote|writes|warned|warns)\b/i;
/** `the last error of fares`. */
const FIRST_OF = /\b(?:first|last|earliest|latest) [^,;:]{1,40}\bof $/i;
const WRITER = /^(?:service|service_name|app|job|component|container|pod|instance|host)$/;

/** What `payments logged` are the lines of payments, not those of others that name it. */
function isLoggedByAnother(line: SentLine, { opening }: ReadText, entity: Entity, sentence: string): boolean {
  if (opening || line.kind !== 'words') return false;
  const at = sentence.toLowerCase().indexOf(entity.value);
  if (at < 0) return false;
  if (!LOGS.test(sentence.slice(at + entity.value.length)) && !FIRST_OF.test(sentence.slice(0, at))) return false;
  const writers = line.labels.filter(([name]) => WRITER.test(name) && entity.names.has(name));
  return writers.length > 0 && !writers.some(([name, value]) => isValue(name, value, entity));
}

/** A log line that was not asked for by the name of another one. */
function isAnybodys({ kind }: SentLine, { opening, matchers }: ReadText, primary: Entity): boolean {
  return !opening && kind === 'words' && !matchers.some(([name]) => primary.names.has(name));
}

/** `mailer 4.2.0` of a result by version, that speaks of no service at all. */
function isToldApart(line: SentLine, text: ReadText, entities: readonly Entity[], primary: Entity): boolean {
  const isOther = ([name]: readonly [string, string]): boolean => primary.names.has(name);
  if (!line.series || line.labels.some(isOther) || text.matchers.some(isOther)) return false;
  return entities.some(
    (entity) => !entity.primary && line.labels.some(([name, value]) => isValue(name, value, entity)),
  );
}

/** What a model concluded of an earlier firing is no fact about this one. */
const OF_THE_PAST = /\b(?:earlier|previous|last|former|past) (?:triage|time|investigation|report)|\bconcluded\b/i;

function speaksOfAnother(line: SentLine, text: ReadText, entity: Entity, alert: ReadText | undefined): boolean {
  if (carries(line, text, entity, alert)) return false;
  if (line.labels.some(([name]) => isOfOneKind(entity, { names: new Set([name]) }))) return true;
  return text.lines.some((other) => other !== line && isNamed(other, entity));
}

function carries(line: SentLine, text: ReadText, entity: Entity, alert: ReadText | undefined): boolean {
  if (isNamed(line, entity)) return true;
  const told = new Set(line.labels.map(([name]) => name));
  if (readChangeMoment(line.text).length > 0 && line.labels.some((pair) => isGroupOf(pair, entity))) return true;
  const selects = ([name, value]: readonly [string, string]): boolean =>
    !told.has(name) && isValue(name, value, entity);
  if (text.matchers.some(selects) || (isOfNoOwner(line, entity) && isInMetric(text.expression, entity))) return true;
  // The sections of the opening message are about the alert, unless they tell its service apart from others.
  const own = text.opening && alert?.lines[0]?.labels.some((pair) => selects(pair) || isGroupOf(pair, entity)) === true;
  const isOthers = line.labels.some(([name]) => isOfOneKind(entity, { names: new Set([name]) }));
  return own && !isOthers && !text.lines.some((other) => isNamed(other, entity));
}

function isOfNoOwner({ labels }: SentLine, { names }: Entity): boolean {
  return !labels.some(([name]) => names.has(name));
}

/** `orders_requests_total` is of orders. */
function isInMetric(expression: string, { value }: Entity): boolean {
  return expression
    .toLowerCase()
    .split(/[^a-z0-9-]+/)
    .includes(value);
}

/** What happens to `ledger-db` happens to `ledger-db-0`. */
function isGroupOf([name, value]: readonly [string, string], { value: member, names }: Entity): boolean {
  const lower = value.toLowerCase();
  if (!/service|job|app/i.test(name) || ![...names].some((one) => NAMES_MEMBERS.test(one))) return false;
  return lower.length > 2 && member.startsWith(lower) && /[-.:_/]/.test(member[lower.length] ?? '');
}

const NAMES_MEMBERS = /pod|instance|job|host|container|node|deployment|statefulset|replicaset/i;

function isValue(name: string, value: string, entity: Entity): boolean {
  const lower = value.toLowerCase();
  if (lower === entity.value) return true;
  return NAMES_MEMBERS.test(name) && lower.startsWith(entity.value) && /[-.:_/]/.test(lower[entity.value.length]!);
}

function isNamed(line: SentLine, entity: Entity): boolean {
  if (line.labels.some(([name, value]) => isValue(name, value, entity))) return true;
  const lower = line.names.toLowerCase();
  for (let at = lower.indexOf(entity.value); at >= 0; at = lower.indexOf(entity.value, at + 1)) {
    const end = at + entity.value.length;
    if (isWord(lower, at, end) && !/^-[\p{L}]/u.test(lower.slice(end, end + 2))) return true;
  }
  return false;
}
