import type { Bearings } from './bearings';
import type { Entity } from './entities';
import { endOf, type NumberFigure } from './figure';
import type { Ground } from './ground';
import { baseOf, type BorneOperand, kindOf, type OperandPair } from './operands';
import { quotedPairs } from './quoted-pairs';
import { valuesAt } from './moments';
import { measuredValue, type ReadText, type SentLine } from './sent-line';
import type { KeyFigure, Role, Series } from './series';
import { sameTopic, topicsOf } from './topics';

/** Two numbers that a figure may be made of: of its sentence, of its quote, of its series; then of two that are compared. */
export function* operandPairs(
  figure: NumberFigure,
  bearings: Bearings,
  ground: Ground,
  told: readonly BorneOperand[],
): Generator<OperandPair> {
  yield* toldPairs(figure, bearings, told);
  yield* quotedPairs(bearings, ground, told);
  for (const text of ground.texts) {
    for (const line of text.lines) {
      if (!isOwn(line, text, bearings, ground)) continue;
      yield* pairsOfSeries(line, text, bearings, ground.isQuoted(line));
      yield* overLimit(line, text, bearings, ground);
    }
  }
  yield* comparedPairs(bearings, ground);
}

const TO = /^[^\d]{0,20}?(?:\bto\b|->|→|\bup to\b|\bdown to\b)[^\d]{0,12}$/i;
const BACK =
  /\b(?:instead of|(?:up|down) from|rather than|compared (?:to|with)|against|versus|vs\.?|over the|than|before:?|was|from)\b[^\d]{0,24}$/i;
const OF = /^[^\d,;]{0,24}\b(?:of|out of)(?: the| all| its| our)* ?$|^ ?\/ ?$/i;

/** Two of its own sentence. Bare numbers stand beside anything: the words between two of them must tie them together. */
function* toldPairs(figure: NumberFigure, { place }: Bearings, told: readonly BorneOperand[]): Generator<OperandPair> {
  const around = told.filter(({ figure: other }) => other !== figure);
  const { sentence, sentenceText } = place;
  for (const [i, a] of around.entries()) {
    for (const b of around.slice(i + 1)) {
      const [first, second] = a.figure.at < b.figure.at ? [a, b] : [b, a];
      if (!isAlike(first.figure, second.figure)) continue;
      const gap = sentenceText.slice(endOf(first.figure) - sentence.start, second.figure.at - sentence.start);
      const base = { named: true, where: '', of: first.of === 'unknown' ? second.of : first.of };
      if (OF.test(gap)) yield { ...base, later: first.base, earlier: second.base, ordered: true, share: true };
      const [forth, back] = [TO.test(gap), BACK.test(gap)];
      if (!forth && !back && first.figure.bare && second.figure.bare) continue;
      const [later, earlier] = back && !forth ? [first, second] : [second, first];
      const ordered = forth || back;
      yield { ...base, later: later.base, earlier: earlier.base, ordered, share: false };
      if (!ordered) yield { ...base, later: earlier.base, earlier: later.base, ordered, share: false };
    }
  }
}

function isAlike(a: NumberFigure, b: NumberFigure): boolean {
  const kind = ({ dimension }: NumberFigure): string => (dimension === 'percent' ? 'plain' : dimension);
  return kind(a) === kind(b);
}

/** What may be set against what within one series: those that two moments of the sentence name, then its own figures. */
const PAIRS: readonly (readonly [Role, Role])[] = [
  ['after', 'before'],
  ['last', 'first'],
  ['last', 'before'],
  ['start', 'before'],
  ['max', 'first'],
  ['max', 'before'],
  ['min', 'first'],
  ['min', 'before'],
  ['last', 'max'],
  ['max', 'min'],
];
/** These two are told apart by time alone: they may be set against each other whatever their ratio. */
const PLAIN_PAIRS = 4;

