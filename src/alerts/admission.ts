import type { AlertStatus } from '../domain/alert';
import type { Outcome, TriageStatus, WaitReason } from '../domain/triage';

/** A firing that failed is investigated again at most twice. */
const MAX_TRIES = 3;

/** What is known of one firing at the moment of its admission, read in the transaction that will store the decision. */
export interface AdmissionFacts {
  readonly status: AlertStatus;
  /** The unfinished triage of this fingerprint, whichever firing it is for. */
  readonly unfinished?: { readonly triageId: string; readonly status: TriageStatus; readonly waitReason?: WaitReason };
  /** The last finished triage of this very firing; cancelled ones do not count. */
  readonly own?: {
    readonly triageId: string;
    readonly outcome: Exclude<Outcome, 'cancelled'>;
    /** How many of this firing's triages ended so far. */
    readonly tries: number;
    /** When its cool-down ends, if it has not ended. */
    readonly coolingUntil?: Date;
  };
  /** The last report of another firing of this fingerprint that still cools down. */
  readonly recent?: { readonly triageId: string; readonly coolingUntil: Date };
}

/** What to do with one firing. */
export type Ruling =
  | { readonly ruling: 'open' }
  | { readonly ruling: 'open_later'; readonly dueAt: Date; readonly reason: string }
  | { readonly ruling: 'wait_with'; readonly triageId: string; readonly reason: string }
  | { readonly ruling: 'duplicate'; readonly triageId: string; readonly reason: string }
  | { readonly ruling: 'already_triaged'; readonly triageId: string; readonly reason: string }
  | { readonly ruling: 'not_firing' };

export type AdmissionPolicy = (facts: AdmissionFacts) => Ruling;

/** The whole policy of the intake: which firing is investigated, and when. */
export const admission: AdmissionPolicy = ({ status, unfinished, own, recent }) => {
  if (status === 'resolved') return { ruling: 'not_firing' };

  if (own && (own.outcome === 'complete' || own.outcome === 'partial')) {
    return { ruling: 'already_triaged', triageId: own.triageId, reason: 'this firing has its report' };
  }

  if (unfinished?.waitReason === 'cool_down') {
    return { ruling: 'wait_with', triageId: unfinished.triageId, reason: coolingReason(own, recent) };
  }
  if (unfinished) {
    const reason = `a triage of this alert is ${unfinished.status}`;
    return { ruling: 'duplicate', triageId: unfinished.triageId, reason };
  }

  if (own && own.tries >= MAX_TRIES) {
    const reason = `its triage failed ${own.tries} times; it is not tried again`;
    return { ruling: 'already_triaged', triageId: own.triageId, reason };
  }
  const coolingUntil = own?.coolingUntil ?? recent?.coolingUntil;
  if (coolingUntil) return { ruling: 'open_later', dueAt: coolingUntil, reason: coolingReason(own, recent) };
  return { ruling: 'open' };
};

function coolingReason(own: AdmissionFacts['own'], recent: AdmissionFacts['recent']): string {
  if (own) {
    return `its last triage ended as ${own.outcome} a short while ago (${own.triageId}); it is tried again after the cool-down`;
  }
  const former = recent ? ` (${recent.triageId})` : '';
  return `another firing of this alert was triaged a short while ago${former}; this one is due when that has cooled down`;
}
