import type { Handle } from '../../domain/conversation';
import { withoutForeignWords } from './foreign-words';
import { instructionIn } from './instruction-in-data';
import { bracePairs, changePairs, fieldPairs, type LabelPair, matcherPairs } from './labels';
import { type MeasuredUnit, unitOfExpression } from './measured-unit';
import { figuresIn } from './prose-figures';
import type { SentLine } from './sent-line';
import { type KeyFigure, readOthers, readSeries, type Series, seriesOf, singleValue, type TextGrid } from './series';

const PROMQL =
  /\b(?:rate|irate|increase|sum|avg|max|min|count|histogram_quantile|absent|quantile|topk|count_over_time|delta|predict_linear)\s?(?:(?:by|without)\s?\([^)]{0,200}\)\s?)?\(|\[\d+[smhdw]\]|^\s*(?:expression|expr|query)\b/;

/** PromQL, as a rule or a query has it: no words of anybody. */
export function isExpression(line: string): boolean {
  return PROMQL.test(line.slice(0, 2000));
}

/** What the text of a line says for all of its lines. */
export interface LineContext {
  readonly handle: Handle;
  readonly common: readonly LabelPair[];
  readonly grid?: TextGrid;
  /** The moment of an instant query. */
  readonly at?: number;
}

const LOG = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s;
const FOLDED = / \((\d+) times, last at \S+\)$/;
const ONE_VALUE = /^(?:[A-Za-z_:][\w:]*)?(?:\{.*\})? ?([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|Inf|NaN))$/;

/**
 * Reads one line: a series, a value, an expression, or words; none for a line that gives orders.
 * @param above the line that it is indented under
 */
export function readLine(given: string, above: string, { handle, common, grid, at }: LineContext): SentLine[] {
  const line = isExpression(given) ? given : withoutForeignWords(given);
  if (instructionIn(line)) return [];
  const base = { handle, text: line, names: above ? `${above}\n${line}` : line, times: 1 };
  const series = readSeries(line, grid);
  if (series) {
    const own = bracePairs(line.slice(0, line.lastIndexOf(' first=')));
    const unit = unitOfChange(line);
    const figures = figuresIn(labelText(own), true);
    return [{ ...base, kind: 'series', labels: [...own, ...common], series, ...(unit && { unit }), figures }];
  }
  const others = handle.startsWith('r') ? readOthers(line) : undefined;
  if (others) {
    const { count, each } = others;
    return [{ ...base, kind: 'series', labels: common, series: others.series, others: { count, each }, figures: [] }];
  }
  const single = ONE_VALUE.exec(line)?.[1];
  if (single !== undefined && Number.isFinite(Number(single))) {
    const own = bracePairs(line);
    const value = singleValue(Number(single), at);
    return [
      { ...base, kind: 'series', labels: [...own, ...common], series: value, figures: figuresIn(labelText(own), true) },
    ];
  }
  const part = handle.startsWith('o') ? partOf(line) : undefined;
  if (part)
    return [
      {
        ...base,
        kind: 'series',
        labels: [...matcherPairs(line), ...common],
        series: part,
        unit: unitOfExpression(line),
        figures: [],
      },
    ];
  if (handle.startsWith('o') && isExpression(line)) {
    return [{ ...base, kind: 'rule', labels: [...matcherPairs(line), ...common], figures: figuresIn(line, true) }];
  }
  const [, , said] = LOG.exec(line) ?? [];
  const pairs = [...bracePairs(said ?? line), ...fieldPairs(said ?? line), ...changePairs(above || line)];
  const times = Number(FOLDED.exec(line)?.[1] ?? 1);
  return [{ ...base, kind: 'words', labels: [...pairs, ...common], figures: figuresIn(line, true), times }];
}

/** A line of many metrics tells its own: `name{…} first=… changed=… (…; per second: rate of a counter)`. */
function unitOfChange(line: string): MeasuredUnit | undefined {
  const name = line.includes(' changed=') ? /^[A-Za-z_:][\w:]*/.exec(line)?.[0] : undefined;
  if (name === undefined) return undefined;
  return unitOfExpression(line.includes('; per second: rate of a counter)') ? `rate(${name}[1m])` : name);
}

/** `and max by (pool) (db_pool_waiting) > 0: 10 at the start, 14 now`: another part of the rule's condition. */
function partOf(line: string): Series | undefined {
  const [, start, now] =
    /^(?:and|or|unless)\b.*: (?:([-+\d.e]+) at the start)?(?:, )?(?:([-+\d.e]+) now)?$/.exec(line) ?? [];
  const told: KeyFigure[] = [
    ...(start === undefined ? [] : [{ role: 'start' as const, value: Number(start) }]),
    ...(now === undefined ? [] : [{ role: 'last' as const, value: Number(now) }]),
  ];
  return told.length > 0 ? seriesOf(told, [], 0) : undefined;
}

function labelText(pairs: readonly LabelPair[]): string {
  return pairs.map(([, value]) => value).join(' ; ');
}
