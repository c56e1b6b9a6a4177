import { assertNever } from './errors';
import { isDoubtful } from './marked-text';
import type { Confidence } from './report';
import type { EndedBy, Outcome, Triage } from './triage';

/** How a triage stands, as a person is told. Each of these looks different: a limit or an error is never a success. */
export type Verdict =
  | 'cause_found'
  | 'cause_possible'
  | 'inconclusive'
  | 'analysed'
  | 'partial'
  | 'no_report'
  | 'failed'
  | 'error'
  | 'cancelled'
  | 'queued'
  | 'running'
  | 'waiting';

/** The verdict of a triage in whatever state it is. */
export function verdictOf(triage: Pick<Triage, 'status' | 'outcome' | 'report'>): Verdict {
  if (triage.status !== 'finished') return triage.status;
  const { rootCause, check } = triage.report ?? {};
  const doubtful = isDoubtful('headline', check) || isDoubtful('root_cause', check);
  return verdictWith(triage.outcome, rootCause?.confidence, doubtful);
}

/**
 * The verdict of a finished triage.
 * @param confidence that of its report, if it has one
 * @param doubtful its headline or its cause holds a figure that nothing bears out: nothing is called found by it
 */
export function verdictWith(
  outcome: Outcome | undefined,
  confidence: Confidence | undefined,
  doubtful: boolean,
): Verdict {
  switch (outcome) {
    case 'complete':
      return verdictOfReport(doubtful && confidence && confidence !== 'unknown' ? 'low' : confidence);
    case 'partial':
      return confidence ? 'partial' : 'no_report';
    case 'failed':
    case 'error':
    case 'cancelled':
      return outcome;
    case undefined:
      return 'error';
    default:
      return assertNever(outcome);
  }
}

function verdictOfReport(confidence: Confidence | undefined): Verdict {
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
  no_report: 'Ended without a report',
  failed: 'Investigation failed',
  error: 'Vigil error',
  cancelled: 'Cancelled',
  queued: 'Queued',
  running: 'Investigating',
  waiting: 'Waiting',
};

/**
 * What ended the triage, in sentences: what happened, what it means, what to do. Undefined for the plain end, which
 * needs none.
 */
export function endingInWords(endedBy: EndedBy | undefined): string | undefined {
  return endedBy && ENDINGS[endedBy];
}

const SO_FAR = 'This is what it had found by then, and not the whole picture.';
const ENDINGS: Readonly<Record<EndedBy, string | undefined>> = {
  answer: undefined,
  tool_budget: `It used up its tool calls. ${SO_FAR} A higher max-tool-calls lets it look further.`,
  token_budget: `It used up its tokens, or the length of one answer. ${SO_FAR} A higher max-input-tokens or max-output-tokens lets it look further.`,
  deadline: `It ran out of time. ${SO_FAR} A higher triage-deadline-seconds lets it look further.`,
  context_full: `The conversation outgrew what the model can read. ${SO_FAR}`,
  refusal: 'The model declined to answer. Look into the alert yourself; the conversation shows how far it came.',
  model_unavailable: 'The model could not be asked, and Vigil gave up. Look into the alert yourself.',
  crashed:
    "Vigil failed, not the model. Look into the alert yourself; Vigil's log has the error under this triage's id.",
  resolved: 'The alert resolved before the investigation began.',
};
