import type { Handle } from '../../domain/conversation';
import type { CheckedField, CheckedFigure } from '../../domain/report';
import type { SentText } from '../../domain/sent-texts';
import { type Bearings, bearingsOf } from './bearings';
import { borneMoment, type KnownMoment, type Verdict } from './borne-moment';
import { borneNumber, type Borne } from './borne-number';
import { borneLabel, borneToken, isStatus } from './borne-token';
import { holds } from './clauses';
import { countedIn } from './counts';
import { derived } from './derivation';
import { spannedBy } from './durations';
import type { Figure, NumberFigure } from './figure';
import { type Ground, groundOf } from './ground';
import { baseOf, type BorneOperand, kindOf, short } from './operands';
import { readProse } from './prose';
import { tenthsIn } from './tenths';
import { totalsIn } from './totals';

/** What was sent, and which part of it may bear a text out. */
export interface Grounds {
  /** Every text that was sent, by handle. */
  readonly sent: ReadonlyMap<Handle, SentText>;
  /** For a claim: the one text it cites; its figures must come from there. Absent: any text. */
  readonly source?: Handle;
  /** Quotes that were found verbatim in their texts, with their handle: the first place to look. */
  readonly quotes: readonly { readonly handle: Handle; readonly quote: string }[];
}

/**
 * Every figure of a text of the report, and whether what the model was sent bears it out: `quoted` as it stands there,
 * but for rounding; `derived` by a change of unit, a count or a calculation from few operands; else `unverified`. The
 * rules and their limits: docs/decisions/0013-what-code-checks.md.
 */
export function checkFigures(field: CheckedField, text: string, grounds: Grounds): CheckedFigure[] {
  const ground = groundOf(grounds);
  const prose = readProse(text, ground.entities);
  const looked = prose.figures.slice(0, MAX_FIGURES).map((figure) => ({ figure, bearings: bearingsOf(prose, figure) }));
  const found = new Map<Figure, Verdict>();
  const operands: BorneOperand[] = [];
  const moments = new Map<Figure, KnownMoment>();

  for (const { figure, bearings } of looked) {
    const verdict = standing(figure, bearings, ground, { operands, moments, found });
    if (verdict && !found.has(figure)) found.set(figure, verdict);
  }
  refuseBoundMoments(looked, found, moments);
  for (const { figure, bearings } of looked) {
    if (found.has(figure) || figure.kind !== 'number') continue;
    const verdict = calculated(figure, bearings, ground, { operands, moments, found });
    if (!verdict) continue;
    found.set(figure, verdict);
    if (figure.dimension === 'plain') operands.push({ figure, base: figure.value * figure.scales[0]!, of: 'number' });
  }
  return prose.figures.map((figure, i) => ({
    field,
    text: figure.text,
    at: figure.at,
    ...(found.get(figure) ?? (i < MAX_FIGURES ? NOWHERE : NOT_LOOKED_UP)),
  }));
}

/** `was 27,300 at 03:12`: where the value did not stand then, the turn of a series does not make the moment true. */
function refuseBoundMoments(
  looked: readonly { readonly figure: Figure; readonly bearings: Bearings }[],
  found: Map<Figure, Verdict>,
  moments: Map<Figure, KnownMoment>,
): void {
  for (const { figure, bearings } of looked) {
    const { boundTo } = bearings;
    // What is calculated stood at no moment.
    if (bearings.isDifference || bearings.isSpan || (figure.kind === 'number' && figure.dimension === 'factor'))
      continue;
    if (!boundTo || found.has(figure) || found.get(boundTo)?.verified !== 'derived') continue;
    found.delete(boundTo);
    moments.delete(boundTo);
  }
}

/** Of one text; a person writes a dozen. */
const MAX_FIGURES = 100;
const NOT_LOOKED_UP: Verdict = { verified: 'unverified', how: 'not looked up: the text holds too many figures' };
const NOWHERE: Verdict = { verified: 'unverified', how: 'stands nowhere in what was sent' };

interface Finds {
  readonly operands: BorneOperand[];
  readonly moments: Map<Figure, KnownMoment>;
  readonly found: Map<Figure, Verdict>;
}

/** What stands in a text, as it is or in another unit. */
function standing(figure: Figure, bearings: Bearings, ground: Ground, finds: Finds): Verdict | undefined {
  if (figure.kind === 'token') return borneToken(figure, bearings, ground);
  if (figure.kind === 'moment') {
    const borne = borneMoment(figure, bearings, ground);
    if (borne) finds.moments.set(figure, borne.known);
    return borne && { verified: borne.verified, how: borne.how };
  }
  const { before, behind } = bearings.place;
  if (figure.bare && isStatus(figure.value, before, behind)) {
    return borneToken({ kind: 'token', text: figure.text, at: figure.at, token: figure.text }, bearings, ground);
  }
  const borne = borneNumber(figure, bearings, ground);
  if (!borne) return figure.bare ? borneLabel(figure, bearings, ground) : undefined;
  const scale = figure.dimension === 'percent' ? 0.01 : figure.scales[0]!;
  finds.operands.push({ figure, base: operandOf(borne, figure.value * scale), of: kindOf(borne.measured) });
  const how = `${borne.line.handle}: the sample of that time`;
  for (const moment of borne.at) finds.found.set(moment, { verified: 'derived', how });
  return verdictOf(borne);
}

/** The measured value is exacter than what the prose shows of it. */
function operandOf({ measured, fit }: Borne, shown: number): number {
  return measured.perSeconds !== undefined && !fit.same ? shown : baseOf(measured);
}

function verdictOf({ fit, line, measured }: Borne): Verdict {
  if (fit.same) return { verified: 'quoted', how: `stands in ${line.handle}` };
  return { verified: 'derived', how: `${line.handle}: ${short(measured.value)} ${fit.how}` };
}

/** What can be recomputed from what stands. */
function calculated(figure: NumberFigure, bearings: Bearings, ground: Ground, known: Finds): Verdict | undefined {
  const { sentence } = bearings.place;
  const told = [...known.moments].filter(([{ at }]) => holds(sentence, at)).map(([, moment]) => moment);
  const operands = known.operands.filter(({ figure: { at } }) => holds(sentence, at));
  const counted =
    tenthsIn(figure, bearings, ground) ?? countedIn(figure, bearings, ground) ?? totalsIn(figure, bearings, ground);
  if (counted) return counted;
  const made = derived(figure, bearings, ground, operands);
  if (!made) return spannedBy(figure, bearings, ground, told);
  for (const moment of made.at) {
    if (!known.found.has(moment)) known.found.set(moment, { verified: 'derived', how: 'the sample of that time' });
  }
  return { verified: made.verified, how: made.how };
}
