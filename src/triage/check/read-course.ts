import { bracePairs, type LabelPair } from './labels';
import { type MeasuredUnit, unitOfExpression } from './measured-unit';
import { type KeyFigure, type Role, type Sample, type Series, seriesOf, type TextGrid, valuesIn } from './series';

/** What the section on the alert's rule tells of its expression: the values over time, and against what they count. */
export interface Course {
  readonly series: Series;
  /** The lines that it was read from. */
  readonly text: string;
  readonly labels: readonly LabelPair[];
  readonly query: string;
  readonly unit: MeasuredUnit;
  /** Of the comparison, in the unit of the expression. */
  readonly limit?: number;
}

const STANDS = /^(at the start|now)(?: \((\S+)\))?: ([-+\d.e]+)(?:,? (?:not )?(?:>=|<=|==|!=|>|<) ([-+\d.e]+))?/;
const BEFORE = /^before: median ([-+\d.e]+), from ([-+\d.e]+) to ([-+\d.e]+),/;
const LARGEST = /^since then: (largest|smallest) ([-+\d.e]+) (?:at (\S+)|now)/;
const VALUES = /^values: (?:\[|[-+\d.e]+ at each of)/;
const COMPARED = /^compared: .* (?:>=|<=|==|!=|>|<) (?:.* = )?([-+\d.e]+)$/;

/**
 * Reads the course of a section, if it has one.
 * @param now what the section calls so
 */
export function readCourse(lines: readonly string[], grid: TextGrid | undefined, now?: Date): Course | undefined {
  const query = lines.find((line) => line.startsWith('query: '))?.slice('query: '.length);
  if (query === undefined) return undefined;
  const keys: KeyFigure[] = [];
  const samples: Sample[] = [];
  let limit: number | undefined;
  const told: string[] = [];
  const add = (value: string, role: Role, at?: string | Date): void => {
    keys.push({ role, value: Number(value) });
    if (at) samples.push({ seconds: new Date(at).getTime() / 1000, value: Number(value) });
  };
  for (const line of lines) {
    const [, when, at, value, other] = STANDS.exec(line) ?? [];
    if (value) add(value, when === 'now' ? 'last' : 'start', at ?? now);
    if (other) limit ??= Number(other);
    const [, median, least, most] = BEFORE.exec(line) ?? [];
    if (median) [median, least!, most!].forEach((one) => add(one, 'before'));
    const [, which, extreme, then] = LARGEST.exec(line) ?? [];
    if (extreme) add(extreme, which === 'largest' ? 'max' : 'min', then ?? now);
    limit ??= numberOf(COMPARED.exec(line)?.[1]);
    if (value || median || extreme || VALUES.test(line)) told.push(line);
  }
  const row = lines.find((line) => VALUES.test(line));
  const all = [...(row ? valuesIn(row, grid) : []), ...samples].filter(({ value }) => Number.isFinite(value));
  if (all.length === 0 && keys.length === 0) return undefined;
  const labels = lines.filter((line) => line.startsWith('series: ')).flatMap(bracePairs);
  const series = seriesOf(
    keys,
    all.toSorted((a, b) => a.seconds - b.seconds),
    grid?.stepSeconds ?? 0,
  );
  return { series, text: told.join('\n'), labels, query, unit: unitOfExpression(query), limit };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !Number.isFinite(Number(text)) ? undefined : Number(text);
}
