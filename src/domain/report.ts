/** The tool by which the model gives its report: offered from the first call, not counted as a tool call. */
export const SUBMIT_REPORT = 'submit_report';

/** The analysis that the model submits: the product. Field by field as the contract names it, in our own case. */
export const CONFIDENCES = ['high', 'medium', 'low', 'unknown'] as const;
export type Confidence = (typeof CONFIDENCES)[number];
export type Urgency = 'now' | 'today' | 'can_wait' | 'none';
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
  readonly couldNotCheck: readonly string[];
  readonly flags: readonly { readonly kind: 'instruction_in_data'; readonly source: string; readonly text: string }[];
}

export interface Evidence {
  readonly claim: string;
  /** The handle of the text that shows it. */
  readonly source: string;
  readonly quote: string;
  readonly verified?: Verification;
}
