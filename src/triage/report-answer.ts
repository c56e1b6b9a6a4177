import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  CONFIDENCES,
  type Confidence,
  type Report,
  URGENCIES,
  type Urgency,
  VERIFICATIONS,
  type Verification,
} from '../domain/report';
import type { ListedTriage } from '../domain/triage';

const HANDLE = 'The handle of the text that shows it: `o1` … in the opening message, `r1` … for tool results';

class ListedCause {
  @ApiProperty({ description: 'The service or resource in which the fault lies' })
  component!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Revision or id of the change that caused it' })
  change!: string | null;

  @ApiProperty({ enum: CONFIDENCES })
  confidence!: Confidence;
}

class RootCause extends ListedCause {
  @ApiProperty()
  statement!: string;
}

class Evidence {
  @ApiProperty()
  claim!: string;

  @ApiProperty({ description: HANDLE })
  source!: string;

  @ApiProperty()
  quote!: string;

  @ApiPropertyOptional({
    enum: VERIFICATIONS,
    description: 'Set by code, never by the model; absent where the quote was not looked up',
  })
  verified?: Verification;
}

class Action {
  @ApiProperty()
  action!: string;

  @ApiProperty({ enum: [...URGENCIES] })
  urgency!: Urgency;
}

class Flag {
  @ApiProperty({ enum: ['instruction_in_data'], description: 'Someone tried to give orders through data' })
  kind!: 'instruction_in_data';

  @ApiProperty({ description: HANDLE })
  source!: string;

  @ApiProperty()
  text!: string;
}

/** A report as the API shows it. */
export class ReportAnswer {
  @ApiProperty()
  headline!: string;

  @ApiProperty()
  what_is_happening!: string;

  @ApiProperty({ type: RootCause })
  root_cause!: RootCause;

  @ApiProperty({ type: [String] })
  affected!: readonly string[];

  @ApiProperty({ type: [Evidence] })
  evidence!: readonly Evidence[];

  @ApiProperty({ type: [String] })
  ruled_out!: readonly string[];

  @ApiProperty({ type: [Action] })
  actions!: readonly Action[];

  @ApiProperty({ enum: [...URGENCIES], description: 'How soon somebody must act' })
  urgency!: Urgency;

  @ApiProperty({ type: [String] })
  could_not_check!: readonly string[];

  @ApiProperty({ type: [Flag] })
  flags!: readonly Flag[];
}

/** What a list shows of a report. */
export class ListedReport {
  @ApiProperty()
  headline!: string;

  @ApiProperty({ type: ListedCause })
  root_cause!: ListedCause;
}

export function reportView(report: Report): ReportAnswer {
  return {
    headline: report.headline,
    what_is_happening: report.whatIsHappening,
    root_cause: report.rootCause,
    affected: report.affected,
    evidence: report.evidence,
    ruled_out: report.ruledOut,
    actions: report.actions,
    urgency: report.urgency,
    could_not_check: report.couldNotCheck,
    flags: report.flags,
  };
}

export function listedReportView(report: NonNullable<ListedTriage['report']>): ListedReport {
  return { headline: report.headline, root_cause: report.rootCause };
}
