import type { JournalEntry } from '../stand-ins/anthropic.ts';
import type { SlackPost } from '../stand-ins/slack.ts';

/** What was seen from outside of one installation, and what its faults excuse. */
export interface Seen {
  /** Alerts that were answered with 2xx. */
  readonly acknowledged?: readonly AcknowledgedAlert[];
  readonly model: { readonly journal: readonly JournalEntry[]; readonly faults: readonly string[] };
  readonly slack: { readonly posts: readonly SlackPost[] };
  /** `lease-seconds` of all replicas. */
  readonly leaseSeconds: number;
  /** Answered model calls that may be missing in the record: in flight at a kill, a cut, or a database outage. */
  readonly lostAnswers?: number;
  /** Posts that may stand twice: Slack had said ok, and the process died or the database was away before that was recorded. */
  readonly repeatedPosts?: number;
  /** Secrets of the installation: in no table, model request or post. */
  readonly secrets?: readonly string[];
}

export interface AcknowledgedAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  /** What the answer said of it; with `not_firing` no triage is promised. */
  readonly decision?: string;
  /** The triage that the answer named. */
  readonly triageId?: string;
}
