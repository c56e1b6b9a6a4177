const SUFFIXES: readonly (readonly [size: number, suffix: string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** Three digits, in the room beside a plot: `0.343`, `1,235`, `12.3k`, `6.3e-4`. */
export function compactNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e15)) return value.toExponential(1);
  if (size >= 1000 && size < 1e4) return Math.round(value).toLocaleString('en-US');
  const [unit, suffix] = SUFFIXES.find(([least]) => size >= least) ?? [1, ''];
  const scaled = value / (suffix === 'k' ? 1000 : unit);
  return `${Number(scaled.toPrecision(3))}${suffix}`;
}

/** A moment in a span of time: with its seconds where that is short, with its day where that is long. Unix seconds. */
export function plotTime(at: number, span: { readonly from: number; readonly to: number }): string {
  const time = new Date(at * 1000);
  if (Number.isNaN(time.getTime())) return '?';
  const iso = time.toISOString();
  const seconds = span.to - span.from;
  if (seconds > 7 * 86_400) return iso.slice(5, 10);
  if (seconds > 86_400) return `${iso.slice(5, 10)} ${iso.slice(11, 16)}`;
  return seconds < 600 ? iso.slice(11, 19) : iso.slice(11, 16);
}
