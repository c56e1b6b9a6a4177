import type { Confidence, CheckedFigure, Evidence } from '../../domain/report';
import type { SentText } from '../../domain/sent-texts';
import { canonical } from '../engine/same-call';
import type { NamedChange } from './named-change';
import type { SentTexts } from './sent-body';

export interface Grounding {
  readonly verified: readonly Evidence[];
  readonly figures: readonly CheckedFigure[];
  readonly change: NamedChange;
  readonly sent: SentTexts;
}

/** The confidence that a report may keep; `why` it is not the one that it claims. `unknown` stays unknown. */
export function allowedConfidence(
  claimed: Confidence,
  grounding: Grounding,
): { readonly confidence: Confidence; readonly why?: string } {
  const why = claimed === 'unknown' ? undefined : whyAtMostLow(grounding);
  if (why && claimed !== 'low') return { confidence: 'low', why };
  const whyLess = claimed === 'high' ? whyAtMostMedium(grounding) : undefined;
  return whyLess ? { confidence: 'medium', why: whyLess } : { confidence: claimed };
}

function whyAtMostLow({ verified, figures, change }: Grounding): string | undefined {
  const doubtful = figures.find(
    ({ field, verified: how }) => how === 'unverified' && (field === 'headline' || field === 'root_cause'),
  );
  if (change.is === 'not_recorded' && change.invented)
    return 'the change that it blames stands nowhere in what was sent';
  if (doubtful) return `nothing that was sent bears out "${doubtful.text}", which its headline or its cause rests on`;
  return verified.length === 0 ? 'none of its evidence could be verified' : undefined;
}

function whyAtMostMedium({ verified, change, sent }: Grounding): string | undefined {
  if (change.is === 'not_recorded') return 'the change that it blames is not recorded from before the start';
  const queries = new Set(verified.map(({ source }) => askedFor(sent.get(source), source)));
  return queries.size < 2 ? 'it does not have two verified pieces of evidence from different queries' : undefined;
}

/** What was asked to get a text: the same query again is no second witness. */
function askedFor(sent: SentText | undefined, source: string): string {
  if (!sent || sent.status === undefined) return source;
  return `${sent.source} ${canonical(sent.input).replace(/\s+|\\[nrt]/g, '')}`;
}
