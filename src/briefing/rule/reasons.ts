import { NOT_KNOWN } from '../../domain/sent-texts';
import { oneLine } from '../../domain/one-line';

/** Longer ones take the room of what is known. Characters. */
const MAX_REASON_CHARS = 400;

/** What could not be found out, by its reason: a server that is down is told once. */
export class Reasons {
  private readonly missing = new Map<string, string[]>();

  /** @param what what is not known for this reason: `the value at the start` */
  add(what: string, reason: string): void {
    this.missing.set(reason, [...(this.missing.get(reason) ?? []), what]);
  }

  /** What was found; undefined when nothing could be, and then the reason is kept. */
  foundIn<Answer extends { readonly kind: string }>(
    what: string,
    answer: Answer | { readonly kind: 'failed'; readonly reason: string },
  ): Exclude<Answer, { readonly kind: 'failed' }> | undefined {
    if (answer.kind !== 'failed') return answer as Exclude<Answer, { readonly kind: 'failed' }>;
    this.add(what, (answer as { readonly reason: string }).reason);
    return undefined;
  }

  lines(): string[] {
    return [...this.missing].map(
      ([reason, whats]) => `${NOT_KNOWN}${whats.join(', ')}: ${oneLine(reason, MAX_REASON_CHARS)}`,
    );
  }
}
