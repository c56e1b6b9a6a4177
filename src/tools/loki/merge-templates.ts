import { PLACE } from './line-template';

/** So many templates of one shape are compared with; what comes later stands for itself. */
const MAX_GROUPS = 32;
/** Words of a template that are compared; templates that agree so far are one. */
const MAX_WORDS = 60;
/** A place that has more values than these is a place; with fewer, each value tells something of its own. */
const MOST_VALUES = 3;

/** A quoted text is one word, whatever it holds; the space before a word belongs to it. */
const WORDS = /\s?(?:(?<!\w)"[^"]{0,200}"(?!\w)|(?<!\w)'[^']{0,200}'(?!\w)|[^\s"']+|["'])/g;

/** `ECONNREFUSED`, `TypeError`: what tells failures apart stays, however many there are. */
const TELLING =
  /^[\s"'([]*(?:[A-Z][A-Z0-9_-]{2,}|[A-Za-z.]*(?:Error|Exception|Fault)|[1-5]\d\d|[1-5]xx)[\s"'):;,.\]]*$/;

interface Group {
  /** Undefined: a place. */
  readonly words: (string | undefined)[];
  readonly members: (readonly string[])[];
}

/**
 * Which template each of these belongs to: those that differ in few words, each of which takes many values, are one.
 * The result does not depend on the order; the cost grows with the templates, not with the lines.
 */
export function mergedTemplates(templates: Iterable<string>): ReadonlyMap<string, string> {
  const shapes = new Map<string, Group[]>();
  for (const template of [...new Set(templates)].sort()) {
    const words = (template.match(WORDS) ?? [template]).slice(0, MAX_WORDS);
    const shape = `${words.length} ${words[0]}`;
    const groups = shapes.get(shape) ?? [];
    shapes.set(shape, groups);
    place(words, template, groups);
  }
  return new Map([...shapes.values()].flatMap((groups) => mergedIn(groups)));
}

function place(words: readonly string[], template: string, groups: Group[]): void {
  const member = [template, ...words];
  const most = Math.max(words.length > 2 ? 1 : 0, Math.floor(words.length / 4));
  const near = groups.findIndex((group, i) => i >= MAX_GROUPS || distance(group.words, words) <= most);
  const group = near < 0 || near >= MAX_GROUPS ? undefined : groups[near];
  if (!group) {
    groups.push({ words: [...words], members: [member] });
    return;
  }
  group.members.push(member);
  words.forEach((word, i) => {
    if (group.words[i] !== word) group.words[i] = undefined;
  });
}

/** How many words differ; places of the group count, or it would take in everything in the end. */
function distance(group: readonly (string | undefined)[], words: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < words.length; i += 1) if (group[i] !== words[i]) count += 1;
  return count;
}

/** A template and its words, and which of them are places. */
interface Member {
  readonly member: readonly string[];
  readonly isPlace?: readonly boolean[];
}

type Merged = readonly [template: string, into: string];

function mergedIn(groups: readonly Group[]): Merged[] {
  const found = groups.flatMap(({ members }): Member[] => {
    const isPlace = members[0]!.slice(1).map((_, i) => members.length > MOST_VALUES && hasMany(members, i + 1));
    if (!isPlace.includes(true)) return members.map((member) => ({ member }));
    return members.map((member) => ({ member, isPlace }));
  });
  /* one that fell into another group first, by chance of its neighbours, has the places of those that it is like */
  const places = new Map<string, Required<Member>>();
  for (const { member, isPlace } of found) {
    if (isPlace && places.size < MAX_GROUPS) places.set(intoOf(member, isPlace), { member, isPlace });
  }
  return found.map(({ member, isPlace }): Merged => {
    if (isPlace) return [member[0]!, intoOf(member, isPlace)];
    const like = Array.from(places).find(([into, one]) => agree(member, one) && intoOf(member, one.isPlace) === into);
    return [member[0]!, like ? like[0] : member[0]!];
  });
}

/** Whether two have the same words, but for the places of the one: most differ in the first ones. */
function agree(member: readonly string[], other: Required<Member>): boolean {
  for (let i = 1; i < member.length; i += 1) {
    if (!other.isPlace[i - 1] && member[i] !== other.member[i]) return false;
  }
  return true;
}

function intoOf([, ...words]: readonly string[], isPlace: readonly boolean[]): string {
  return words.map((word, i) => (isPlace[i] && !TELLING.test(word) ? placed(word) : word)).join('');
}

function hasMany(members: readonly (readonly string[])[], at: number): boolean {
  const values = new Set<string>();
  for (const member of members) {
    values.add(member[at]!);
    if (values.size > MOST_VALUES) return true;
  }
  return false;
}

/** With the space and the name before it (`user=`), and the mark behind it. */
function placed(word: string): string {
  return `${/^\s?(?:[\w.-]{1,60}[=:])?/.exec(word)![0]}${PLACE}${/[:;,.)\]]?$/.exec(word)![0]}`;
}
