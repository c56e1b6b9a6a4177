import type { Labels } from '../domain/alert';
import { isScrapeLabel, isWide, type TargetLabels } from './target-labels';

/** The label sets that fit an alert best, and what all of them share with it. */
export interface Match {
  readonly shared: Labels;
  readonly sets: readonly Labels[];
}

/**
 * The sets that contradict none of these labels and share the most of them, at least one that is not wide: a namespace
 * alone names nobody. Undefined where there are none.
 */
export function bestMatch(sets: readonly Labels[], wanted: Labels): Match | undefined {
  const names = Object.keys(wanted);
  const fitting = sets.flatMap((set) => {
    if (names.some((name) => set[name] !== undefined && set[name] !== wanted[name])) return [];
    const shared = names.filter((name) => set[name] === wanted[name]);
    return shared.some((name) => !isWide(name)) ? [{ set, shared }] : [];
  });
  const most = fitting.reduce((max, { shared }) => Math.max(max, shared.length), 0);
  const best = fitting.filter(({ shared }) => shared.length === most);
  if (best.length === 0) return undefined;
  /* of two kinds of sets that share as many labels, the one with the more telling labels: they come first */
  const order = ({ shared }: { readonly shared: readonly string[] }): number =>
    shared.reduce((sum, name) => sum + names.indexOf(name), 0);
  const [first] = best.toSorted((a, b) => order(a) - order(b));
  const same = best.filter(({ shared }) => shared.join() === first!.shared.join());
  return { shared: only(wanted, first!.shared), sets: same.map(({ set }) => set) };
}

/**
 * Whom the metrics of an alert come from, and what it is about: one match where they are the same, else one each (an
 * exporter has an `up` of its own, and tells of others).
 */
export function matchesFor(sets: readonly Labels[], { all }: TargetLabels): Match[] {
  const together = bestMatch(sets, all);
  if (together) return [together];
  const names = Object.keys(all);
  const parts = [names.filter((name) => !isScrapeLabel(name)), names.filter(isScrapeLabel)];
  return parts.flatMap((part) => bestMatch(sets, only(all, part)) ?? []);
}

function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(names.map((name) => [name, labels[name]!]));
}
