import type { Bearings } from './bearings';
import type { MomentFigure, NumberFigure } from './figure';
import { type Fit, fitOf, type Measured } from './fits';
import type { Ground } from './ground';
import { isMeasured, isOfTheOthers } from './measured-topic';
import { isAt, valuesAt } from './moments';
import { type Candidate, isNamed, stemsAround } from './named-number';
import { measuredValue, type ReadText, type SentLine } from './sent-line';
import type { KeyFigure, Series } from './series';
import { shared } from './topics';
import { keyBefore, measuredOf } from './written-number';
import { adjacentPairs, loggedPairs, replacedPairs } from './written-pairs';

/** What bears a number out. */
export interface Borne {
  readonly fit: Fit;
  readonly line: SentLine;
  readonly measured: Measured;
  /** The moments at which it stood: it bears them out as well. */
  readonly at: readonly MomentFigure[];
}

/** The first line that bears a number out as it stands; else one that does in another unit. Quoted lines come first. */
export function borneNumber(figure: NumberFigure, bearings: Bearings, ground: Ground): Borne | undefined {
  if (isTurnedRound(figure, bearings, ground)) return undefined;
  let converted: Borne | undefined;
  for (const { line, text } of linesOf(ground)) {
    if (!ground.owns(line, text, bearings.attribution)) continue;
    const borne = inLine(figure, bearings, { line, text, ground });
    if (borne?.fit.same) return borne;
    converted ??= borne;
  }
  return converted;
}

/** A line says the same two numbers the other way round: then no other line makes it true. */
function isTurnedRound(figure: NumberFigure, bearings: Bearings, ground: Ground): boolean {
  if (!bearings.pair) return false;
  const said = new Set<string | undefined>();
  for (const { line, text } of linesOf(ground)) {
    if (line.series || !ground.owns(line, text, bearings.attribution)) continue;
    said.add(pairIn({ line, text, ground }, figure, bearings));
  }
  return said.has('reversed') && !said.has('stands');
}

function* linesOf(ground: Ground): Generator<{ line: SentLine; text: ReadText }> {
  for (const quoted of [true, false]) {
    for (const text of ground.texts) {
      for (const line of text.lines) if (ground.isQuoted(line) === quoted) yield { line, text };
    }
  }
}

function inLine(figure: NumberFigure, bearings: Bearings, candidate: Candidate): Borne | undefined {
  const { line } = candidate;
  if (line.series) return inSeries(figure, bearings, candidate, line.series);
  if (line.kind === 'rule' && !RULE_WORDS.test(bearings.place.sentenceText)) return undefined;
  if (isLoggedElsewhen(line, bearings)) return undefined;
  const pair = pairIn(candidate, figure, bearings);
  if (pair === 'reversed') return undefined;
  for (const written of line.figures) {
    if (written.kind !== 'number') continue;
    const measured = measuredOf(written, line.text);
    const fit = fitOf(figure, measured);
    if (!fit || (bearings.saysThreshold && !isThreshold(line.text, written))) continue;
    // A level that a program wrote is not by how much it changed.
    if (bearings.isDifference && keyBefore(line.text, written.at) !== '') continue;
    if (figure.dimension === 'duration' && !isOfThatTime(figure, written, bearings, candidate)) continue;
    if (pair === 'stands' || isNamed(figure, bearings, { ...candidate, at: written.at }))
      return { fit, line, measured, at: stampedAt(line, bearings.moments) };
  }
  return undefined;
}

/** `129 were queued at 06:20:31` is not what another line said ten minutes before. */
function isLoggedElsewhen({ figures: [stamp], times }: SentLine, { boundTo }: Bearings): boolean {
  return (
    boundTo !== undefined && times === 1 && stamp?.kind === 'moment' && stamp.at === 0 && !isAt(boundTo, stamp.seconds)
  );
}

/** The moments of the sentence at which the line was logged. */
function stampedAt({ figures }: SentLine, moments: readonly MomentFigure[]): MomentFigure[] {
  const [stamp] = figures;
  return stamp?.kind === 'moment' && stamp.at === 0 ? moments.filter((moment) => isAt(moment, stamp.seconds)) : [];
}

