import { exactNumber, formatLabels, isShownWhole } from './fit';
import type { MetricResult, Point } from './metric-result';
import { formatValue, numberOf } from './metric-text';
import { seriesFigures } from './series-figures';

/**
 * Every series with every value, exact: `{labels} value` at one moment; of a range
 * `{labels} first= last= min= max= mean= [unix seconds:v …]`. Labels are whole.
 */
export function fullMetrics(result: MetricResult): string {
  switch (result.type) {
    case 'scalar':
      return exactNumber(result.value);
    case 'string':
      return JSON.stringify(result.text);
    case 'vector':
      return result.series
        .map(({ labels, point }) => `${formatLabels(labels, Infinity)} ${exactValue(point)}`)
        .join('\n');
    case 'matrix':
      return result.series
        .map(({ labels, points }) => {
          const values = points.map(([at, value]) => `${at}:${exactNumber(numberOf(value))}`);
          return `${formatLabels(labels, Infinity)} ${seriesFigures(labels, points, exactNumber)} [${values.join(' ')}]`;
        })
        .join('\n');
  }
}

function exactValue([, value]: Point): string {
  return typeof value === 'number' ? exactNumber(value) : formatValue(value);
}

/** Whether rounding takes something from one of its values. */
export function isRounded(result: MetricResult): boolean {
  const isCut = ([, value]: Point): boolean => typeof value !== 'number' || !isShownWhole(value);
  switch (result.type) {
    case 'scalar':
      return !isShownWhole(result.value);
    case 'string':
      return false;
    case 'vector':
      return result.series.some(({ point }) => isCut(point));
    case 'matrix':
      return result.series.some(({ points }) => points.some(isCut));
  }
}
