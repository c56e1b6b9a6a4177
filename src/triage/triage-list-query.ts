import { OUTCOMES, type Outcome, TRIAGE_STATUSES, type TriageStatus } from '../domain/triage';
import {
  ChoiceParameter,
  CursorParameter,
  DEFAULT_LIMIT,
  LimitParameter,
  TextParameter,
  TimeParameter,
} from '../http/list-parameters';
import type { TriageFilter } from './ports/triage-reader';

/** What `GET /api/v1/triage` can be asked. */
export class TriageListQuery {
  @ChoiceParameter('status', TRIAGE_STATUSES)
  status?: TriageStatus;

  @ChoiceParameter('outcome', OUTCOMES)
  outcome?: Outcome;

  @TextParameter('alertname', 'The label `alertname`, whole')
  alertname?: string;

  @TextParameter('fingerprint', 'As Alertmanager sends it')
  fingerprint?: string;

  @TextParameter('severity', 'The label `severity`, whole')
  severity?: string;

  @TimeParameter('since', 'RFC 3339, to the millisecond: `created_at` is this moment or later')
  since?: Date;

  @TimeParameter('until', 'RFC 3339, to the millisecond, exclusive: `created_at` lies before this moment')
  until?: Date;

  @LimitParameter()
  limit: number = DEFAULT_LIMIT;

  @CursorParameter()
  cursor?: string;
}

export function filterOf({
  status,
  outcome,
  alertname,
  fingerprint,
  severity,
  since,
  until,
}: TriageListQuery): TriageFilter {
  return { status, outcome, alertName: alertname, fingerprint, severity, since, until };
}
