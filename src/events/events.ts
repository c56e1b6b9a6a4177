import type { Admission, WebhookRefusal } from '../domain/alert';
import type { DeliveryOutcome } from '../domain/delivery';
import type { EndedBy, Outcome } from '../domain/triage';

/**
 * Everything that is announced inside one process, after it was committed. Events are doorbells: safe to miss and to
 * hear twice, because what is owed stands in Postgres. They carry ids and small facts, never the work.
 */
export interface VigilEvents {
  /** A body was stored: one decision for each of its alerts, and how many more Alertmanager had cut off. */
  'alerts.admitted': { readonly decisions: readonly Admission['decision'][]; readonly truncatedAlerts: number };
  /** A webhook request was refused: nothing of it is stored. */
  'alerts.refused': { readonly reason: WebhookRefusal };
  /** There may be a triage to claim. */
  'triage.queued': Record<string, never>;
  'triage.started': { readonly triageId: string; readonly attempt: number };
  'triage.turn-recorded': { readonly triageId: string; readonly seq: number };
  'triage.finished': { readonly triageId: string; readonly outcome: Outcome; readonly endedBy: EndedBy };
  /** How many models give answers to nobody now: none, mostly. */
  'model.outages': { readonly count: number };
  /** There may be a delivery to claim. */
  'delivery.owed': Record<string, never>;
  'delivery.attempted': { readonly channel: string; readonly outcome: DeliveryOutcome['outcome'] };
}

export type EventName = keyof VigilEvents;
