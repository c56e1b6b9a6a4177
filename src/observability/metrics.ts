import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Admission, WebhookRefusal } from '../domain/alert';
import type { Channel, DeliveryOutcome } from '../domain/delivery';
import type { Outcome } from '../domain/triage';

/** Every value a label can take: written as records, so that a new one does not compile until it stands here too. */
export const DECISIONS: Readonly<Record<Admission['decision'], true>> = {
  queued: true,
  duplicate: true,
  already_triaged: true,
  cooling_down: true,
  not_firing: true,
  quarantined: true,
};
export const REFUSALS: Readonly<Record<WebhookRefusal, true>> = {
  unauthorized: true,
  forbidden: true,
  too_large: true,
  incomplete: true,
  not_json: true,
  bad_body: true,
  unavailable: true,
  internal: true,
};
export const OUTCOMES: Readonly<Record<Outcome, true>> = {
  complete: true,
  partial: true,
  failed: true,
  error: true,
  cancelled: true,
};
export const CHANNELS: Readonly<Record<Channel, true>> = { slack: true };
export const DELIVERY_OUTCOMES: Readonly<Record<DeliveryOutcome['outcome'], true>> = {
  delivered: true,
  retry: true,
  rejected: true,
};

export const SUBMITS_TOTAL = 'vigil_submits_total';
export const WEBHOOK_REJECTED_TOTAL = 'vigil_webhook_rejected_total';
export const ALERTS_TRUNCATED_TOTAL = 'vigil_alerts_truncated_total';
export const TRIAGES_TOTAL = 'vigil_triages_total';
export const DELIVERIES_TOTAL = 'vigil_deliveries_total';
export const LLM_BREAKER_OPEN = 'vigil_llm_breaker_open';

export const COUNTERS = [
  makeCounterProvider({
    name: SUBMITS_TOTAL,
    help: 'Alerts that were taken in, by what became of them.',
    labelNames: ['decision'],
  }),
  makeCounterProvider({
    name: WEBHOOK_REJECTED_TOTAL,
    help: 'Webhook requests that were refused whole, by why. Nothing of them is stored.',
    labelNames: ['reason'],
  }),
  makeCounterProvider({
    name: ALERTS_TRUNCATED_TOTAL,
    help: 'Alerts that Alertmanager cut off its bodies (max_alerts), as it said itself: nobody looks at them.',
  }),
  makeCounterProvider({
    name: TRIAGES_TOTAL,
    help: 'Triages that this process finished, by how they ended.',
    labelNames: ['outcome'],
  }),
  makeCounterProvider({
    name: DELIVERIES_TOTAL,
    help: 'Attempts to deliver a message, by channel and result.',
    labelNames: ['channel', 'outcome'],
  }),
];

export const GAUGES = [
  makeGaugeProvider({
    name: LLM_BREAKER_OPEN,
    help: '1 while this process gets no answer from the model and its triages wait for it; else 0.',
  }),
];
