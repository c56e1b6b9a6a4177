/** What was under way outside and is not on record: a model call, a query, a post. */
export interface Loss {
  /** What it belongs to: one fault excuses one loss of each subject. */
  readonly subject: string;
  /** In words. */
  readonly what: string;
}

/** A fault that may have cost something. */
export interface Excuse<L extends Loss> {
  covers(loss: L): boolean;
}

/**
 * Gives each loss a fault of its own, no fault two losses of one subject: at most the one call in flight is repeated, per
 * crash and triage.
 * @returns the losses that are left over
 */
export function unexcused<L extends Loss>(losses: readonly L[], faults: readonly Excuse<L>[]): L[] {
  const bySubject = Map.groupBy(losses, ({ subject }) => subject);
  return [...bySubject.values()].flatMap((some) => unmatched(some, faults));
}

/** As many as possible are excused: a loss takes a fault from another one that has a choice (Kuhn). */
function unmatched<L extends Loss>(losses: readonly L[], faults: readonly Excuse<L>[]): L[] {
  const given = new Map<Excuse<L>, L>();
  const find = (loss: L, tried: Set<Excuse<L>>): boolean =>
    faults.some((fault) => {
      if (tried.has(fault) || !fault.covers(loss)) return false;
      tried.add(fault);
      const holder = given.get(fault);
      if (holder !== undefined && !find(holder, tried)) return false;
      given.set(fault, loss);
      return true;
    });
  return losses.filter((loss) => !find(loss, new Set()));
}
