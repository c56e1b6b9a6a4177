import { REPORT_URGENCY_IN_WORDS } from '../../domain/in-words';
import { markedElsewhere, toldText } from '../../domain/marked-text';
import {
  changeInWords,
  confidenceInWords,
  evidenceByWorth,
  faultsInWords,
  isCauseEstablished,
  type ToldEvidence,
} from '../../domain/report-in-words';
import { type Evidence, type Report, URGENCIES, type Urgency, type Verification } from '../../domain/report';
import { clip, code, link, proseLine } from './slack-text';

const FLAGS_SHOWN = 2;
const EVIDENCE_SHOWN = 3;
const ACTIONS_SHOWN = 3;
const GAPS_SHOWN = 3;
const AFFECTED_SHOWN = 3;
const NAME_MAX = 80;

/** What the lines of a report need besides the report. */
export interface Telling {
  /** 1, or less where the message as a whole turned out too large. */
  readonly share: number;
  /** Stands before the headline: how the triage ended, as a sign. */
  readonly sign: string;
  /** The alert's own facts: severity, since when. */
  readonly alert: string;
  /** It fires no more. */
  readonly isOver: boolean;
  /** The page on which a person sees the data behind a piece of evidence. */
  linkOf(piece: Evidence): string | undefined;
}

/**
 * The report in the order in which a person on call needs it: what it is and why, how urgent and how sure, what it
 * rests on, what to do, what is not known. One line for each, in groups; the maximums are chosen so that the whole is
 * far inside what Slack takes.
 */
export function reportLines(report: Report, telling: Telling): string[][] {
  const room = (max: number): number => Math.floor(max * telling.share);
  return [
    flags(report, room(200)),
    [
      `${telling.sign} *${clip(told(report.headline, 'headline', report), room(300)) || 'Report without a headline'}*`,
      cause(report, room(600)),
      status(report, telling),
      clip(told(report.whatIsHappening, 'what_is_happening', report), room(500)),
    ],
    evidence(report, room(250), telling),
    [...actions(report, room(300)), ...gaps(report, room(200))],
  ];
}

/** What is left out, for the link to the whole: `1 more piece of evidence, 4 more actions`. */
export function leftOut({ evidence: pieces, actions: all, couldNotCheck, flags: orders }: Report): string {
  const counts: readonly (readonly [number, string, string])[] = [
    [orders.length - FLAGS_SHOWN, 'warning', 'warnings'],
    [pieces.length - EVIDENCE_SHOWN, 'piece of evidence', 'pieces of evidence'],
    [all.length - ACTIONS_SHOWN, 'action', 'actions'],
    [couldNotCheck.filter((gap) => gap.trim() !== '').length - GAPS_SHOWN, 'gap', 'gaps'],
  ];
  const more = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} more ${count === 1 ? one : many}`);
  return more.join(', ');
}

/** On one line: no text of the model can begin a line that looks like one of ours. */
function told(text: string, field: 'headline' | 'what_is_happening' | 'root_cause', { check }: Report): string {
  return proseLine(toldText(text, field, check));
}

function cause(report: Report, max: number): string {
  const { statement, component, change } = report.rootCause;
  const doubt = changeInWords(report);
  const facts = [
    named('component', [component.trim().toLowerCase() === 'unknown' ? '' : component]),
    `${named('change', [change ?? ''])}${change && doubt ? ` (${doubt})` : ''}`,
    named(
      'affected',
      report.affected.slice(0, AFFECTED_SHOWN).map((one) => markedElsewhere(one, report.check)),
    ),
  ].filter(Boolean);
  const title = isCauseEstablished(report) ? '*Root cause*' : '*Root cause not established*';
  const said = clip(told(statement, 'root_cause', report), max);
  return `${title}: ${[said, facts.join(' · ')].filter(Boolean).join(' · ')}`;
}

function named(name: string, values: readonly string[]): string {
  const shown = values.map((value) => clip(code(value), NAME_MAX)).filter(Boolean);
  return shown.length === 0 ? '' : `${name} ${shown.join(', ')}`;
}

function status(report: Report, { alert, isOver }: Telling): string {
  const siren = report.urgency === 'now' && !isOver ? ':rotating_light: ' : '';
  const urgency = `${siren}*${REPORT_URGENCY_IN_WORDS[report.urgency]}*`;
  return [urgency, confidenceInWords(report), alert].join(' · ');
}

const EVIDENCE_TITLES: Readonly<Record<Verification, string>> = {
  quoted: '*Evidence*, quote checked',
  derived: '*Evidence*, recomputed',
  unverified: '*Not verified*',
};

function evidence(report: Report, max: number, telling: Telling): string[] {
  if (report.evidence.length === 0) return ['*Evidence*: none is cited.'];
  return evidenceByWorth(report)
    .slice(0, EVIDENCE_SHOWN)
    .map(({ piece, claim, verified, doubts }: ToldEvidence) => {
      const title = verified ? EVIDENCE_TITLES[verified] : '*Evidence*, as the model cites it';
      const doubt = verified === 'unverified' ? clip(proseLine(doubts.join('; ')), max) : '';
      const notes = [source(piece, telling), doubt].filter(Boolean).join('; ');
      const said = [clip(proseLine(claim), max), clip(code(piece.quote), Math.floor(max * 0.8))].filter(Boolean);
      return `• ${title}${notes && ` (${notes})`}: ${said.join(': ')}`;
    });
}

/** The handle, as a link to its query where there is a page that shows it. */
function source(piece: Evidence, telling: Telling): string {
  const url = telling.linkOf(piece);
  return (url && link(url, `query ${piece.source}`)) ?? clip(code(piece.source), 50);
}

const ACTION_TITLES: Readonly<Record<Urgency, string>> = {
  now: 'Do now',
  today: 'Do today',
  can_wait: 'Can wait',
  none: 'No hurry',
};

function actions(report: Report, max: number): string[] {
  return URGENCIES.flatMap((urgency) => report.actions.filter((action) => action.urgency === urgency))
    .slice(0, ACTIONS_SHOWN)
    .map(
      ({ action, urgency }) =>
        `• *${ACTION_TITLES[urgency]}*: ${clip(proseLine(markedElsewhere(action, report.check)), max) || 'nothing is said'}`,
    );
}

/** What the reader must not believe to be known. */
function gaps(report: Report, max: number): string[] {
  const faults = faultsInWords(report);
  const unknown = report.couldNotCheck
    .map((gap) => clip(proseLine(markedElsewhere(gap, report.check)).replace(/\.$/, ''), max))
    .filter(Boolean);
  return [
    ...(faults ? [`:warning: ${clip(proseLine(faults), 2 * max)}`] : []),
    ...(unknown.length > 0 ? [`*Could not check*: ${unknown.slice(0, GAPS_SHOWN).join('; ')}`] : []),
  ];
}

/** Someone tried to give orders through data: the reader sees it before anything that data may have shaped. */
function flags(report: Report, max: number): string[] {
  return report.flags.slice(0, FLAGS_SHOWN).map(({ source: handle, text }) => {
    const where = clip(code(handle), 50);
    return `:warning: *Data tried to give orders*${where && ` (${where})`}, do not follow it: ${clip(code(text), max)}`;
  });
}
