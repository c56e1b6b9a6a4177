import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { OUTCOMES, type Outcome, TRIAGE_STATUSES, type TriageStatus } from '../domain/triage';
import { rfc3339Ms } from '../tools/time-input';
import type { TriageFilter } from './ports/triage-reader';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const LIMIT = { message: `limit is given once, a whole number from 1 to ${MAX_LIMIT}` };
const CURSOR = { message: 'cursor is given once, as next_cursor of the answer before had it' };

const oneOf = (name: string, values: readonly string[]): { message: string } => ({
  message: `${name} is given once, one of ${values.join(', ')}`,
});
/** A Postgres text holds no NUL: a filter with one is refused here, not by the database. */
const text = (name: string): { message: string } => ({ message: `${name} is given once, a text that is not empty` });
const TEXT = /^[^\u0000]+$/;
const time = (name: string): { message: string } => ({
  message: `${name} is given once, an RFC 3339 time such as 2026-11-23T19:00:00Z (in a URL the "+" of an offset is %2B)`,
});

function readLimit({ value }: { value: unknown }): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function readTime({ value }: { value: unknown }): unknown {
  const ms = typeof value === 'string' ? rfc3339Ms(value) : undefined;
  return ms === undefined ? value : new Date(ms);
}

/**
 * What `GET /api/v1/triage` can be asked. No parameter has an example: Swagger UI would fill it in, and ask for it.
 * A parameter that is repeated is an array here, and refused like any other value.
 */
export class TriageListQuery {
  @ApiPropertyOptional({ enum: TRIAGE_STATUSES })
  @IsOptional()
  @IsIn(TRIAGE_STATUSES, oneOf('status', TRIAGE_STATUSES))
  status?: TriageStatus;

  @ApiPropertyOptional({ enum: OUTCOMES })
  @IsOptional()
  @IsIn(OUTCOMES, oneOf('outcome', OUTCOMES))
  outcome?: Outcome;

  @ApiPropertyOptional({ description: 'The label `alertname`, whole' })
  @IsOptional()
  @IsString(text('alertname'))
  @Matches(TEXT, text('alertname'))
  alertname?: string;

  @ApiPropertyOptional({ description: 'As Alertmanager sends it' })
  @IsOptional()
  @IsString(text('fingerprint'))
  @Matches(TEXT, text('fingerprint'))
  fingerprint?: string;

  @ApiPropertyOptional({ description: 'The label `severity`, whole' })
  @IsOptional()
  @IsString(text('severity'))
  @Matches(TEXT, text('severity'))
  severity?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'RFC 3339, to the millisecond: `created_at` is this moment or later',
  })
  @IsOptional()
  @Transform(readTime)
  @IsDate(time('since'))
  since?: Date;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'RFC 3339, to the millisecond, exclusive: `created_at` lies before this moment',
  })
  @IsOptional()
  @Transform(readTime)
  @IsDate(time('until'))
  until?: Date;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @Transform(readLimit)
  @IsInt(LIMIT)
  @Min(1, LIMIT)
  @Max(MAX_LIMIT, LIMIT)
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: '`next_cursor` of the answer before, with the same filters' })
  @IsOptional()
  @IsString(CURSOR)
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
