import { CONFIDENCE_IN_WORDS, URGENCY_IN_WORDS } from '../../domain/in-words';
import { type Evidence, type Report, URGENCIES, type Verification } from '../../domain/report';
import { section, type SlackBlock } from './slack-blocks';
import { clip, code, prose, proseLine } from './slack-text';

const EVIDENCE_SHOWN = 3;
const ACTIONS_SHOWN = 5;
const OTHERS_SHOWN = 4;

/**
 * The report in the order in which a person on call needs it: what it is, why, what to do, what it rests on, what is
 * not known. The maximums below are chosen so that the whole is far inside what Slack takes.
 *
 * @param share 1, or less where the message as a whole turned out too large
 */
export function reportBlocks(report: Report, share: number): SlackBlock[] {
  const room = (max: number): number => Math.floor(max * share);
  return [
    ...section(flags(report, room(300))),
    ...section(summary(report, room(600)), room(2_000)),
    ...section(cause(report, room(1_200)), room(2_000)),
    ...section(titled('What to do', actions(report, room(300)))),
    ...section(titled('Evidence', evidence(report, room(400)))),
    ...section(titled('Could not check', list(report.couldNotCheck, OTHERS_SHOWN, room(200)))),
  ];
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`*${title}*`, ...lines].join('\n');
}

function summary(report: Report, headlineMax: number): string {
  const headline = clip(proseLine(report.headline), headlineMax);
  return [headline && `*${headline}*`, prose(report.whatIsHappening)].filter(Boolean).join('\n');
}

function cause(report: Report, statementMax: number): string {
  const { statement, component, change, confidence } = report.rootCause;
  const established = confidence === 'high' || confidence === 'medium';
  return [
    `*${established ? 'Root cause' : 'Root cause not established'}* (${CONFIDENCE_IN_WORDS[confidence]})`,
    clip(prose(statement), statementMax),
    named('Component', [component]),
    named('Change', [change ?? '']),
    named('Affected', report.affected.slice(0, OTHERS_SHOWN)),
  ]
    .filter(Boolean)
    .join('\n');
}

function named(name: string, values: readonly string[]): string {
  const shown = values.map((value) => clip(code(value), 80)).filter(Boolean);
  return shown.length === 0 ? '' : `${name}: ${shown.join(', ')}`;
}

function actions(report: Report, max: number): string[] {
  const byUrgency = URGENCIES.flatMap((urgency) => report.actions.filter((action) => action.urgency === urgency));
  const lines = byUrgency
    .slice(0, ACTIONS_SHOWN)
    .map(({ action, urgency }) => `• *${URGENCY_IN_WORDS[urgency]}*: ${clip(proseLine(action), max)}`);
  return [...lines, ...more(byUrgency.length - lines.length)];
}

const VERIFICATION_IN_WORDS: Readonly<Record<Verification, string>> = {
  quoted: 'quote checked',
  derived: 'recomputed',
  unverified: 'not verified',
};

/** What code could not verify is shown only where nothing better is left. */
function evidence(report: Report, max: number): string[] {
  const doubtful = (piece: Evidence): boolean => piece.verified === 'unverified';
  const best = [...report.evidence.filter((piece) => !doubtful(piece)), ...report.evidence.filter(doubtful)];
  const lines = best.slice(0, EVIDENCE_SHOWN).flatMap((piece) => {
    const notes = [clip(code(piece.source), 50), piece.verified ? VERIFICATION_IN_WORDS[piece.verified] : ''].filter(
      Boolean,
    );
    const quote = clip(code(piece.quote), max);
    return [
      `• ${clip(proseLine(piece.claim), max)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
      ...(quote ? [quote] : []),
    ];
  });
  return [...lines, ...more(best.length - EVIDENCE_SHOWN)];
}

/** Someone tried to give orders through data: the reader sees it before anything that data may have shaped. */
function flags(report: Report, max: number): string {
  const lines = report.flags.slice(0, OTHERS_SHOWN).map(({ source, text }) => {
    const where = clip(code(source), 50);
    return `:warning: *Data tried to give orders*${where && ` (${where})`}: ${clip(code(text), max)}`;
  });
  return [...lines, ...more(report.flags.length - lines.length)].join('\n');
}

function list(items: readonly string[], shown: number, max: number): string[] {
  const lines = items.slice(0, shown).map((item) => `• ${clip(proseLine(item), max)}`);
  return [...lines, ...more(items.length - lines.length)];
}

function more(count: number): string[] {
  return count > 0 ? [`• and ${count} more: see the whole report`] : [];
}
