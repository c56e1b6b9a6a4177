import type { LogStream } from '../../test/stand-ins/loki.ts';
import type { Series } from '../../test/stand-ins/prometheus.ts';

/** When everything of a case happens: whole seconds. */
export interface Plan {
  readonly now: Date;
  /** When the fault begins. */
  readonly onset: Date;
  /** When its alert fires. */
  readonly startsAt: Date;
  /** A tenth of it in a short pass. */
  share(count: number): number;
}

/** What the backends hold while a case is run. */
export interface World {
  readonly series?: readonly Series[];
  readonly streams?: readonly LogStream[];
  /** What one path answers as `data`, whatever is asked: `/api/v1/targets`. */
  readonly prometheus?: Readonly<Record<string, unknown>>;
  /** Bodies by their path: `/api/v2/alerts`. */
  readonly alertmanager?: Readonly<Record<string, unknown>>;
  /** A body as it was captured, by its path at Prometheus or Loki. */
  readonly captured?: Readonly<Record<string, unknown>>;
  /** What was told to Vigil, as its API takes it. */
  readonly changes?: readonly object[];
}

export type Backend = 'prometheus' | 'loki' | 'alertmanager' | 'vigil';

/** Something that must stand in what the model is shown. */
export interface Fact {
  readonly name: string;
  holds(text: string): boolean;
}

/** One question of the model, and what a plain client would have put into its context for it. */
export interface ContextCase {
  readonly figure: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly world: World;
  /** The same question, asked as it stands: path and query. Their answers together are the raw ones. */
  readonly raw: readonly { readonly from: Backend; readonly path: string }[];
  readonly facts: readonly Fact[];
  /** What it should cost at most. */
  readonly targetTokens?: number;
}

/** The text stands there. */
export function says(text: string): Fact {
  return { name: text, holds: (shown) => shown.includes(text) };
}

/** All of it stands in one line. */
export function lineWith(...parts: readonly (string | Near)[]): Fact {
  const has = (line: string, part: string | Near): boolean =>
    typeof part === 'string' ? line.includes(part) : timesIn(line, part.time).some((ms) => isNear(ms, part));
  return {
    name: parts
      .map((part) => (typeof part === 'string' ? part : `its time, about ${part.time.toISOString()}`))
      .join(', '),
    holds: (shown) => shown.split('\n').some((line) => parts.every((part) => has(line, part))),
  };
}

/** A time that is told to within a few steps. */
export interface Near {
  readonly time: Date;
  readonly withinSeconds: number;
}

function isNear(ms: number, { time, withinSeconds }: Near): boolean {
  return Math.abs(ms - time.getTime()) <= withinSeconds * 1000;
}

/** Times as `2026-11-23T19:21:00Z`, or as `19:21` and `19:21:30` of the day of `day`. */
function timesIn(line: string, day: Date): number[] {
  const date = day.toISOString().slice(0, 10);
  return [...line.matchAll(/(?:(\d{4}-\d\d-\d\d)T|\b)(\d\d:\d\d)(:\d\d)?/g)].map(([, ownDate, minutes, seconds]) =>
    Date.parse(`${ownDate ?? date}T${minutes}${seconds ?? ':00'}Z`),
  );
}

/** As the tools take it. */
export function iso(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

export function minutesBefore(time: Date, minutes: number): Date {
  return new Date(time.getTime() - minutes * 60_000);
}

/** The same numbers in every run. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lower-case hex digits. */
export function hex(roll: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(roll() * 16).toString(16)).join('');
}
