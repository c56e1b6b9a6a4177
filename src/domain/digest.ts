import type { Notice } from './notice';
import type { Verdict } from './verdict';

/** What a digest tells of one message that it stands for. */
export type DigestItem = DigestedReport | { readonly kind: 'notice'; readonly notice: Notice };

export interface DigestedReport {
  readonly kind: 'report';
  readonly triageId: string;
  readonly alertName: string;
  readonly severity?: string;
  readonly verdict: Verdict;
  /** The report's headline, or the alert's own summary. */
  readonly gist?: string;
}

/** Severities that teams use, the most severe first. What is not among them stands before `info`. */
const SEVERITIES: Readonly<Record<string, number>> = { critical: 1, page: 1, error: 2, warning: 3, info: 5 };

function rank(item: DigestItem): number {
  return item.kind === 'notice' ? 0 : (SEVERITIES[item.severity?.toLowerCase() ?? ''] ?? 4);
}

/** Notices first, then the most severe; among equals the order in which they were owed. */
export function byWeight(items: readonly DigestItem[]): DigestItem[] {
  return [...items].sort((a, b) => rank(a) - rank(b));
}
