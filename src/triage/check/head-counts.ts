import { shared, stemsOf } from './topics';

/** A count that the head of a result states, with the words that say of what: `14 changed`. */
export interface HeadCount {
  readonly value: number;
  readonly words: ReadonlySet<string>;
  /** It counts all that was found, and no part of it. */
  readonly isWhole: boolean;
}

/** What stands on the two sides of a figure. */
interface Beside {
  readonly before: string;
  readonly behind: string;
}

const COUNT = /(?<![\w.:-])(\d+)(?![\w.:-])((?: [a-z]+){0,4})/gi;

/** Of `result: 270 series of 8 metrics looked at, 14 changed`. */
export function readHeadCounts(line: string): HeadCount[] {
  const parts = line.replace(/^result: /, '').split(/[,:;()]/);
  const whole = parts.findIndex((part) => /\d/.test(part));
  /* `metrics, 2 found of 8` */
  const noun = parts.slice(0, whole).join(' ');
  return parts.flatMap((part, i) =>
    Array.from(part.matchAll(COUNT), ([, value, behind]): HeadCount => {
      const isWhole = i === whole;
      return { value: Number(value), words: saidIn(isWhole ? `${noun} ${behind}` : behind!), isWhole };
    }),
  );
}

/** Those that the words beside a figure mean: `5 alerts are firing` is not how many there are in all. */
export function meantHeadCounts(counts: readonly HeadCount[], place: Beside): number[] {
  const isWhole = /\bof (?:the |all |its |our )?$/i.test(place.before);
  const before = /[^\d,;:.()]*$/.exec(place.before)![0].slice(-40);
  const behind = /^[^\d,;:.()]*/.exec(place.behind.replace(/^ of (?:the |all |its )?\d+/, ''))![0].slice(0, 40);
  const said = saidIn(`${before} ${behind}`);
  return counts.flatMap((one) => {
    if (shared(said, one.words) === 0) return [];
    const saysPart = counts.some(
      (other) => !other.isWhole && shared(said, new Set([...other.words].filter((word) => !one.words.has(word)))) > 0,
    );
    return one.isWhole && saysPart && !isWhole ? [] : [one.value];
  });
}

function saidIn(words: string): Set<string> {
  return new Set([...stemsOf(words), ...(words.toLowerCase().match(/\b(?:before|after)\b/g) ?? [])]);
}
