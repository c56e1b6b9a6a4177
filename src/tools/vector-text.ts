import { commonLabels, formatLabelsWithin, formatNumber, takeLines, withoutLabels } from './fit';
import { median } from './level-shift';
import type { InstantSeries } from './metric-result';
import { formatValue, numberOf } from './metric-text';
import { type Fitted, headOf, MAX_NAME_CHARS, READ_THE_REST } from './result-head';
import { oddValues } from './series-figures';

/** For the order and the line on the others. */
const FOOT_CHARS = 420;
/** Single series that are shown where not all are: more say no more. */
const MAX_LARGEST = 20;
const MAX_SMALLEST = 8;
const MAX_DIFFERING = 40;
/** Of the room for them, what the largest get at most. */
const SHARE_OF_LARGEST = 0.7;
/** So many of the series have one value: then those that have another are what is worth a line. */
const SHARE_OF_USUAL = 0.8;

/**
 * Values of one moment, a series a line in the order of the answer. Where they do not fit: those that differ from a
 * value that most have, else the largest and the smallest; the others are told together in one line.
 */
export function vectorText(series: readonly InstantSeries[], roomChars: number): Fitted {
  const common = commonLabels(series.map(({ labels }) => labels));
  const head = headOf('vector', series.length, common);
  const line = ({ labels, point }: InstantSeries): string =>
    `${formatLabelsWithin(withoutLabels(labels, common), MAX_NAME_CHARS)} ${formatValue(point[1])}`;
  const lines = series.map(line);
  if (takeLines(lines, roomChars - head.length - 1).length === lines.length) {
    return { text: [head, ...lines].join('\n'), isWhole: true };
  }
  const { order, shown, others } = chosen(series, line, roomChars - head.length - FOOT_CHARS);
  return { text: [head, order, ...shown, othersLine(others)].join('\n'), isWhole: false };
}

interface Chosen {
  readonly order: string;
  readonly shown: readonly string[];
  readonly others: readonly number[];
}

function chosen(series: readonly InstantSeries[], line: (one: InstantSeries) => string, room: number): Chosen {
  const valueOf = ({ point }: InstantSeries): number => numberOf(point[1]);
  const sorted = series.toSorted((a, b) => descending(valueOf(a), valueOf(b)));
  const usual = valueOf(sorted[Math.floor(sorted.length / 2)]!);
  const differing = sorted.filter((one) => !Object.is(valueOf(one), usual));
  if (differing.length <= (1 - SHARE_OF_USUAL) * sorted.length) {
    const shown = takeLines(differing.slice(0, MAX_DIFFERING).map(line), room);
    const left = sorted.filter((one) => Object.is(valueOf(one), usual)).concat(differing.slice(shown.length));
    const order = `order: those whose value is not ${formatNumber(usual)}${shown.length > 0 ? ', largest first' : ': none'}`;
    return { order, shown, others: left.map(valueOf) };
  }
  const largest = takeLines(sorted.slice(0, MAX_LARGEST).map(line), room * SHARE_OF_LARGEST);
  const used = largest.reduce((sum, { length }) => sum + length + 1, 0);
  const smallest = takeLines(
    sorted
      .slice(Math.max(largest.length, sorted.length - MAX_SMALLEST))
      .toReversed()
      .map(line),
    room - used,
  );
  const others = sorted.slice(largest.length, sorted.length - smallest.length).map(valueOf);
  const order = `order: the ${largest.length} largest, then the ${smallest.length} smallest, smallest last`;
  return { order, shown: [...largest, ...smallest.toReversed()], others };
}

/** What is no number comes last. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : b > a ? 1 : -1;
}

function othersLine(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  const odd = oddValues(values).join(' ');
  const [min, max] = [finite[0], finite.at(-1)];
  const range =
    min === undefined || max === undefined
      ? 'none of them a number'
      : min === max
        ? `each ${formatNumber(min)}`
        : `each between ${formatNumber(min)} and ${formatNumber(max)}, median ${formatNumber(median(finite))}`;
  return `others: ${values.length} more series, ${range}${odd && ` (${odd})`}${READ_THE_REST}`;
}
