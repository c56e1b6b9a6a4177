import type { NumberFigure } from './figure';
import type { Measured } from './fits';

const measured = new WeakMap<NumberFigure, Measured>();

/** A number of a program's line with the unit that it is written with, or that its key names: `duration_ms=482`. */
export function measuredOf(written: NumberFigure, text: string): Measured {
  const known = measured.get(written) ?? readMeasured(written, text);
  measured.set(written, known);
  return known;
}

/** `size_mb`: a million bytes to some, 1,048,576 to others. */
const SIZES = { k: [1e3, 1024], m: [1e6, 1024 ** 2], g: [1e9, 1024 ** 3], t: [1e12, 1024 ** 4] } as const;

function readMeasured(written: NumberFigure, text: string): Measured {
  const { value, scales, dimension, perSeconds } = written;
  const base = { value, scales, perSeconds, written: true };
  if (dimension === 'duration') return { ...base, of: 'seconds' };
  if (dimension !== 'plain') return { ...base, of: dimension };
  const key = keyBefore(text, written.at);
  if (/(?:_ms|millis(?:econds)?|[a-z]Ms)$/.test(key)) return { ...base, keyed: true, of: 'seconds', scales: [1e-3] };
  if (/(?:seconds|_secs?|_s)$/.test(key)) return { ...base, keyed: true, of: 'seconds', scales: [1] };
  const size = /_([kmgt])i?b$|[a-z]([KMGT])i?B$/.exec(key);
  if (size) return { ...base, keyed: true, of: 'bytes', scales: SIZES[(size[1] ?? size[2]!).toLowerCase() as 'k'] };
  if (/bytes$/i.test(key)) return { ...base, keyed: true, of: 'bytes', scales: [1] };
  if (/(?:percent|pct)$/i.test(key)) return { ...base, keyed: true, of: 'percent' };
  return { ...base, of: 'plain' };
}

/** The name that a program wrote before a number: `wait_ms=`, `"active":`. */
export function keyBefore(text: string, at: number): string {
  return /([A-Za-z_]\w{0,40})["']?\s?[=:]\s?["'-]?$/.exec(text.slice(Math.max(0, at - 48), at))?.[1] ?? '';
}

/** What is left of a line without its numbers: two lines of one form tell of one thing at two times. */
export function formOf(text: string): string {
  return text.replace(/\d[\d.,:]*/g, '#');
}
