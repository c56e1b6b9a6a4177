import type { ReadText, SentLine } from './read-sent';
import { endOf, type Figure } from './figure';
import { holds } from './clauses';
import type { Place, Prose } from './prose';

/** Something that the texts tell apart by a label: a service, an instance, a version, a status. */
export interface Entity {
  /** In lower case. */
  readonly value: string;
  readonly names: ReadonlySet<string>;
  /** A claim on it must come from a line that carries it; others must only not speak of another one. */
  readonly primary: boolean;
}

export interface Mention {
  readonly entity: Entity;
  readonly at: number;
  readonly end: number;
}

/** Labels that say how bad, how measured or under which id: nobody is told apart by them in prose. */
const NO_ENTITY =
  /^(?:level|detected_level|severity|le|quantile|alertname|__name__|reason|msg|message|err|error|exception|trace_?id|span_?id|request_?id|method|source|id|author|time|ts|timestamp|caller|logger|type|kind|env|environment|summary|description)$/i;
const PRIMARY =
  /service|app|component|^job$|instance|pod|container|node|host|database|datname|^db|namespace|cluster|deployment|statefulset|queue|topic|consumer|shard|device|mountpoint|upstream|backend|target|region|zone|route|path|endpoint|handler|tenant|table|cache|pool|carrier|provider/i;
/** Values that are ordinary words of a report. */
const ORDINARY = new Set(
  'error errors info warn warning debug fatal http https get post put delete true false none null system user idle total all default main other unknown time start started failed failure ok success ready pending running active firing resolved critical high low cpu memory disk network requests request the and for not with new old normal'.split(
    ' ',
  ),
);

export function entitiesOf(texts: readonly ReadText[]): Entity[] {
  const names = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const [name, value] of [...text.matchers, ...text.lines.flatMap(({ labels }) => labels)]) {
      if (NO_ENTITY.test(name)) continue;
      for (const known of spellings(name, value)) {
        if (!isName(name, known)) continue;
        names.set(known, (names.get(known) ?? new Set()).add(name));
      }
    }
  }
  return Array.from(names, ([value, of]) => ({
    value,
    names: of,
    primary: [...of].some((name) => PRIMARY.test(name)),
  }));
}

/** `web-1:9100` is called `web-1`, too. */
function spellings(name: string, value: string): string[] {
  const whole = value.trim().toLowerCase();
  const host = /^(.{2,60}):\d{2,5}$/.exec(whole)?.[1];
  return host && /instance|host|node|target|upstream|backend/.test(name) ? [whole, host] : [whole];
}

function isName(name: string, value: string): boolean {
  if (/status|code/i.test(name)) return /^[1-5]\d\d$/.test(value);
  return value.length >= 2 && value.length <= 120 && /\p{L}|\d\.\d/u.test(value) && !ORDINARY.has(value);
}

/** Where entities are named, the longest name first: `payments-db` is not `payments`. */
export function mentionsIn(text: string, entities: readonly Entity[]): Mention[] {
  const lower = text.toLowerCase();
  const found: Mention[] = [];
  for (const entity of entities.toSorted((a, b) => b.value.length - a.value.length)) {
    for (let at = lower.indexOf(entity.value); at >= 0; at = lower.indexOf(entity.value, at + 1)) {
      const end = at + entity.value.length;
      if (!isWord(lower, at, end) || found.some((other) => at < other.end && end > other.at)) continue;
      found.push({ entity, at, end });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

function isWord(text: string, at: number, end: number): boolean {
  const before = text[at - 1] ?? ' ';
  const versioned = before === 'v' && !/[\p{L}\p{N}_]/u.test(text[at - 2] ?? ' ');
  return (
    (versioned || !/[\p{L}\p{N}_.-]/u.test(before)) && !/^(?:[\p{L}\p{N}_]|[.:]\w*\d)/u.test(text.slice(end, end + 12))
  );
}

/** Whose a figure is: every list of `options` that holds is enough; within one, all of it must hold. */
export interface Attribution {
  readonly options: readonly (readonly Entity[])[];
}

const TIED = /^[^,;:()]{0,40}?(?:\b(?:of|in|for|on|at|by|from|to)\b|['’]s?|\bcalls to\b)[^,;:()\d]{0,20}$/i;

/**
 * A figure belongs to what is named nearest in its clause: behind it, where `of` or `in` ties the two together, else
 * before it, else behind it. Where its clause names nothing, to what the words before it speak of last, or first.
 */
export function attributionOf(prose: Prose, figure: Figure, { sentence, clause }: Place): Attribution {
  const own = prose.mentions.find(({ at, end }) => end > figure.at && at < endOf(figure))?.entity;
  const others = prose.mentions.filter(
    ({ at, end, entity }) => (end <= figure.at || at >= endOf(figure)) && !(own && isOfOneKind(entity, own)),
  );
  const inClause = others.filter(({ at }) => holds(clause, at));
  if (inClause.length > 0) return { options: [perDimension(inNearness(prose.text, figure, inClause))] };
  const earlier = others.filter(({ at }) => at < figure.at);
  const scope = earlier.some(({ at }) => holds(sentence, at)) ? sentence : sentenceOfLast(prose, earlier);
  const inScope = scope ? earlier.filter(({ at }) => holds(scope, at)) : [];
  const last = inScope.at(-1);
  if (!last) return { options: [] };
  const inBrackets = /\($/.test(prose.text.slice(0, clause.start).trimEnd());
  if (inBrackets) return { options: [perDimension(inScope.toReversed().map(({ entity }) => entity))] };
  const spoken = [last.entity, ...inScope.filter(({ entity }) => entity.primary).map(({ entity }) => entity)];
  const primaries = spoken.filter(({ primary }) => primary);
  const ends = [primaries.at(-1), primaries[0], primaries.length === 0 ? last.entity : undefined];
  return { options: ends.flatMap((entity) => (entity ? [[entity]] : [])) };
}

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

/** Told apart by one label: two services, two instances. */
export function isOfOneKind(a: Entity, b: Entity): boolean {
  return [...a.names].some((name) => b.names.has(name));
}

/** Whether a line of a text can be told of what a figure belongs to. */
export function belongs(
  line: SentLine,
  text: ReadText,
  { options }: Attribution,
  alert: ReadText | undefined,
): boolean {
  if (options.length === 0) return true;
  return options.some((entities) => {
    if (entities.some((entity) => speaksOfAnother(line, text, entity, alert))) return false;
    const primary = entities.find((entity) => entity.primary);
    return !primary || carries(line, text, primary, alert);
  });
}

function speaksOfAnother(line: SentLine, text: ReadText, entity: Entity, alert: ReadText | undefined): boolean {
  if (carries(line, text, entity, alert)) return false;
  if (line.labels.some(([name]) => entity.names.has(name))) return true;
  return text.lines.some((other) => other !== line && isNamed(other, entity));
}

function carries(line: SentLine, text: ReadText, entity: Entity, alert: ReadText | undefined): boolean {
  if (isNamed(line, entity)) return true;
  const told = new Set(line.labels.map(([name]) => name));
  const selects = ([name, value]: readonly [string, string]): boolean =>
    !told.has(name) && isValue(name, value, entity);
  if (text.matchers.some(selects)) return true;
  // The sections of the opening message are about the alert, unless they tell its service apart from others.
  const own = text.opening && alert?.lines[0]?.labels.some(selects) === true;
  return own && !text.lines.some((other) => isNamed(other, entity));
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
