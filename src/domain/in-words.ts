import type { Confidence, Urgency } from './report';

/** How sure the report is of its cause. */
export const CONFIDENCE_IN_WORDS: Readonly<Record<Confidence, string>> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence: a hypothesis, not a finding',
  unknown: 'confidence unknown: no cause is established',
};

/** How soon somebody must act on the report as a whole. */
export const REPORT_URGENCY_IN_WORDS: Readonly<Record<Urgency, string>> = {
  now: 'Act now',
  today: 'Act today',
  can_wait: 'It can wait',
  none: 'Nobody has to act',
};

/** When an action is due. */
export const URGENCY_IN_WORDS: Readonly<Record<Urgency, string>> = {
  now: 'now',
  today: 'today',
  can_wait: 'can wait',
  none: 'no hurry',
};

/** `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationInWords(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  const minutes = Math.round(seconds / 60);
  return twoUnits([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

function twoUnits(large: readonly [number, string], small: readonly [number, string]): string {
  return small[0] === 0 ? `${large[0]} ${large[1]}` : `${large[0]} ${large[1]} ${small[0]} ${small[1]}`;
}

const COUNT = new Intl.NumberFormat('en-US');

/** `12,345 tokens`, `1 tool call`. */
export function countInWords(count: number, noun: string): string {
  return `${COUNT.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a reader of one alert of a cut group must know: the body did not hold them, so nobody looked at them. */
export function truncationInWords(truncatedAlerts: number): string {
  return `Alertmanager left out ${countInWords(truncatedAlerts, 'further alert')} of this group (max_alerts): not seen, not investigated.`;
}

/** `$0.0312` below ten cents, `$1.25` above. */
export function dollarsInWords(dollars: number): string {
  return `$${dollars.toFixed(dollars !== 0 && dollars < 0.1 ? 4 : 2)}`;
}

/** `2026-05-04 03:12:09 UTC`: readers sit in many time zones, the logs they compare with are in this one. */
export function momentInWords(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
