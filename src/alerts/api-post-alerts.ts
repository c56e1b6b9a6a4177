import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
} from '@nestjs/swagger';
import type { Admission } from '../domain/alert';
import { ApiProblem } from '../http/api-problem';
import { ADMITTED_EXAMPLE, WEBHOOK_EXAMPLE } from './alerts.examples';

/** What each decision means to the sender. */
const DECISIONS: Readonly<Record<Admission['decision'], string>> = {
  queued: 'a triage was opened',
  duplicate: 'a triage of this fingerprint is unfinished',
  already_triaged: 'this firing has its report; a re-send costs nothing',
  cooling_down: 'another firing of it was triaged a short while ago; this one becomes due by itself if it still fires',
  not_firing: 'resolved: recorded, not investigated',
  quarantined: 'this alert cannot be read: kept as it came; its neighbours are not affected',
};

class WebhookAlert {
  @ApiProperty({ enum: ['firing', 'resolved'] })
  status!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels!: object;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  annotations?: object;

  @ApiPropertyOptional({ description: 'Absent: computed from the labels' })
  fingerprint?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Absent: the alert belongs to the open firing of its fingerprint, or starts now',
  })
  startsAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Counts for a resolved alert only' })
  endsAt?: string;

  @ApiPropertyOptional({ description: 'Shown, never fetched' })
  generatorURL?: string;
}

/** The body that Alertmanager posts. Fields that are not named here are tolerated, everywhere. */
class WebhookBody {
  @ApiPropertyOptional({ enum: ['4'], description: 'Absent: 4' })
  version?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Alerts that Alertmanager cut off (`max_alerts`)' })
  truncatedAlerts?: number;

  @ApiProperty({ type: [WebhookAlert], description: 'One that cannot be read is set aside, not its neighbours' })
  alerts!: WebhookAlert[];
}

class AdmittedAlert {
  @ApiPropertyOptional({ description: 'Absent where it could not be read' })
  fingerprint?: string;

  @ApiProperty({
    enum: Object.keys(DECISIONS),
    description: Object.entries(DECISIONS)
      .map(([decision, meaning]) => `- \`${decision}\`: ${meaning}`)
      .join('\n'),
  })
  decision!: Admission['decision'];

  @ApiPropertyOptional({ description: 'The triage that stands for this alert' })
  triage_id?: string;

  @ApiPropertyOptional({ description: 'Why no triage was opened' })
  reason?: string;
}

/** What a sender hears. */
export class AdmittedBody {
  @ApiProperty({ type: [String], description: 'The triages that this body queued' })
  accepted!: readonly string[];

  @ApiProperty({ type: [AdmittedAlert], description: 'What became of each alert of the body, in its order' })
  alerts!: readonly AdmittedAlert[];
}

/** The description of `POST /api/v1/alerts`. */
export function ApiPostAlerts(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: "Takes Alertmanager's webhook",
      description:
        'Answers when every alert is stored, or set aside with its reason. A body that was not stored can be sent again.',
    }),
    ApiHeader({
      name: 'traceparent',
      required: false,
      description: 'W3C Trace Context: what the triage links back to',
    }),
    ApiBody({ type: WebhookBody, examples: { alertmanager: { value: WEBHOOK_EXAMPLE } } }),
    ApiAcceptedResponse({ description: 'Stored', type: AdmittedBody, example: ADMITTED_EXAMPLE }),
    ApiProblem(400, 'Not a webhook body of version 4', {
      code: 'webhook.no_alerts',
      detail: 'The field "alerts" is not an array. Send what Alertmanager sends: {"version": "4", "alerts": […]}.',
    }),
    ApiProblem(413, 'The body is larger than `max-body-bytes`', {
      code: 'http.body_too_large',
      detail: 'The body is larger than 16777216 bytes: send less at once.',
    }),
    ApiProblem(415, 'The body is not sent as JSON', {
      code: 'http.not_json',
      detail: 'The body must be JSON: send "Content-Type: application/json".',
    }),
  );
}
