import type { Bearings } from './bearings';
import type { MomentFigure, NumberFigure } from './figure';
import type { Ground } from './ground';
import { isAt } from './moments';
import { baseOf, type BorneOperand, kindOf, type OperandPair } from './operands';
import type { ReadText, SentLine } from './sent-line';
import { formOf, keyBefore, measuredOf } from './written-number';

/** A number of a program's line. */
interface Written {
  readonly line: SentLine;
  /** Where its line stands in its text. */
  readonly place: number;
  readonly figure: NumberFigure;
  readonly key: string;
}

/** A quote that holds more numbers names none of them. */
const MAX_NUMBERS = 10;
/** Among more lines with one key some two agree with anything. */
const MAX_TOUCHED = 8;

/** Two numbers of a quote, or one of it and the one of the same key on another line of its text. */
export function* quotedPairs(
  bearings: Bearings,
  ground: Ground,
  told: readonly BorneOperand[],
): Generator<OperandPair> {
  for (const text of ground.texts) {
    const quoted = text.lines.flatMap((line) =>
      line.kind === 'words' && ground.isQuoted(line) && ground.owns(line, text, bearings.attribution)
        ? numbersOf(line, text).filter(({ figure }) => ground.quotes(line, figure.value))
        : [],
    );
    if (quoted.length > MAX_NUMBERS) continue;
    const where = `${text.handle}: `;
    for (const [i, a] of quoted.entries()) {
      for (const b of quoted.slice(i + 1)) yield* pairOf(a, b, { where, told, moments: bearings.moments });
      for (const b of touched(a, text, bearings, ground))
        yield* pairOf(a, b, { where, told, moments: bearings.moments });
    }
  }
}

function numbersOf(line: SentLine, { lines }: ReadText): Written[] {
  const place = lines.indexOf(line);
  return line.figures.flatMap((figure, i) =>
    figure.kind === 'number'
      ? [{ line, place, figure, key: keyBefore(line.text, figure.at) || `${i} of ${formOf(line.text)}` }]
      : [],
  );
}

/** `duration_ms=1840` of one line and `duration_ms=5152` of another, both of what the figure belongs to. */
function touched(one: Written, text: ReadText, { attribution }: Bearings, ground: Ground): Written[] {
  const others = text.lines.filter(
    (line) =>
      line !== one.line && line.kind === 'words' && !ground.isQuoted(line) && ground.owns(line, text, attribution),
  );
  const same = others.flatMap((line) => numbersOf(line, text)).filter(({ key }) => key === one.key);
  return same.length > MAX_TOUCHED ? [] : same;
}

interface PairFacts {
  readonly where: string;
  readonly told: readonly BorneOperand[];
  readonly moments: readonly MomentFigure[];
}

function* pairOf(a: Written, b: Written, { where, told, moments }: PairFacts): Generator<OperandPair> {
  const [one, other] = [a, b].map(({ figure, line }) => measuredOf(figure, line.text));
  const [of, alike] = [kindOf(one!), kindOf(one!) === kindOf(other!)];
  if (!alike) return;
  const isFirst = a.line === b.line ? a.figure.at < b.figure.at : a.place < b.place;
  const [first, second] = isFirst ? [baseOf(one!), baseOf(other!)] : [baseOf(other!), baseOf(one!)];
  const sameKey = a.key === b.key;
  const base = { named: true, of, where };
  if (a.line === b.line && !sameKey) {
    // Which is the part and which the whole is told by their size; and the words must speak of one of them at least.
    const [part, whole] = first <= second ? [first, second] : [second, first];
    if (of === 'number' && isCount(a) && isCount(b))
      yield { ...base, later: part, earlier: whole, ordered: true, share: true };
    const compared = a.figure.bare && !told.some(({ base: known }) => known === first || known === second);
    if (!compared) {
      yield { ...base, later: first, earlier: second, ordered: false, share: false };
      yield { ...base, later: second, earlier: first, ordered: false, share: false };
    }
    return;
  }
  if (!sameKey) return;
  const stamps = [a, b].flatMap(({ line }) => stampOf(line));
  const at = moments.filter((moment) => stamps.some((seconds) => isAt(moment, seconds)));
  const seconds = stamps.length === 2 ? Math.abs(stamps[0]! - stamps[1]!) : undefined;
  yield { ...base, later: second, earlier: first, ordered: true, share: false, at, seconds };
}

function isCount({ figure }: Written): boolean {
  return Number.isInteger(figure.value) && figure.value >= 0;
}

function stampOf({ figures: [first] }: SentLine): number[] {
  return first?.kind === 'moment' && first.at === 0 ? [first.seconds] : [];
}
