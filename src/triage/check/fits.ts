import type { NumberFigure } from './figure';
import type { MeasuredUnit } from './measured-unit';

/** A number of a sent text, in the unit that it has there. */
export interface Measured {
  readonly value: number;
  readonly of: MeasuredUnit['of'] | 'points' | 'factor';
  /** In seconds or bytes: what one of its unit is, where it was written with one. */
  readonly scales: readonly number[];
  readonly perSeconds?: number;
  /** Written beside words of its own unit: `34 %`, `482 ms`. */
  readonly written: boolean;
  /** Only its key names the unit: `timeout_ms: 2000`. */
  readonly keyed?: boolean;
}

export interface Fit {
  /** Nothing but rounding lies between the two. */
  readonly same: boolean;
  /** `as a percentage`, `in another unit`. */
  readonly how: string;
}

/** Whether a number of a text is the figure of the prose: at the digits that it shows, in a unit that agrees. */
export function fitOf(figure: NumberFigure, measured: Measured): Fit | undefined {
  return readings(figure, measured).find(({ x }) => isWithin(figure, x))?.fit;
}

interface Reading {
  /** The measured value in the figure's unit. */
  readonly x: number;
  readonly fit: Fit;
}

const SAME: Fit = { same: true, how: '' };
const AS_PERCENT: Fit = { same: false, how: 'as a percentage' };
const CONVERTED: Fit = { same: false, how: 'in another unit' };

function readings(figure: NumberFigure, measured: Measured): Reading[] {
  const { value, of } = measured;
  switch (figure.dimension) {
    case 'percent':
      if (of === 'percent') return [{ x: value, fit: SAME }];
      if (of === 'fraction' || (of === 'unknown' && !measured.perSeconds)) return [{ x: value * 100, fit: AS_PERCENT }];
      // A number that somebody wrote without a unit: a share only if it can be one.
      return of === 'plain' && measured.written && Math.abs(value) < 1 && value !== 0
        ? [{ x: value * 100, fit: AS_PERCENT }]
        : [];
    case 'points':
      return of === 'points' ? [{ x: value, fit: SAME }] : [];
    case 'factor':
      return of === 'factor' ? [{ x: value, fit: SAME }] : [];
    case 'duration':
      if (of === 'seconds' || of === 'milliseconds') return scaled(figure, measured);
      return of === 'unknown' ? scaled(figure, { ...measured, scales: [1] }) : [];
    case 'bytes':
      if (of === 'bytes') return rated(figure, measured, scaled(figure, measured));
      return of === 'unknown' ? scaled(figure, { ...measured, scales: [1] }) : [];
    case 'plain':
      if (of === 'percent' && measured.written)
        return [{ x: value / 100, fit: AS_PERCENT }].filter(({ x }) => x < 1 && !figure.bare);
      if (measured.keyed && figure.bare) return [{ x: value, fit: SAME }];
      if (measured.written && of !== 'plain') return [];
      if (of === 'points' || of === 'factor' || of === 'unix') return [];
      return rated(
        figure,
        measured,
        figure.scales.map((scale) => ({ x: value / scale, fit: SAME })),
      );
  }
}

function scaled(figure: NumberFigure, { value, scales }: Measured): Reading[] {
  return scales.flatMap((from) =>
    // `expired 11 minutes ago` of a time to go that is below nought.
    figure.scales.map((to) => ({
      x: (figure.dimension === 'duration' && figure.value > 0 ? Math.abs(value * from) : value * from) / to,
      fit: from === to ? SAME : CONVERTED,
    })),
  );
}

/** A rate per minute is not one per second; a number without a rate may leave it unsaid. */
function rated(figure: NumberFigure, measured: Measured, found: Reading[]): Reading[] {
  const [asked, given] = [figure.perSeconds, measured.perSeconds];
  if (asked === undefined || asked === given) return found;
  if (given === undefined) return measured.of === 'unknown' ? found : [];
  return found.map(({ x }) => ({ x: (x * asked) / given, fit: CONVERTED }));
}

const EXACT = 1 + 1e-9;

/** Whether `x`, in the unit of the figure, is what the figure and the words before it say. */
export function isWithin(figure: NumberFigure, x: number): boolean {
  const { value, half } = figure;
  const distance = Math.abs(x - value);
  const size = Math.abs(value);
  switch (figure.leeway) {
    case 'exact':
      return distance <= half * EXACT;
    case 'about':
      return distance <= Math.max(half, 0.02 * size, Math.min(0.1 * size, halfOfLastTellingDigit(figure))) * EXACT;
    case 'almost':
      return x <= value + 1e-9 * size && x >= 0.88 * value;
    case 'more':
      return x >= value - 1e-9 * size && x <= 1.5 * value;
    case 'less':
      return x <= value + 1e-9 * size && x >= value / 1.5;
  }
}

/** `about 40`: nobody means the nought. */
function halfOfLastTellingDigit({ value, half }: NumberFigure): number {
  let step = half * 2;
  while (step < Math.abs(value) && Math.abs(value / (step * 10) - Math.round(value / (step * 10))) < 1e-9) step *= 10;
  return step / 2;
}

/** Two digits must agree; one alone covers too much, then ten percent are all that it may be off. */
export function agrees(figure: NumberFigure, result: number | undefined): boolean {
  if (result === undefined || !Number.isFinite(result)) return false;
  const size = Math.abs(figure.value);
  const half = Math.min(Math.max(figure.half, Math.min(0.05 * size, halfOfLastTellingDigit(figure))), 0.1 * size);
  return isWithin({ ...figure, half }, result);
}
