import { assertNever } from '../domain/errors';
import { formatNumber } from './fit';
import { fullMetrics, isRounded } from './full-metrics';
import type { MetricResult } from './metric-result';
import { rangeText } from './range-text';
import type { Fitted, MetricRoom } from './result-head';
import { vectorText } from './vector-text';

/**
 * A result as lines for the model: what was found, the labels that all series share, then a series a line.
 * @returns with `full`, every series and every value exact, where the text leaves out or rounds
 */
export function fittedMetrics(
  result: MetricResult,
  room: MetricRoom,
): { readonly text: string; readonly full?: string } {
  const { text, isWhole } = fitted(result, room);
  return { text, ...(!(isWhole && !isRounded(result)) && { full: fullMetrics(result) }) };
}

function fitted(result: MetricResult, room: MetricRoom): Fitted {
  switch (result.type) {
    case 'scalar':
      return { text: `result: scalar\n${formatNumber(result.value)}`, isWhole: true };
    case 'string':
      return stringText(result.text, room.roomChars);
    case 'vector':
      return vectorText(result.series, room.roomChars);
    case 'matrix':
      return rangeText(result.series, room);
    default:
      return assertNever(result);
  }
}

function stringText(text: string, roomChars: number): Fitted {
  const whole = `result: string\n${JSON.stringify(text)}`;
  return whole.length <= roomChars
    ? { text: whole, isWhole: true }
    : { text: `${whole.slice(0, Math.max(0, roomChars - 20)).toWellFormed()}… (cut)`, isWhole: false };
}
