import type { CheckedFigure } from '../../domain/report';

/** Figures of one text that are named one by one. */
const FIGURES_MAX = 6;

/** `"15:04:30", "16.4 %" stand nowhere in what was sent`: a line for each reason, not for each figure. */
export function figuresInDoubt(figures: readonly CheckedFigure[]): string[] {
  const doubtful = figures.filter(({ verified }) => verified === 'unverified');
  return Array.from(
    Map.groupBy(doubtful, ({ how }) => how),
    ([how, equal]) => {
      const texts = [...new Set(equal.map(({ text }) => `"${text}"`))];
      const more = texts.length > FIGURES_MAX ? ` and ${texts.length - FIGURES_MAX} more` : '';
      return `${texts.slice(0, FIGURES_MAX).join(', ')}${more} ${texts.length > 1 ? ofMany(how) : how}`;
    },
  );
}

function ofMany(how: string): string {
  return how.replace(/^stands /, 'stand ');
}

/** The first of them, and how many more there are. */
export function firstFaults(faults: readonly string[], max: number): string[] {
  const told = [...new Set(faults)];
  if (told.length <= max) return told;
  return [...told.slice(0, max - 1), `And ${told.length - max + 1} more of the kind.`];
}
