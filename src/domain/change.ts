import type { Labels } from './alert';

export const CHANGE_KINDS = ['deploy', 'commit', 'flag', 'config', 'incident', 'other'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something that was done to the system, or happened to it from outside: what an engineer on call asks for first. */
export interface Change {
  /** Who says so: `github`, `argocd`. Together with `id` it names the change. */
  readonly source: string;
  readonly id: string;
  readonly kind: ChangeKind;
  readonly at: Date;
  readonly title: string;
  /** Absent: it belongs to none, as a commit in code that is shared. */
  readonly service?: string;
  readonly environment?: string;
  readonly author?: string;
  readonly revision?: string;
  readonly previousRevision?: string;
  /** The revisions that a deploy brings. */
  readonly commits: readonly string[];
  readonly version?: string;
  readonly files: readonly string[];
  /** Text, or a unified diff. */
  readonly details?: string;
  readonly url?: string;
  readonly labels: Labels;
}
