import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import type { Admission } from '../domain/alert';
import { AlertIntake } from './alert-intake';
import { type AdmittedBody, ApiPostAlerts } from './api-post-alerts';
import { parseAlertmanagerWebhook } from './alertmanager-webhook';

@ApiTags('alerts')
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(private readonly intake: AlertIntake) {}

  @Post()
  @HttpCode(202)
  @Access('alerts:write')
  @ApiPostAlerts()
  async post(@Body() body: unknown, @Headers('traceparent') traceContext?: string): Promise<AdmittedBody> {
    const admissions = await this.intake.admit(parseAlertmanagerWebhook(body), traceContext);
    return {
      accepted: admissions.flatMap((a) => (a.decision === 'queued' ? [a.triageId] : [])),
      alerts: admissions.map(alertBody),
    };
  }
}

function alertBody(admission: Admission): AdmittedBody['alerts'][number] {
  return {
    fingerprint: admission.fingerprint,
    decision: admission.decision,
    triage_id: 'triageId' in admission ? admission.triageId : undefined,
    reason: 'reason' in admission ? admission.reason : undefined,
  };
}
