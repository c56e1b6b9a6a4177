import { CONFIDENCE_IN_WORDS, countInWords } from './in-words';
import { isDoubtful, markedElsewhere, markedText } from './marked-text';
import type { Evidence, Report, ReportCheck, Verification } from './report';

/** A piece of evidence as a reader is told it. */
export interface ToldEvidence {
  readonly piece: Evidence;
  /** Under which its figures are checked. */
  readonly field: `evidence.${number}`;
  /** The claim, with a mark behind each figure that nothing bears out. */
  readonly claim: string;
  /** Absent: no code has looked. */
  readonly verified?: Verification;
  /** Why it is `unverified`, as far as that is known. */
  readonly doubts: readonly string[];
}

/** What code has verified first: the rest is shown only where nothing better is left. */
export function evidenceByWorth({ evidence, check }: Report): ToldEvidence[] {
  const told = evidence.map((piece, i) => toldEvidence(piece, i, check));
  const unverified = ({ verified }: ToldEvidence): boolean => verified === 'unverified';
  return [...told.filter((one) => !unverified(one)), ...told.filter(unverified)];
}

/** A quote can stand where it is said to stand, beside a claim with an invented figure. */
function toldEvidence(piece: Evidence, i: number, check: ReportCheck | undefined): ToldEvidence {
  const field = `evidence.${i}` as const;
  const claim = markedText(piece.claim, field, check);
  const doubts = (piece.doubts ?? []).map(asPhrase);
  if (!isDoubtful(field, check)) return { piece, field, claim, verified: piece.verified, doubts };
  const figures = check!.figures.filter((figure) => figure.field === field && figure.verified === 'unverified');
  return {
    piece,
    field,
    claim,
    verified: 'unverified',
    doubts: doubts.length > 0 ? doubts : figures.map(({ text, how }) => `${text} ${how}`),
  };
}

/** A sentence in the middle of another: `Its quote does not stand in r1.` as `its quote does not stand in r1`. */
function asPhrase(sentence: string): string {
  return sentence.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** `high confidence`, or what code has made of it: `medium confidence (Vigil lowered it from high: …)`. */
export function confidenceInWords(report: Report): string {
  const { confidence } = report.rootCause;
  const claimed = report.check?.claimedConfidence;
  if (!claimed || claimed === confidence) return CONFIDENCE_IN_WORDS[confidence];
  return `${CONFIDENCE_IN_WORDS[confidence]} (Vigil lowered it from ${claimed}: ${whyLowered(report)})`;
}

/** How code tells of a confidence that it has lowered, among the faults: `Confidence "high" is lowered to "low": why.` */
const LOWERED = /^Confidence "\w+" is lowered to "\w+": (.+?)\.?$/s;

/** Why code has lowered the confidence: the reason that it gave; without one, what the evidence shows of it. */
export function whyLowered(report: Report): string {
  const [given] = (report.check?.faults ?? []).flatMap((fault) => LOWERED.exec(fault)?.[1] ?? []);
  if (given !== undefined) return given;
  const verified = evidenceByWorth(report).filter(isVerified);
  if (report.evidence.length === 0) return 'no evidence is cited';
  if (verified.length === 0) return 'none of its evidence is verified';
  if (verified.length === 1)
    return `only 1 of ${countInWords(report.evidence.length, 'piece')} of evidence is verified`;
  return 'not all of it is borne out by what was sent';
}

function isVerified({ verified }: ToldEvidence): boolean {
  return verified === 'quoted' || verified === 'derived';
}

/** Whether the reader may take the cause for found: its confidence says so, and no figure in it is in doubt. */
export function isCauseEstablished({ rootCause, check }: Report): boolean {
  const { confidence } = rootCause;
  return (confidence === 'high' || confidence === 'medium') && !isDoubtful('root_cause', check);
}

/** What a reader must know of the change that is named; empty when there is nothing to say. */
export function changeInWords({ check }: Report): string {
  return check?.change === 'not_recorded' ? 'not among the recorded changes' : '';
}

/** What is still wrong with the report, in one line; the weightiest is the first that code has named. */
export function faultsInWords(report: Report): string {
  const [first, ...others] = faultsOf(report);
  if (first === undefined) return '';
  return others.length === 0
    ? `Vigil found a fault in this report: ${first}`
    : `Vigil found ${others.length + 1} faults in this report; the first: ${first}`;
}

/** What is still wrong, without what `confidenceInWords` tells. */
export function faultsOf({ check }: Report): string[] {
  return (check?.faults ?? []).filter((fault) => !LOWERED.test(fault)).map(forReaders);
}

/** What is ruled out, with marks. */
export function ruledOutInWords({ ruledOut, check }: Report): string[] {
  const doubtful = (check?.figures ?? []).filter(({ verified }) => verified === 'unverified');
  return ruledOut.map((text, i) => {
    const own = doubtful.filter(({ field }) => field === `ruled_out.${i}`).map((figure) => figure.text);
    return markedElsewhere(text, check, own);
  });
}

/** Those of them that name no figure: figures in doubt are marked where they stand, or listed. */
export function otherFaultsOf(report: Report): string[] {
  return faultsOf(report).filter((fault) => !FIGURES_IN_DOUBT.test(fault));
}

const FIGURES_IN_DOUBT = /^[^:\n]{1,60}: "[^\n]*" stands? nowhere in what was sent\.$/;

/** How faults name the parts of a report for the model, and what a reader calls them: nobody else counts from zero. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^headline: /, 'The headline: '],
  [/^what_is_happening: /, 'What is happening: '],
  [/^root_cause\.statement: /, 'The root cause: '],
  [/^root_cause\.change: /, 'The change: '],
  [/^ruled_out\.\d+: /, 'What is ruled out: '],
  [/^evidence\.\d+[^(\n]{0,80}\(([^)\n]{1,40})\): /, 'Evidence from $1: '],
  [/^evidence\.\d+[^(\n]{0,80}\([^\n]{0,300}?\): /, 'Evidence: '],
];

function forReaders(fault: string): string {
  const [part, words] = PARTS.find(([name]) => name.test(fault)) ?? [];
  return part && words !== undefined ? fault.replace(part, words) : fault;
}

/** How much of the report stands in what the model was sent: one sentence for the figures, one for the evidence. */
export function checkInWords(report: Report): string[] {
  const { evidence, check } = report;
  if (!check) return [];
  const borne = check.figures.filter(({ verified }) => verified !== 'unverified').length;
  const shown = evidenceByWorth(report).filter(isVerified).length;
  return [
    check.figures.length === 0
      ? 'The text holds no figures.'
      : `Figures that stand in what the model was sent, or were recomputed from it: ${borne} of ${check.figures.length}.`,
    ...(evidence.length > 0 ? [`Pieces of evidence that were verified: ${shown} of ${evidence.length}.`] : []),
  ];
}
