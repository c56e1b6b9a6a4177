import { Injectable } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import type { Admission } from '../domain/alert';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { admission } from './admission';
import type { AlertmanagerWebhook } from './alertmanager-webhook';
import { IntakeLedger } from './ports/intake-ledger';

/** Takes a body in: every alert of it is committed, or set aside with a named reason, when `admit` returns. */
@Injectable()
export class AlertIntake {
  constructor(
    private readonly ledger: IntakeLedger,
    private readonly config: TriageConfig,
    private readonly events: VigilEventEmitter,
  ) {}

  /** @returns one admission for each alert of the body, in its order */
  async admit(webhook: AlertmanagerWebhook, traceContext?: string): Promise<Admission[]> {
    const alerts = webhook.entries.flatMap((entry) => (entry.kind === 'alert' ? [entry.alert] : []));
    const quarantined = webhook.entries.flatMap((entry) => (entry.kind === 'unreadable' ? [entry] : []));

    const admitted = await this.ledger.admit(
      { alerts, quarantined, cooldownMs: this.config.retriageCooldownMs, traceContext },
      admission,
    );

    const inOrder = admitted.values();
    const admissions = webhook.entries.map((entry): Admission => {
      if (entry.kind === 'unreadable') {
        return { decision: 'quarantined', fingerprint: entry.fingerprint, reason: entry.reason };
      }
      return inOrder.next().value!;
    });

    this.events.emit('alerts.admitted', { decisions: admissions.map(({ decision }) => decision) });
    if (admissions.some(({ decision }) => decision === 'queued')) this.events.emit('triage.queued', {});
    return admissions;
  }
}
