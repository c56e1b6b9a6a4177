import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import type { Admission } from '../domain/alert';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { admission } from './admission';
import type { AlertmanagerWebhook } from './alertmanager-webhook';
import { IntakeLedger } from './ports/intake-ledger';

/** A log line is not the place for thousands. */
const IDS_IN_A_LINE = 20;

/** Takes a body in: every alert of it is committed, or set aside with a named reason, when `admit` returns. */
@Injectable()
export class AlertIntake {
  private readonly log = new Logger(AlertIntake.name);

  constructor(
    private readonly ledger: IntakeLedger,
    private readonly config: TriageConfig,
    private readonly events: VigilEventEmitter,
  ) {}

  /** @returns one admission for each alert of the body, in its order */
  async admit(webhook: AlertmanagerWebhook, traceContext?: string): Promise<Admission[]> {
    const alerts = webhook.entries.flatMap((entry) => (entry.kind === 'alert' ? [entry.alert] : []));
    const quarantined = webhook.entries.flatMap((entry) => (entry.kind === 'unreadable' ? [entry] : []));

    const { truncatedAlerts } = webhook;
    const { retriageCooldownMs: cooldownMs } = this.config;
    const admitted = await this.ledger.admit(
      { alerts, quarantined, cooldownMs, traceContext, truncatedAlerts },
      admission,
    );

    const inOrder = admitted.values();
    const admissions = webhook.entries.map((entry): Admission => {
      if (entry.kind === 'unreadable') {
        return { decision: 'quarantined', fingerprint: entry.fingerprint, reason: entry.reason };
      }
      return inOrder.next().value!;
    });

    this.events.emit('alerts.admitted', { decisions: admissions.map(({ decision }) => decision), truncatedAlerts });
    if (admissions.some(({ decision }) => decision === 'queued')) this.events.emit('triage.queued', {});
    this.announceCancelled(admissions);
    if (truncatedAlerts > 0) this.warnOfTruncation(truncatedAlerts, admissions);
    return admissions;
  }

  /** A triage of several firings is cancelled by the last of them that resolves, and each of a body says so. */
  private announceCancelled(admissions: readonly Admission[]): void {
    const cancelled = new Set(
      admissions.flatMap((a) => (a.decision === 'not_firing' && a.cancelled && a.triageId ? [a.triageId] : [])),
    );
    for (const triageId of cancelled) {
      this.events.emit('triage.finished', { triageId, outcome: 'cancelled', endedBy: 'resolved' });
    }
  }

  private warnOfTruncation(truncatedAlerts: number, admissions: readonly Admission[]): void {
    const queued = admissions.flatMap((a) => (a.decision === 'queued' ? [a.triageId] : []));
    this.log.warn({
      msg: 'Alertmanager cut alerts off a group (max_alerts): nobody looks at them. Set max_alerts to 0',
      truncated_alerts: truncatedAlerts,
      alerts: admissions.length,
      queued: queued.length,
      triage_ids: queued.slice(0, IDS_IN_A_LINE),
    });
  }
}
