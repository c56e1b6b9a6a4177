import type { Triage } from './watched-lab';

/** What the opening message of a triage says of its rule. */
export interface Opening {
  readonly text: string;
  /** From the claim of the triage until the message was recorded. */
  readonly tookMs: number;
  readonly expression: string;
  readonly startsAt: number;
  /** Unix seconds, as the next two. */
  readonly crossedAt: number;
  readonly exactToSeconds: number;
  /** The left side at the start, how it is compared, and the right side. */
  readonly atStart: readonly [left: number, operator: string, right: number];
}

export function openingOf(triage: Triage): Opening {
  const [turn] = triage.conversations[0]?.turns ?? [];
  const text = turn?.content[0]?.text ?? '';
  const one = (pattern: RegExp): RegExpExecArray => {
    const found = pattern.exec(text);
    if (!found) throw new Error(`${pattern} is not in the opening message:\n${text}`);
    return found;
  };
  const [, start, left, operator, right] = one(/^at the start \((\S+)\): (\S+) (\S+) (\S+)$/m);
  const [, crossed, exact] = one(/^crossed[^:]*: (\S+) \(exact to ([\d.]+) s\)/m);
  return {
    text,
    tookMs: Date.parse(turn!.at) - Date.parse(triage.started_at!),
    expression: one(/^expression: (.*)$/m)[1]!,
    startsAt: Date.parse(start!) / 1000,
    crossedAt: Date.parse(crossed!) / 1000,
    exactToSeconds: Number(exact),
    atStart: [Number(left), operator!, Number(right)],
  };
}
