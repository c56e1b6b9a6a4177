import type { Dimension, NumberFigure } from './figure';

const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const COUNT = new RegExp(`(${COUNTS.join('|')})(?![\\p{L}\\p{N}_])`, 'iuy');
/** What an engineer counts: behind it a spelled number is a claim, elsewhere (`two hypotheses`) it is none. */
const COUNTED =
  /^(?: more| of| out of)?[ -](?:of the )?(?:replicas?|pods?|instances?|nodes?|hosts?|containers?|restarts?|connections?|deploys?|deployments?|timeouts?|errors?|requests?|retries|attempts?|alerts?|shards?|partitions?|crashes|failures?|workers?|targets?)(?![\p{L}])/iu;
const TIMES =
  /^ ?-?(?:fold|times (?:as|more|higher|larger|bigger|longer|slower|faster|less|lower|the|its|what|worse))/i;
const DURATION = /^[ -](seconds?|minutes?|hours?|days?)(?![\p{L}])/iu;
const PERCENT = /^ (?:percent|per cent)/i;

/** Words that are a number by themselves; the words behind them belong to their meaning. */
const MEANINGS: readonly (readonly [RegExp, Dimension, number])[] = [
  [/doubl(?:ed|es|ing)(?![\p{L}-])|double (?=the|its|what)|twice (?=as|the|its|what)/iuy, 'factor', 2],
  [/tripl(?:ed|es|ing)(?![\p{L}-])|thrice (?=as|the)|triple (?=the|its)/iuy, 'factor', 3],
  [/quadrupl(?:ed|es|ing)(?![\p{L}-])/iuy, 'factor', 4],
  [/halved(?![\p{L}-])|half as /iuy, 'factor', 0.5],
  ...COUNTS.slice(1, 10).map((word, i) => [new RegExp(`${word}-?fold`, 'iuy'), 'factor', i + 2] as const),
  [/half an hour/iuy, 'duration', 1800],
  [/half(?= of| the| its| all)/iuy, 'percent', 50],
  [/(?:a|one) third(?= of)/iuy, 'percent', 100 / 3],
  [/two[ -]thirds(?= of)/iuy, 'percent', 200 / 3],
  [/(?:a|one) quarter(?= of (?!an hour))/iuy, 'percent', 25],
  [/three[ -]quarters(?= of)/iuy, 'percent', 75],
];

/** A number in words that begins at `at`: `doubled`, `half of`, `three times as`, `five replicas`, `two minutes`. */
export function wordFigureAt(text: string, at: number): NumberFigure | undefined {
  for (const [pattern, dimension, value] of MEANINGS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return inWords({ text: match[0].trimEnd(), at, dimension, value, bare: false });
  }
  COUNT.lastIndex = at;
  const word = COUNT.exec(text)?.[0];
  if (word === undefined) return undefined;
  const value = COUNTS.indexOf(word.toLowerCase()) + 1;
  const behind = text.slice(at + word.length, at + word.length + 40);
  const times = TIMES.exec(behind);
  const whole = (match: RegExpExecArray): string => text.slice(at, at + word.length + match[0].length);
  if (times) return inWords({ text: whole(times), at, dimension: 'factor', value, bare: false });
  const [spanned, unit] = DURATION.exec(behind) ?? [];
  if (unit) {
    const scale = { s: 1, m: 60, h: 3600, d: 86_400 }[unit[0]!.toLowerCase()] ?? 1;
    const figure = { text: `${word}${spanned}`, at, dimension: 'duration', value, bare: false } as const;
    // `one second look`, `one minute detail`: only a plural, or a unit that a hyphen ties, is a duration for sure.
    return { ...inWords(figure), scales: [scale], half: 0.5 };
  }
  const percent = PERCENT.exec(behind);
  if (percent) return inWords({ text: whole(percent), at, dimension: 'percent', value, bare: false });
  if (
    !COUNTED.test(behind) &&
    !/^(?: of (?:the )?(?:two|three|four|five|six|seven|eight|nine|ten)(?![a-z])| of (?:the )?\d)/.test(behind)
  )
    return undefined;
  if (word.toLowerCase() === 'one' && /^ of the /.test(behind)) return undefined;
  return inWords({ text: word, at, dimension: 'plain', value, bare: true });
}

function inWords(found: Pick<NumberFigure, 'text' | 'at' | 'dimension' | 'value' | 'bare'>): NumberFigure {
  const scales = [found.dimension === 'percent' ? 0.01 : 1];
  const half = found.bare ? 0.5 : 0.1 * found.value;
  return { kind: 'number', ...found, scales, half, leeway: 'exact', inWords: true };
}
