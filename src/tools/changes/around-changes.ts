import type { Change } from '../../domain/change';
import type { ChangeQuestion, ChangeSearch } from '../ports/change-search';

/** Deploys after a commit that are told. */
const FIRST_DEPLOYS = 5;

/** What lies outside of what was asked for, and tells something about it. */
export interface Outside {
  /** The nearest before the range, and the first after it. */
  readonly last?: Change;
  readonly next?: Change;
  /** Of a commit that no deploy names: the first deploys after it. */
  readonly deploys?: DeploysAfter;
}

export interface DeploysAfter {
  readonly commit: Change;
  /** By time, the first one first. */
  readonly changes: readonly Change[];
}

/** What lies next to a range in which nothing was found. */
export async function lastAndNext(changes: ChangeSearch, asked: ChangeQuestion): Promise<Outside> {
  const { since, until } = asked;
  const [before, after] = await Promise.all([
    since && changes.nearest({ ...asked, since: undefined, until: since }, since, 1),
    until && changes.nearest({ ...asked, since: until, until: undefined }, until, 1),
  ]);
  return { last: before?.changes[0], next: after?.changes[0] };
}

/** Where no deploy says that it brings a commit, the first ones after it are those that can have brought it. */
export async function firstDeploys(changes: ChangeSearch, found: readonly Change[]): Promise<Outside> {
  if (found.some(({ kind }) => kind === 'deploy')) return {};
  const [commit] = found.filter(({ kind }) => kind === 'commit').sort((a, b) => a.at.getTime() - b.at.getTime());
  if (!commit) return {};
  const { at, service } = commit;
  const after = await changes.nearest({ kind: 'deploy', service, since: at }, at, FIRST_DEPLOYS);
  return { deploys: { commit, changes: after.changes } };
}
