import { checkFigures } from '../../src/triage/check/check-figures';
import type { NumberFigure } from '../../src/triage/check/figure';
import { figuresIn } from '../../src/triage/check/prose-figures';
import { SENT } from './claims-texts';

/** A generator with a seed: the same figures on each run. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Form = (figure: (unit: string, least: number, most: number) => string, who: string) => string;

/** What a model that invents would write; `figure` gives a number between two bounds, spread over their decades. */
const FORMS: readonly Form[] = [
  (figure, who) => `${who} fails ${figure(' %', 1, 100)} of its requests`,
  (figure, who) => `the error share of ${who} rose to ${figure(' %', 1, 100)}`,
  (figure, who) => `p99 latency of ${who} is ${figure(' ms', 10, 5000)}`,
  (figure, who) => `${who} now takes ${figure(' s', 0.1, 30)}`,
  (figure, who) => `${who} serves ${figure(' requests/s', 10, 1000)}`,
  (figure, who) => `${who} logs ${figure(' errors per minute', 10, 1000)}`,
  (figure, who) => `memory of ${who} is at ${figure(' MiB', 100, 4000)}`,
  (figure, who) => `CPU of ${who} is at ${figure(' cores', 0.1, 8)}`,
  (figure, who) => `latency of ${who} is ${figure('×', 1.1, 50)} what it was`,
  (figure, who) => `errors of ${who} rose by ${figure(' %', 10, 500)}`,
  (figure, who) => `${who} has ${figure(' connections', 10, 500)}`,
  (figure, who) => `${who} answered after ${figure(' ms', 10, 5000)}`,
];
const WHO = ['payments', 'checkout', 'inventory', 'web-1', 'payments-db', 'the service'];

function shareBorneOut(digits: number, count: number, seed: number): number {
  const chance = chanceFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!;
  let tried = 0;
  let borne = 0;
  while (tried < count) {
    const figure = (unit: string, least: number, most: number): string => {
      const value = least * (most / least) ** chance();
      const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value)));
      return `${value.toFixed(decimals)}${unit}`;
    };
    const text = pick(FORMS)(figure, pick(WHO));
    const numbers = new Set(
      figuresIn(text)
        .filter((one): one is NumberFigure => one.kind === 'number')
        .map(({ at }) => at),
    );
    const checked = checkFigures('headline', text, { sent: SENT, quotes: [] }).find(({ at }) => numbers.has(at));
    tried += 1;
    if (checked && checked.verified !== 'unverified') borne += 1;
  }
  return borne / tried;
}

describe('A figure that nobody measured', () => {
  it.each([
    [3, 0.03],
    [2, 0.06],
  ])('is borne out by chance in few of 2,000 cases, with %i digits in less than a part of %d', (digits, most) => {
    const share = shareBorneOut(digits, 2000, 20_261_124);
    expect(share).toBeLessThan(most);
  });
});
