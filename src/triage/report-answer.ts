import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  CHANGE_STANDINGS,
  type CheckedFigure,
  CONFIDENCES,
  type Confidence,
  type Report,
  type ReportCheck,
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

  @ApiPropertyOptional({ type: [String], description: 'Why it is `unverified`, in sentences' })
  doubts?: readonly string[];
}

class Figure {
  @ApiProperty({
    type: String,
    description: 'The text it stands in: `headline`, `what_is_happening`, `root_cause`, or `evidence.0` … for a claim',
  })
  field!: CheckedFigure['field'];

  @ApiProperty({ description: 'The figure as it stands in that text: a number with its unit, a time, a version' })
  text!: string;

  @ApiProperty({ type: 'integer', description: 'The character of that text at which it begins, from 0' })
  at!: number;

  @ApiProperty({ enum: [...VERIFICATIONS] })
  verified!: Verification;

  @ApiProperty({ description: 'Where it stands, how it was recomputed, or that it stands nowhere' })
  how!: string;
}

class Check {
  @ApiProperty({ type: [Figure], description: 'Every figure of the prose and of the claims' })
  figures!: readonly Figure[];

  @ApiPropertyOptional({
    enum: CONFIDENCES,
    description: 'The confidence that the model claimed, where code has lowered it',
  })
  claimed_confidence?: Confidence;

  @ApiPropertyOptional({
    enum: CHANGE_STANDINGS,
    description:
      'Whether `root_cause.change` is a recorded change from before the start that the model was shown; absent where it names none',
  })
  change?: ReportCheck['change'];

  @ApiProperty({ type: [String], description: 'What does not hold, in sentences; empty where everything does' })
  faults!: readonly string[];
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

  @ApiPropertyOptional({
    type: Check,
    description: 'What code found when it looked the report up in what the model was sent; no model is asked for this',
  })
  check?: Check;
}

/** What a list shows of a report. */
export class ListedReport {
  @ApiProperty()
  headline!: string;

  @ApiPropertyOptional({
    type: [String],
    description:
      'Figures of the headline that nothing that was sent bears out: take it for a hypothesis. Absent: none, or not looked up',
  })
  headline_unverified?: readonly string[];

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
    ...(report.check ? { check: checkView(report.check) } : {}),
  };
}

function checkView({ figures, claimedConfidence, change, faults }: ReportCheck): Check {
  return { figures, claimed_confidence: claimedConfidence, change, faults };
}

export function listedReportView(report: NonNullable<ListedTriage['report']>): ListedReport {
  const { headline, headlineUnverified, rootCause } = report;
  return { headline, headline_unverified: headlineUnverified, root_cause: rootCause };
}
