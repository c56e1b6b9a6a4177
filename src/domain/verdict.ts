import { assertNever } from './errors';
import type { EndedBy, Triage } from './triage';

/** How a triage stands, as a person is told. Each of these looks different: a limit or an error is never a success. */
export type Verdict =
  | 'cause_found'
  | 'cause_possible'
  | 'inconclusive'
  | 'analysed'
  | 'partial'
  | 'failed'
  | 'error'
  | 'cancelled'
  | 'queued'
  | 'running'
  | 'waiting';

/** The verdict of a triage in whatever state it is. */
export function verdictOf(triage: Pick<Triage, 'status' | 'outcome' | 'report'>): Verdict {
  if (triage.status !== 'finished') return triage.status;
  switch (triage.outcome) {
    case 'complete':
      return verdictOfReport(triage.report?.rootCause.confidence);
    case 'partial':
    case 'failed':
    case 'error':
    case 'cancelled':
      return triage.outcome;
    case undefined:
      return 'error';
    default:
      return assertNever(triage.outcome);
  }
}

function verdictOfReport(confidence: 'high' | 'medium' | 'low' | 'unknown' | undefined): Verdict {
  switch (confidence) {
    case 'high':
    case 'medium':
      return 'cause_found';
    case 'low':
      return 'cause_possible';
    case 'unknown':
      return 'inconclusive';
    case undefined:
      return 'analysed';
    default:
      return assertNever(confidence);
  }
}

/** The title of each verdict: what a reader sees first. */
export const VERDICT_TITLES: Readonly<Record<Verdict, string>> = {
  cause_found: 'Cause found',
  cause_possible: 'Possible cause',
  inconclusive: 'No cause found',
  analysed: 'Analysis without a structured report',
  partial: 'Partial findings',
  failed: 'Investigation failed',
  error: 'Vigil error',
  cancelled: 'Cancelled',
  queued: 'Queued',
  running: 'Investigating',
  waiting: 'Waiting',
};

/** What ended the triage, as a sentence; undefined for the plain end, which needs no explanation. */
export function endingInWords(endedBy: EndedBy | undefined): string | undefined {
  return endedBy && ENDINGS[endedBy];
}

const ENDINGS: Readonly<Record<EndedBy, string | undefined>> = {
  answer: undefined,
  tool_budget: 'It used up its tool calls: this is what it had found by then.',
  token_budget: 'It used up its tokens: this is what it had found by then.',
  deadline: 'It ran out of time: this is what it had found by then.',
  context_full: 'The conversation outgrew what the model can read: this is what it had found by then.',
  refusal: 'The model declined to go on. Investigate by hand; the conversation shows how far it came.',
  model_unavailable: 'The model could not be reached for too long, and Vigil gave up. Investigate by hand.',
  crashed: 'The investigation crashed again and again, and Vigil gave up. Investigate by hand, and report this.',
  resolved: 'The alert resolved before the investigation began.',
};
