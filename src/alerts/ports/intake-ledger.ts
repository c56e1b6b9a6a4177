import type { Admission, Alert } from '../../domain/alert';
import type { AdmissionPolicy } from '../admission';

/** An alert that could not be read, as it came. */
export interface QuarantinedAlert {
  readonly reason: string;
  /** JSON text of the alert. */
  readonly body: string;
}

/** A body, or a slice of one that is large. */
export interface IntakeRequest {
  readonly alerts: readonly Alert[];
  readonly quarantined: readonly QuarantinedAlert[];
  readonly cooldownMs: number;
  /** W3C traceparent of the request, so that the triage can link back to it. */
  readonly traceContext?: string;
  /** Alerts that Alertmanager cut off the body: kept with the triages that it opens. Absent: none. */
  readonly truncatedAlerts?: number;
}

/** Where every alert is committed, or knowingly set aside, before the sender hears 202. */
export abstract class IntakeLedger {
  /**
   * Stores all of it in one transaction and lets `policy` decide, alert by alert, on the facts found in it.
   * @returns one admission for each of `request.alerts`, in their order
   * @throws Unavailable when nothing was stored
   */
  abstract admit(request: IntakeRequest, policy: AdmissionPolicy): Promise<Admission[]>;
}