/** Whether a line itself says `from X to Y` of the two numbers of the prose, or of the same the other way round. */
function pairIn(
  { line, text }: Candidate,
  figure: NumberFigure,
  { pair }: Bearings,
): 'stands' | 'reversed' | undefined {
  if (!pair) return undefined;
  const [earlier, later] = pair.isEarlier ? [figure, pair.other] : [pair.other, figure];
  const fits = (wanted: NumberFigure, written: NumberFigure): boolean =>
    fitOf(wanted, measuredOf(written, line.text)) !== undefined;
  for (const [a, b] of [...adjacentPairs(line), ...replacedPairs(line, text), ...loggedPairs(line, text)]) {
    if (fits(earlier, a) && fits(later, b)) return 'stands';
    if (fits(earlier, b) && fits(later, a)) return 'reversed';
  }
  return undefined;
}

/** Words beside a number that make it one that others are compared with. */
const COMPARES =
  /(?:threshold|limit|\bmax\w*|[<>]=?|right side|crossed|\bover|\babove|\bbelow|\bunder)["']?[\s:=]{0,3}$/i;

/** How our sections tell how long before the start, or ago, something was. */
const OUR_SPAN = /^ (?:before|after) (?:the start|this|now)|^ (?:old|ago)\b/;

/** The age of a sample is no latency; nor is the length of a firing the time before something. */
function isOfThatTime(
  figure: NumberFigure,
  written: NumberFigure,
  { isSpan, nearStems }: Bearings,
  { line, text, ground }: Candidate,
): boolean {
  if (text.opening && OUR_SPAN.test(behindOf(line.text, written))) return isSpan;
  if (!isSpan || ground.quotes(line, written.value)) return true;
  const isCoarse = figure.half > 0.05 * Math.abs(figure.value);
  return (!text.opening && !isCoarse) || shared(nearStems, stemsAround(line.text, written.at)) > 0;
}

function behindOf(text: string, { at, text: written }: NumberFigure): string {
  return text.slice(at + written.length, at + written.length + 24);
}

function isThreshold(text: string, { at, text: written }: NumberFigure): boolean {
  const behind = text.slice(at + written.length, at + written.length + 12);
  return COMPARES.test(text.slice(Math.max(0, at - 20), at)) || /^ (?:threshold|limit)/i.test(behind);
}

/** An expression says against what is compared, and over which time; a value it says never. */
const RULE_WORDS =
  /threshold|\blimit|\brule|\bcondition|expression|allowed|configured|\bwindow|\bfires? (?:when|above|at|if|after)|alerts? (?:when|above|at|if|on|after)|\bfor at least|`for`|exceed|above|below|cross/i;

function inSeries(figure: NumberFigure, bearings: Bearings, candidate: Candidate, series: Series): Borne | undefined {
  const { line, text } = candidate;
  if (!isMeasured(bearings, line, text) || isOfTheOthers(line, text, bearings)) return undefined;
  const isOfRule = bearings.saysThreshold || RULE_WORDS.test(bearings.place.sentenceText);
  const limit = isOfRule ? ofLimit({ ...figure, leeway: 'exact' }, candidate) : undefined;
  if (limit) return limit;
  if (bearings.saysThreshold && text.limit) return undefined;
  if (bearings.saysThreshold && !/limit|threshold|max|quota/i.test(text.expression)) return undefined;
  if (!isNamed(figure, bearings, candidate) || bearings.isDifference) return undefined;
  const { boundTo, pair } = bearings;
  const of = (value: number): Measured => measuredValue(line.unit ?? text.unit, value);
  if (boundTo && series.samples.length > 0) {
    const held = valuesAt(series, boundTo).find((value) => fitOf(figure, of(value)));
    const measured = held === undefined ? undefined : of(held);
    return measured && { fit: fitOf(figure, measured)!, line, measured, at: [boundTo] };
  }
  if (pair) {
    const told = pair.isEarlier ? ([figure, pair.other] as const) : ([pair.other, figure] as const);
    if (atTwoMoments(series, told, bearings.moments, of))
      return borneAs(
        figure,
        line,
        of,
        series.samples.map(({ value }) => value),
        bearings.moments,
      );
    if (!inOrder(series, told, of)) return undefined;
  }
  const beyond = bound(figure, series, of);
  if (beyond) return { fit: beyond, line, measured: of(series.keys[0]!.value), at: [] };
  const meant = series.keys.filter((key) => isMeant(key, series, bearings));
  return borneAs(
    figure,
    line,
    of,
    meant.map(({ value }) => value),
  );
}

function borneAs(
  figure: NumberFigure,
  line: SentLine,
  of: (value: number) => Measured,
  values: readonly number[],
  at: readonly MomentFigure[] = [],
): Borne | undefined {
  for (const value of values) {
    const measured = of(value);
    const fit = fitOf(figure, measured);
    if (fit) return { fit, line, measured, at };
  }
  return undefined;
}

/** `between 02:25 and 02:28 from 0.1 % to 8.7 %`: each at its own moment. */
function atTwoMoments(
  series: Series,
  [earlier, later]: readonly [NumberFigure, NumberFigure],
  moments: readonly MomentFigure[],
  of: (value: number) => Measured,
): boolean {
  if (moments.length !== 2) return false;
  const [from, to] = moments.toSorted((a, b) => a.seconds - b.seconds).map((moment) => valuesAt(series, moment));
  const fits = (figure: NumberFigure, values: readonly number[]): boolean =>
    values.some((value) => fitOf(figure, of(value)) !== undefined);
  return fits(earlier, from!) && fits(later, to!);
}

/** `a limit of 0.6 s`, beside the course of the rule's expression. */
function ofLimit(figure: NumberFigure, { line, text: { limit } }: Candidate): Borne | undefined {
  const fit = limit && fitOf(figure, limit);
  return fit && { fit, line, measured: limit, at: [] };
}

/** Which figures of a series the words mean; of one that has no levels, `before` and `now` mean any. */
function isMeant({ role }: KeyFigure, { turns, keys }: Series, { roles, pair, frame }: Bearings): boolean {
  if (pair) return true;
  // Only the section on the rule tells of each frame by a line of its own.
  if (frame && keys.some((key) => key.role === 'start') && keys.some((key) => key.role === frame))
    return role === frame;
  if (!roles) return true;
  if (turns.length === 0 && (roles.includes('before') || roles.includes('after'))) return true;
  if (turns[0]?.rises === false && roles.includes('before')) return ['before', 'first', 'max'].includes(role);
  if (turns[0]?.rises === false && roles.includes('after')) return ['after', 'last', 'min'].includes(role);
  return roles.includes(role);
}

/** `below 1 %` holds of a series that never reaches it, `above` of one that never falls to it. */
function bound(figure: NumberFigure, series: Series, of: (value: number) => Measured): Fit | undefined {
  if (figure.bare || (figure.leeway !== 'less' && figure.leeway !== 'more')) return undefined;
  const wanted = figure.leeway === 'less' ? 'max' : 'min';
  const extreme = series.keys.find(({ role }) => role === wanted || role === 'value');
  if (!extreme) return undefined;
  // The figure itself, moved to where the extreme is, tells whether the units agree at all.
  for (const factor of [1, 100, 1e-3, 1e3]) {
    const at = fitOf(
      { ...figure, value: extreme.value * factor, half: Math.abs(extreme.value) * 1e-6, scales: [figure.scales[0]!] },
      of(extreme.value),
    );
    if (!at) continue;
    const holds =
      figure.leeway === 'less' ? extreme.value * factor <= figure.value : extreme.value * factor >= figure.value;
    return holds
      ? { same: false, how: `is ${figure.leeway === 'less' ? 'below' : 'above'} that throughout` }
      : undefined;
  }
  return undefined;
}

/** `from X to Y`: somewhere X stands before Y; where only figures are shown, X is none that comes last. */
function inOrder(
  series: Series,
  [earlier, later]: readonly [NumberFigure, NumberFigure],
  of: (value: number) => Measured,
): boolean {
  const fits = (figure: NumberFigure, value: number): boolean => fitOf(figure, of(value)) !== undefined;
  const keys = (figure: NumberFigure): boolean => series.keys.some(({ value }) => fits(figure, value));
  // The other one may stand elsewhere; a series that holds both says in which order.
  if (!keys(earlier) || !keys(later)) return true;
  const firstOf = (role: KeyFigure['role']): number | undefined => series.keys.find((key) => key.role === role)?.value;
  const [from, to] = [firstOf('before') ?? firstOf('first'), firstOf('after') ?? firstOf('last')];
  if (from === undefined || to === undefined) return true;
  const size = ({ value, scales }: NumberFigure): number => value * scales[0]!;
  return to === from || to > from === size(later) > size(earlier);
}
