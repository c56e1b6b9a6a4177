import type { ToolResultSeen } from '../test/stand-ins/anthropic-request.ts';

/** What the opening message says of the alert. */
export interface Alert {
  readonly name: string;
  /** The service that it is on: the one that suffers, seldom the one at fault. */
  readonly service: string;
  /** Empty where the alert has no such label. */
  readonly database: string;
  /** Unix seconds. */
  readonly startsAt: number;
  /** When its condition began to hold, as the rule's section tells it; an alert is late by its `for`. RFC 3339. */
  readonly crossedAt?: string;
}

export interface ToolCall {
  readonly name: string;
  readonly input: object;
}

/** What is known at a step: the alert, and what came back for each step before it. */
export interface Trail {
  readonly alert: Alert;
  readonly results: ReadonlyMap<string, ToolResultSeen>;
}

/** One question of a walk. */
export interface Step {
  readonly name: string;
  /** Why it is asked, as the model says it before it asks. */
  readonly why: string;
  /** Undefined where what was seen so far makes the question needless. */
  readonly ask: (trail: Trail) => ToolCall | undefined;
}

export type Walk = readonly Step[];

/** How far a walk has come, and what it asks next. */
export interface Progress {
  readonly trail: Trail;
  readonly next?: { readonly why: string; readonly call: ToolCall };
}

/** Goes through the walk from its beginning: each step that asks takes the next of the results. */
export function follow(walk: Walk, alert: Alert, results: readonly ToolResultSeen[]): Progress {
  const known = new Map<string, ToolResultSeen>();
  const trail: Trail = { alert, results: known };
  for (const { name, why, ask } of walk) {
    const call = ask(trail);
    if (!call) continue;
    const result = results[known.size];
    if (!result) return { trail, next: { why, call } };
    known.set(name, result);
  }
  return { trail };
}

/** @throws Error when the opening message does not say when the alert started */
export function readAlert(opening: string): Alert {
  const label = (name: string): string => new RegExp(`^label ${name}: (.*)$`, 'm').exec(opening)?.[1] ?? '';
  const startsAt = Date.parse(/starts at: (\S+)/.exec(opening)?.[1] ?? '') / 1000;
  if (Number.isNaN(startsAt)) throw new Error('the opening message does not say when the alert started');
  const crossedAt = /^crossed[^:]*: (\S+)/m.exec(opening)?.[1];
  return { name: label('alertname'), service: label('service'), database: label('database'), startsAt, crossedAt };
}
