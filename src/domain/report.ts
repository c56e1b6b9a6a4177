/** The tool by which the model gives its report: offered from the first call, not counted as a tool call. */
export const SUBMIT_REPORT = 'submit_report';

/** The analysis that the model submits: the product. Field by field as the contract names it, in our own case. */
export const CONFIDENCES = ['high', 'medium', 'low', 'unknown'] as const;
export type Confidence = (typeof CONFIDENCES)[number];
export const URGENCIES = ['now', 'today', 'can_wait', 'none'] as const;
/** The most pressing first. */
export type Urgency = (typeof URGENCIES)[number];
/** Set by code that looked the claim up, never by the model; absent until code has. */
export const VERIFICATIONS = ['quoted', 'derived', 'unverified'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

export interface Report {
  readonly headline: string;
  readonly whatIsHappening: string;
  readonly rootCause: {
    readonly statement: string;
    /** The service or resource in which the fault lies, not the one that suffers. */
    readonly component: string;
    /** Revision or id of the change that caused it. */
    readonly change: string | null;
    readonly confidence: Confidence;
  };
  readonly affected: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly ruledOut: readonly string[];
  readonly actions: readonly { readonly action: string; readonly urgency: Urgency }[];
  /** How soon somebody must act; where the model gives none, that of the most urgent action. */
  readonly urgency: Urgency;
  readonly couldNotCheck: readonly string[];
  readonly flags: readonly { readonly kind: 'instruction_in_data'; readonly source: string; readonly text: string }[];
  /** What code found when it looked the report up in what the model was sent; absent until code has. */
  readonly check?: ReportCheck;
}

/** How soon somebody must act on a report that does not say it: as on the most urgent of its actions. */
export function mostUrgent(actions: Report['actions']): Urgency {
  return URGENCIES.find((urgency) => actions.some((action) => action.urgency === urgency)) ?? 'none';
}

export interface Evidence {
  readonly claim: string;
  /** The handle of the text that shows it. */
  readonly source: string;
  readonly quote: string;
  readonly verified?: Verification;
  /** Why it is `unverified`, in sentences. */
  readonly doubts?: readonly string[];
}

/** Of a change that a report names: whether it is stored, was shown to the model, and came before the start. */
export const CHANGE_STANDINGS = ['recorded', 'not_recorded'] as const;

/** How the report stands against the texts that the model was sent. */
export interface ReportCheck {
  /** Every figure of the prose and of the claims, in the order of the report. */
  readonly figures: readonly CheckedFigure[];
  /** The confidence that the model claimed, where code has lowered it. */
  readonly claimedConfidence?: Confidence;
  /** Whether `rootCause.change` is a stored change that the model was shown, from before the start; absent: it names none. */
  readonly change?: (typeof CHANGE_STANDINGS)[number];
  /** What is still wrong with it, in sentences for its reader. */
  readonly faults: readonly string[];
}

/** A text of the report that is looked up; `evidence.0` is the claim of the first piece of evidence. */
export type CheckedField =
  'headline' | 'what_is_happening' | 'root_cause' | `evidence.${number}` | `ruled_out.${number}`;

/** A number, a time, a version: what the report says in figures, and whether what the model was sent bears it out. */
export interface CheckedFigure {
  readonly field: CheckedField;
  /** As it stands in that text, from its character `at` on. */
  readonly text: string;
  readonly at: number;
  readonly verified: Verification;
  /** `stands in r3`, `r3: 0.3412 as a percentage`, `stands nowhere in what was sent`. */
  readonly how: string;
}
