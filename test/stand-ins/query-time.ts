/** Times and durations as Prometheus and Loki read them in a URL and in a query. */

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** `1h30m` in seconds; undefined when it is none. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) seconds += Number(count) * UNIT_SECONDS[unit!]!;
  return seconds;
}

/** Prometheus: Unix seconds with a fraction, or RFC 3339; undefined when it is neither. */
export function unixSeconds(text: string): number | undefined {
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  const ms = rfc3339Ms(text);
  return ms === undefined ? undefined : ms / 1000;
}

/** Loki: Unix nanoseconds, Unix seconds with a fraction, or RFC 3339; undefined when it is none of them. */
export function unixNanos(text: string): bigint | undefined {
  if (/^\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * 1_000_000_000n : BigInt(text);
  if (/^\d+\.\d+$/.test(text)) return BigInt(Math.round(Number(text) * 1000)) * 1_000_000n;
  const ms = rfc3339Ms(text);
  return ms === undefined ? undefined : BigInt(ms) * 1_000_000n;
}

/** A duration, or a plain number of seconds. */
export function stepSeconds(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : durationSeconds(text);
}

function rfc3339Ms(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
