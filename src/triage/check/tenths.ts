import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { NumberFigure } from './figure';
import { fitOf } from './fits';
import type { Ground } from './ground';
import { measuredValue, type ReadText, type SentLine } from './sent-line';

const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const OF_TEN = /^ (?:out of|of|in)(?: the)? ten\b/i;
const OF = /\b(\w{3,5}) (?:out of|of|in)(?: the)? $/i;

/** `six of ten` of a share that stands as 0.6; `one of ten takes more than` of a quantile of 0.9. */
export function tenthsIn(figure: NumberFigure, bearings: Bearings, ground: Ground): Verdict | undefined {
  const count = tenthsOf(figure, bearings);
  if (count === undefined) return undefined;
  for (const text of ground.texts) {
    for (const line of text.lines) {
      if (!line.series || !ground.owns(line, text, bearings.attribution)) continue;
      if (saysTenths(count, line, text)) return { verified: 'derived', how: `${text.handle}: the share in tenths` };
    }
  }
  return undefined;
}

/** Both words of `six of ten` are told by the first. */
function tenthsOf({ inWords, bare, value }: NumberFigure, { place }: Bearings): number | undefined {
  if (!inWords || !bare) return undefined;
  if (value < 10) return OF_TEN.test(place.behind) ? value : undefined;
  const first = COUNTS.indexOf(OF.exec(place.before)?.[1]?.toLowerCase() ?? '') + 1;
  return value === 10 && first > 0 ? first : undefined;
}

function saysTenths(count: number, { series, unit }: SentLine, text: ReadText): boolean {
  const quantile = /quantile(?:_over_time)?\s?\(\s?(0?\.\d+)/.exec(text.expression)?.[1];
  if (quantile !== undefined) return Math.abs(1 - Number(quantile) - count / 10) < 1e-9;
  const share: NumberFigure = { ...SHARE, value: count * 10 };
  const told = series!.keys.filter(({ role }) => role === 'value' || role === 'last');
  return told.some(({ value }) => fitOf(share, measuredValue(unit ?? text.unit, value)) !== undefined);
}

/** A tenth more or less is another word. */
const SHARE: NumberFigure = {
  kind: 'number',
  text: '',
  at: 0,
  dimension: 'percent',
  value: 0,
  half: 2,
  scales: [0.01],
  leeway: 'exact',
  inWords: true,
  bare: false,
};
