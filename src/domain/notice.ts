import { dollarsInWords } from './in-words';

/** Something about Vigil itself that on-call must hear: at most one of each kind a UTC day, over all replicas. */
export interface Notice {
  readonly about: NoticeAbout;
  /** What happened, in a sentence or two that may be shown to anybody. */
  readonly happened: string;
  /** Triages that wait for it now. */
  readonly waiting: number;
  /** When the first of them is looked at again by itself. */
  readonly goesOnAt?: Date;
}

/** Both are reasons for which a triage waits. */
export type NoticeAbout = 'money' | 'model_unavailable';

/** What happened when the day's money is spent. */
export function moneyIsSpent(spentUsd: number, limitUsd: number): string {
  return `Of the ${dollarsInWords(limitUsd)} that max-cost-usd-per-day allows, ${dollarsInWords(spentUsd)} are spent today (UTC), and what is left does not pay for another call of the model.`;
}