function* pairsOfSeries(line: SentLine, text: ReadText, bearings: Bearings, quoted: boolean): Generator<OperandPair> {
  const { keys } = line.series!;
  const measured = (value: number): number => baseOf(measuredValue(text.unit, value));
  const of = kindOf(measuredValue(text.unit, 0));
  const base = { ordered: true, share: false, of, where: `${text.handle}: `, perSeconds: text.unit.perSeconds };
  const moments = bearings.moments.toSorted((a, b) => a.seconds - b.seconds);
  for (const [i, from] of moments.entries()) {
    const to = moments[i + 1];
    const ends = to ? valuesAt(line.series!, to) : keys.filter(({ role }) => role === 'last').map(({ value }) => value);
    for (const [a, b] of ends.flatMap((end) => valuesAt(line.series!, from).map((begin) => [end, begin] as const))) {
      if (a !== b)
        yield { ...base, later: measured(a), earlier: measured(b), named: true, at: to ? [from, to] : [from] };
    }
  }
  for (const [i, [late, early]] of PAIRS.entries()) {
    const [a, b] = [valueOf(keys, late), valueOf(keys, early)];
    if (a === undefined || b === undefined || a === b) continue;
    const seconds = late === 'last' && early === 'first' ? lengthOf(line.series!) : undefined;
    yield { ...base, later: measured(a), earlier: measured(b), named: quoted || i < PLAIN_PAIRS, seconds };
  }
}

function lengthOf({ samples }: Series): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  return first && last && last.seconds > first.seconds ? last.seconds - first.seconds : undefined;
}

/** `three times the threshold`. */
function* overLimit(line: SentLine, text: ReadText, bearings: Bearings, { limit }: Ground): Generator<OperandPair> {
  if (!limit || !/threshold|limit|\ballow|permit|target|\bslo\b|\brule\b/i.test(bearings.place.sentenceText)) return;
  const of = kindOf(limit);
  if (of !== kindOf(measuredValue(text.unit, 0))) return;
  for (const { role, value } of line.series!.keys) {
    if (!['value', 'start', 'last', 'max'].includes(role)) continue;
    const later = baseOf(measuredValue(text.unit, value));
    yield { later, earlier: baseOf(limit), ordered: true, named: true, share: false, of, where: `${text.handle}: ` };
  }
}

/** `256 MiB more than web-1`: the same figure of two that the sentence names, the first set against the second. */
function* comparedPairs(bearings: Bearings, ground: Ground): Generator<OperandPair> {
  const [one, other] = bearings.compared;
  if (!one || !other) return;
  for (const text of ground.texts) {
    const keysOf = (entity: Entity): readonly KeyFigure[] => {
      // The sentence names both: neither is another state than the one that is meant.
      const attribution = { ...bearings.attribution, options: [[entity]], clause: '', sentence: '' };
      const own = text.lines.filter((line) => isOwn(line, text, { ...bearings, attribution }, ground));
      return own.flatMap(({ series }) => series!.keys);
    };
    const [keys, others] = [keysOf(one), keysOf(other)];
    for (const role of ['value', 'last', 'max', 'after'] as const) {
      const [a, b] = [valueOf(keys, role), valueOf(others, role)];
      if (a === undefined || b === undefined) continue;
      const [later, earlier] = [a, b].map((value) => baseOf(measuredValue(text.unit, value)));
      const of = kindOf(measuredValue(text.unit, 0));
      yield {
        later: later!,
        earlier: earlier!,
        ordered: true,
        named: true,
        share: false,
        of,
        where: `${text.handle}: `,
      };
    }
  }
}

/** Whether it is a series of what the figure belongs to and measures. */
function isOwn(line: SentLine, text: ReadText, { attribution, topics }: Bearings, ground: Ground): boolean {
  if (!line.series || !ground.owns(line, text, attribution)) return false;
  return sameTopic(topics, topicsOf(`${text.expression} ${line.text.split('{')[0]}`));
}

function valueOf(keys: readonly KeyFigure[], role: Role): number | undefined {
  return keys.find((key) => key.role === role)?.value;
}
