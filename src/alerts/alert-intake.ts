import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import type { Admission } from '../domain/alert';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { admission } from './admission';
import { type AlertmanagerWebhook, readEntry, type WebhookEntry } from './alertmanager-webhook';
import { IntakeLedger, type IntakeRequest } from './ports/intake-ledger';

/** A log line is not the place for thousands. */
const IDS_IN_A_LINE = 20;

/** Alerts that are read and stored at once: single ones that come beside a large body wait for no more than these. */
const SLICE = 250;

/** Takes a body in: every alert of it is committed, or set aside with a named reason, when `admit` returns. */
@Injectable()
export class AlertIntake {
  private readonly log = new Logger(AlertIntake.name);

  constructor(
    private readonly ledger: IntakeLedger,
    private readonly config: TriageConfig,
    private readonly events: VigilEventEmitter,
  ) {}

  /**
   * Slice by slice. When one cannot be stored, those before it are, and the sender hears that the body was not: sent
   * again, they are known.
   * @returns one admission for each alert of the body, in its order
   */
  async admit({ alerts, truncatedAlerts }: AlertmanagerWebhook, traceContext?: string): Promise<Admission[]> {
    const admissions: Admission[] = [];
    try {
      for (let from = 0; from < alerts.length; from += SLICE) {
        const slice = alerts.slice(from, from + SLICE).map(readEntry);
        admissions.push(...(await this.admitSlice(slice, { traceContext, truncatedAlerts })));
      }
    } finally {
      this.announce(admissions, truncatedAlerts);
    }
    if (truncatedAlerts > 0) this.warnOfTruncation(truncatedAlerts, admissions);
    return admissions;
  }

  private async admitSlice(
    entries: readonly WebhookEntry[],
    ofBody: Pick<IntakeRequest, 'traceContext' | 'truncatedAlerts'>,
  ): Promise<Admission[]> {
    const alerts = entries.flatMap((entry) => (entry.kind === 'alert' ? [entry.alert] : []));
    const quarantined = entries.flatMap((entry) => (entry.kind === 'unreadable' ? [entry] : []));
    const { retriageCooldownMs: cooldownMs } = this.config;
    const admitted = await this.ledger.admit({ alerts, quarantined, cooldownMs, ...ofBody }, admission);

    const inOrder = admitted.values();
    return entries.map((entry): Admission => {
      if (entry.kind === 'unreadable') {
        return { decision: 'quarantined', fingerprint: entry.fingerprint, reason: entry.reason };
      }
      return inOrder.next().value!;
    });
  }

  private announce(admissions: readonly Admission[], truncatedAlerts: number): void {
    this.events.emit('alerts.admitted', { decisions: admissions.map(({ decision }) => decision), truncatedAlerts });
    if (admissions.some(({ decision }) => decision === 'queued')) this.events.emit('triage.queued', {});
    this.announceCancelled(admissions);
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
