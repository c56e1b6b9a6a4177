import { Logger } from '@nestjs/common';
import { clipped } from '../../domain/clipped';
import type { Conversation } from '../../domain/conversation';
import type { CheckedField, CheckedFigure, Report } from '../../domain/report';
import { sentTexts } from '../../domain/sent-texts';
import { allowedConfidence } from './allowed-confidence';
import { type CheckedEvidence, checkEvidence, DEAD_SOURCE } from './check-evidence';
import { checkFigures, type Grounds } from './check-figures';
import { figuresInDoubt, firstFaults } from './fault-lines';
import { anySourceIsAlive } from './living-source';
import { namedChange } from './named-change';
import { negativeClaims } from './negative-claim';
import { ordersInData } from './orders-in-data';
import type { SentTexts } from './sent-body';
import { couldNotCheck } from './unchecked';

export interface CheckedReport {
  /** With its marks, the confidence that it may keep, and what it does not admit. */
  readonly report: Report;
  /** What the model can correct, in sentences; empty: nothing is wrong with it. */
  readonly faults: readonly string[];
}

/** Of the faults: a reader sees the marks where they belong, the model is to mend each. */
const TOLD_READER = 6;
const TOLD_MODEL = 12;
/** Of one fault, characters. */
const FAULT_MAX = 300;

const log = new Logger('ReportCheck');

/**
 * Looks everything that a report says up in what the model was sent. No model is asked: code reads, and counts. Never
 * throws: a defect of the check must not cost the report.
 */
export function checkReport(report: Report, conversation: Conversation): CheckedReport {
  try {
    return lookedUp(report, conversation);
  } catch (error) {
    log.error({ msg: 'the check of a report broke', triage_id: conversation.triageId, err: error });
    return { report: notLookedUp(report), faults: [] };
  }
}

function notLookedUp(report: Report): Report {
  const { rootCause, evidence } = report;
  const claimed = rootCause.confidence;
  const isLess = claimed === 'high' || claimed === 'medium';
  return {
    ...report,
    rootCause: { ...rootCause, confidence: isLess ? 'low' : claimed },
    evidence: evidence.map((piece) => ({ ...piece, verified: 'unverified', doubts: [BROKEN] })),
    check: { figures: [], ...(isLess ? { claimedConfidence: claimed } : {}), faults: [BROKEN] },
  };
}

const BROKEN = 'Vigil could not look this report up, by a defect of its own: take nothing in it for a fact.';

function lookedUp(report: Report, conversation: Conversation): CheckedReport {
  const sent = sentTexts(conversation);
  const evidence = report.evidence.map((piece, i) => checkEvidence(piece, i, sent));
  const verified = evidence.map(({ piece }) => piece).filter(({ verified: how }) => how !== 'unverified');
  const grounds: Grounds = { sent, quotes: verified.map(({ source, quote }) => ({ handle: source, quote })) };
  const prose = [
    ...checkFigures('headline', report.headline, grounds),
    ...checkFigures('root_cause', report.rootCause.statement, grounds),
    ...checkFigures('what_is_happening', report.whatIsHappening, grounds),
  ];
  const ruledOut = report.ruledOut.flatMap((text, i) => checkFigures(`ruled_out.${i}`, text, grounds));
  const change = namedChange(report.rootCause.change, sent);
  /* the weightiest first */
  const wrong = [
    ...(change.is === 'not_recorded'
      ? [`root_cause.change: "${clipped(report.rootCause.change ?? '', 80)}": ${change.why}.`]
      : []),
    ...figureFaults(prose),
    ...evidenceFaults(evidence),
    ...absenceFaults(report, sent),
    ...figureFaults(ruledOut),
  ].map((fault) => clipped(fault, FAULT_MAX));
  const claimed = report.rootCause.confidence;
  const { confidence, why } = allowedConfidence(claimed, { verified, figures: prose, change, sent });
  const lowered = why ? [`Confidence "${claimed}" is lowered to "${confidence}": ${clipped(why, FAULT_MAX)}.`] : [];
  return {
    report: {
      ...report,
      rootCause: { ...report.rootCause, confidence },
      evidence: evidence.map(({ piece }) => piece),
      couldNotCheck: couldNotCheck(report.couldNotCheck, conversation, sent),
      flags: ordersInData(report.flags, sent),
      check: {
        figures: [...prose, ...evidence.flatMap(({ figures }) => figures), ...ruledOut],
        ...(why ? { claimedConfidence: claimed } : {}),
        ...(change.is === 'none' ? {} : { change: change.is }),
        faults: [...lowered, ...firstFaults(wrong, TOLD_READER)],
      },
    },
    faults: wrong.length > 0 ? [...firstFaults(wrong, TOLD_MODEL - lowered.length), ...lowered] : [],
  };
}

/** A line for each text that holds some. */
function figureFaults(figures: readonly CheckedFigure[]): string[] {
  return Array.from(
    Map.groupBy(figures, ({ field }) => field),
    ([field, own]) => figuresInDoubt(own).map((words) => `${NAMES[field] ?? field}: ${words}.`),
  ).flat();
}

/** As the model names them, where that is not the field's name. */
const NAMES: Readonly<Partial<Record<CheckedField, string>>> = { root_cause: 'root_cause.statement' };

/** What is said to be absent without a citation. */
function absenceFaults({ whatIsHappening, ruledOut }: Report, sent: SentTexts): string[] {
  const texts = [['what_is_happening', whatIsHappening], ...ruledOut.map((text, i) => [`ruled_out.${i}`, text])];
  return texts.flatMap(([field, text]) =>
    negativeClaims(text!)
      .filter((claim) => claim.isOfTrouble && !anySourceIsAlive(claim, sent))
      .map(({ denied }) => `${field}: "${denied}": ${DEAD_SOURCE}.`),
  );
}

/** Pieces with the same doubts share a line. */
function evidenceFaults(evidence: readonly CheckedEvidence[]): string[] {
  const doubted = evidence.flatMap(({ piece: { source, doubts } }, i) =>
    doubts ? [{ name: `evidence.${i}`, why: `(${clipped(source, 20)}): ${doubts.join(' ')}` }] : [],
  );
  return Array.from(
    Map.groupBy(doubted, ({ why }) => why),
    ([why, equal]) => `${listed(equal.map(({ name }) => name))} ${why}`,
  );
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
