import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import type { Admission } from '../domain/alert';
import { AlertIntake } from './alert-intake';
import { ADMITTED_EXAMPLE, WEBHOOK_EXAMPLE } from './alerts.examples';
import { parseAlertmanagerWebhook } from './alertmanager-webhook';

/** What a sender hears: which triages its body queued, and what became of each alert. */
interface AdmittedBody {
  readonly accepted: string[];
  readonly alerts: { fingerprint?: string; decision: string; triage_id?: string; reason?: string }[];
}

@ApiTags('alerts')
@Controller('api/v1/alerts')
export class AlertsController {
  constructor(private readonly intake: AlertIntake) {}

  @Post()
  @HttpCode(202)
  @Access('alerts:write')
  @ApiOperation({ summary: "Takes Alertmanager's webhook", description: 'Answers when every alert is stored.' })
  @ApiHeader({ name: 'traceparent', required: false })
  @ApiBody({ schema: { type: 'object', example: WEBHOOK_EXAMPLE } })
  @ApiResponse({ status: 202, description: 'Stored', schema: { type: 'object', example: ADMITTED_EXAMPLE } })
  @ApiResponse({ status: 400, description: 'Not a webhook body of version 4' })
  @ApiResponse({ status: 503, description: 'Could not be stored now; send it again' })
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
