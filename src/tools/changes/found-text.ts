import type { Change, ChangeKind } from '../../domain/change';
import { changeLine, whenInWords } from '../../domain/change-line';
import { type ChangeRecords, NO_CHANGE_EVER, recordsLine } from '../../domain/change-records';
import { clipped } from '../../domain/clipped';
import { countInWords } from '../../domain/in-words';
import { type ToldChange, toldChanges, wholeChange } from '../../domain/told-changes';
import { takeLines } from '../fit';
import type { ChangesFound } from '../ports/change-search';
import { formatTime } from '../time-input';
import type { ToolFinding } from '../tool';
import type { Outside } from './around-changes';

/** What was asked for, with the times as they were read. */
export interface Question {
  readonly service?: string;
  readonly kind?: ChangeKind;
  readonly revision?: string;
  /** Absent, both: of any time. */
  readonly start?: Date;
  readonly end?: Date;
}

export interface Answer {
  readonly question: Question;
  readonly found: ChangesFound;
  readonly records: ChangeRecords;
  readonly outside: Outside;
  /** How many were asked for. */
  readonly limit: number;
}

interface Frame {
  readonly startsAt: Date;
  readonly roomChars: number;
}

/** Of the title of a change that is told beside the answer. */
const TITLE_CHARS = 200;
/** For the line on what is left out. */
const FOOT_CHARS = 320;
/** Of a full result; what is beyond is not kept anyway. */
const FULL_CHARS = 3 * 1024 * 1024;

/** The answer for the model: what was asked, how many, whether the record lives, then the changes, the newest first. */
export function foundText(answer: Answer, { startsAt, roomChars }: Frame): ToolFinding {
  const { found, outside } = answer;
  const head = headOf(answer, startsAt);
  const beside = takeLines(outsideLines(outside, startsAt), roomChars / 2);
  if (found.total === 0) return { status: 'no_data', text: [...head, ...beside].join('\n') };

  const framed = [...head, ...beside].reduce((sum, line) => sum + line.length + 1, 0);
  const told = toldChanges(found.changes.map(withAskedFirst(answer.question)), startsAt, {
    maxChars: roomChars - framed - FOOT_CHARS,
    nearest: 20,
    wholeChars: 3_000,
    firstChars: 1_200,
    rest: "for the rest: read_result with this result's handle",
  });
  const lines = byTime(told).flatMap((one) => one.lines);
  const left = leftOut(answer, told, startsAt);
  const isWhole = left.length === 0 && told.every(({ whole }) => whole);
  const text = [...head, ...lines, ...left, ...beside].join('\n');
  return { status: 'ok', text, ...(isWhole ? {} : { full: fullOf(found.changes, startsAt) }) };
}

/** Of many commits that a deploy brings only the first are shown: the one that was asked for is among them. */
function withAskedFirst({ revision }: Question): (change: Change) => Change {
  if (revision === undefined) return (change) => change;
  const isAsked = (commit: string): boolean => commit.startsWith(revision) || revision.startsWith(commit);
  return (change) => ({
    ...change,
    commits: [...change.commits].sort((a, b) => Number(isAsked(b)) - Number(isAsked(a))),
  });
}

function headOf({ question, found, records }: Answer, startsAt: Date): string[] {
  const { start, end } = question;
  return [
    `query: ${askedInWords(question)}`,
    ...(start && end ? [`range: ${formatTime(start)} to ${formatTime(end)}`] : []),
    found.total === 0 ? nothing(question) : counted(question, found, startsAt),
    records.lastAt || found.total > 0 ? recordsLine(records) : NO_CHANGE_EVER,
    ...(start && end
      ? [`the range begins ${whenInWords(start, startsAt)} and ends ${whenInWords(end, startsAt)}`]
      : []),
  ];
}

function askedInWords({ service, kind, revision }: Question): string {
  const parts = [
    kind ? `kind ${kind}` : 'every change',
    service !== undefined && `service ${JSON.stringify(service)} and those without a service`,
    revision !== undefined && `revision ${JSON.stringify(revision)}`,
  ];
  return parts.filter(Boolean).join(', ');
}

function counted({ service, revision }: Question, { total, before }: ChangesFound, startsAt: Date): string {
  const which = revision === undefined ? '' : ' of this revision or bringing it';
  const sides = `${before} before the start of the alert (${formatTime(startsAt)}), ${total - before} after it`;
  const shared = service === undefined ? '' : '; those without a service are shown because they may concern any';
  return `result: changes, ${total} found${which}: ${sides}; by time, the newest first${shared}`;
}

function nothing({ service, kind, revision }: Question): string {
  const what = kind && kind !== 'other' ? `no ${kind}` : 'no change';
  const whose = service === undefined ? '' : `, neither of ${JSON.stringify(service)} nor without a service`;
  if (revision === undefined) return `Found nothing: ${what} is recorded in this range${whose}.`;
  return `Found nothing: ${what} of this revision is recorded, nor one that brings it${whose}. A hash is found by its first 7 digits or more, anything else whole.`;
}

function outsideLines({ last, next, deploys }: Outside, startsAt: Date): string[] {
  const told = (change: Change): string =>
    changeLine({ ...change, title: clipped(change.title, TITLE_CHARS), commits: [] }, startsAt);
  if (deploys) {
    const { commit, changes } = deploys;
    const whose = commit.service === undefined ? 'of any service' : `of ${JSON.stringify(commit.service)}, or of none,`;
    const none = changes.length === 0 ? 'none is recorded' : 'the first of them:';
    return [`no recorded deploy names this revision; deploys ${whose} after the commit: ${none}`, ...changes.map(told)];
  }
  return [
    ...(last ? ['the last one before this range:', told(last)] : []),
    ...(next ? ['the first one after this range:', told(next)] : []),
  ];
}

/** What was found and has no line, and where it is. */
function leftOut({ found, limit }: Answer, told: readonly ToldChange[], startsAt: Date): string[] {
  const left = found.total - told.length;
  if (left === 0) return [];
  const before = found.before - told.filter(({ change }) => change.at <= startsAt).length;
  const which = `${before} before the start, ${left - before} after it`;
  const kept = found.changes.length;
  const beyond =
    kept < found.total ? ` Beyond the limit of ${limit}: ${countInWords(found.total - kept, 'change')}.` : '';
  const full = kept > told.length ? ` read_result with this result's handle has all ${kept} that were fetched.` : '';
  return [
    `left out, the farthest from the start: ${countInWords(left, 'change')} (${which}).${full}${beyond} Else narrow start, end, service or kind.`,
  ];
}

/** The newest first. */
function byTime(told: readonly ToldChange[]): ToldChange[] {
  return [...told].sort((a, b) => b.change.at.getTime() - a.change.at.getTime());
}

/** One thing a line, the newest change first. */
function fullOf(changes: readonly Change[], startsAt: Date): string {
  let room = FULL_CHARS;
  return [...changes]
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .flatMap((change) => (room > 0 ? wholeChange(change, startsAt).filter((line) => (room -= line.length) > 0) : []))
    .join('\n');
}
