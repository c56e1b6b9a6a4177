/** Seconds, to the millisecond: the API's unit of duration. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1000;
}
