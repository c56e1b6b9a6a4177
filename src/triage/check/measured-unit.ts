/** What the values of a query are, as far as its text tells. */
export interface MeasuredUnit {
  readonly of: 'fraction' | 'percent' | 'seconds' | 'milliseconds' | 'bytes' | 'plain' | 'unix' | 'unknown';
  /** A rate's: per how many seconds it counts. */
  readonly perSeconds?: number;
}

/** Modest: what a name does not say is `unknown`, and then any unit fits that needs no conversion. */
export function unitOfExpression(expression: string): MeasuredUnit {
  const code = expression.replace(/#[^\n"]*$/gm, '').replace(/"(?:[^"\\]|\\.){0,500}"/g, '""');
  if (code.trim() === '') return { of: 'unknown' };
  const per = perSecondsOf(code);
  const divides = code.includes('/');
  if (/\b100\b\s*\*|\*\s*100\b|percent|_pct\b/i.test(code)) return { of: 'percent' };
  if (/_(?:milliseconds|millis|ms)(?:_|\b)/.test(code) && !/_ms_count\b/.test(code)) return { of: 'milliseconds' };
  if (/timestamp_seconds|start_time_seconds|_created\b/.test(code)) {
    return { of: /\btime\(\)\s*-/.test(code) ? 'seconds' : /changes|count/.test(code) ? 'plain' : 'unix' };
  }
  if (/cpu/i.test(code)) return { of: 'fraction' };
  if (/histogram_quantile|_seconds_sum\b/.test(code)) {
    return { of: /bytes/.test(code) ? 'bytes' : /seconds|latency|duration/.test(code) ? 'seconds' : 'unknown' };
  }
  if (/_bytes/.test(code)) {
    return /_bytes[^/]*\/[^/]*_bytes/.test(code) ? { of: 'fraction' } : { of: 'bytes', perSeconds: per };
  }
  if (divides || /ratio|share|utili[sz]ation/i.test(code)) return { of: 'fraction' };
  if (/_seconds(?!_count|_bucket)(?:_|\b)/.test(code) && per === undefined) return { of: 'seconds' };
  if (per !== undefined) return { of: 'plain', perSeconds: per };
  return /\bcount\b|_total\b|_count\b/.test(code) ? { of: 'plain' } : { of: 'unknown' };
}

const WINDOW = /\b(?:increase|count_over_time|delta)\b[^[]{0,500}\[(\d+)([smhd])/;

function perSecondsOf(code: string): number | undefined {
  // `rate(…) * 60` is told per minute.
  const times = Number(/\*\s{0,3}(60|3600)\s*$/.exec(code.trim())?.[1] ?? 1);
  if (/\bi?rate\b|\bbytes_rate\b/.test(code)) return times;
  const [, count, unit] = WINDOW.exec(code) ?? [];
  return count ? Number(count) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'] : undefined;
}

/** The windows that an expression names, in seconds: `[5m]`. */
export function windowsIn(expression: string): number[] {
  const scale = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
  return Array.from(expression.matchAll(/\[(\d+)([smhd])/g), ([, n, unit]) => Number(n) * scale[unit as 's']);
}
