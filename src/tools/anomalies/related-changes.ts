import type { Labels } from '../../domain/alert';
import type { ScoredChange } from './worker/messages';

/** A change with the labels of its series. */
export interface LabelledChange extends ScoredChange {
  readonly labels: Labels;
}

/** Changes of one metric that began together: the clearest, and the others. */
export interface RelatedChanges {
  readonly clearest: LabelledChange;
  readonly others: readonly LabelledChange[];
}

/** So many points apart, changes began together. */
const TOGETHER = 2;

/** Each for itself, where the list holds all; else those that are one thing stand together: replicas, `_sum` and `_count`. */
export function relatedChanges(changes: readonly LabelledChange[], limit: number): RelatedChanges[] {
  if (changes.length <= limit) return changes.map((clearest) => ({ clearest, others: [] }));
  const groups: { clearest: LabelledChange; others: LabelledChange[] }[] = [];
  const byThing = new Map<string, typeof groups>();
  for (const change of changes) {
    const thing = `${(change.labels.__name__ ?? '').replace(/_(?:sum|count)$/, '')} ${change.kind} ${rises(change)}`;
    const same = byThing.get(thing) ?? [];
    byThing.set(thing, same);
    const group = same.find(({ clearest }) => Math.abs(clearest.onset - change.onset) <= TOGETHER);
    if (group) {
      group.others.push(change);
      continue;
    }
    const own = { clearest: change, others: [] };
    groups.push(own);
    same.push(own);
  }
  return groups;
}

function rises({ from, to }: ScoredChange): boolean {
  return to > from;
}
