/** Full-jitter exponential backoff: between half and all of `baseMs · 2^(attempt − 1)`, at most `capMs`. */
export function backoffMs(attempt: number, baseMs: number, capMs: number, fraction: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * fraction);
}
