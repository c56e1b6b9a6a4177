import type { SentText } from '../../domain/sent-texts';
import { ALIVE } from '../../domain/sent-texts';
import { alertStart, changesAreRecorded, isListOfChanges, linesOnChanges } from './change-lines';
import { readChangeMoment } from './change-moment';
import type { NegativeClaim } from './negative-claim';
import { hasWord, subjectsOf } from './owners';
import type { SentTexts } from './sent-body';

const HOUR_MS = 3_600_000;
/** What the opening message looks at, and what is meant where no time is named. */
const USUAL_MS = 6 * HOUR_MS;

const KINDS: readonly (readonly [kind: string, said: RegExp])[] = [
  ['deploy', /\b(?:deploy|releas|roll(?:ed|out)|version)/i],
  ['flag', /\bflag/i],
  ['config', /\bconfig/i],
  ['commit', /\bcommit/i],
];

/** Which changes a sentence says that there are none of. */
interface Denied {
  readonly kinds: readonly string[];
  /** Empty: of any. */
  readonly services: readonly string[];
  readonly sides: readonly ('before' | 'after')[];
  /** How long before the start; not said: six hours. */
  readonly spanMs?: number;
}

/** The record of changes is alive, and holds none of the kind, the service, the time and the side that are denied. */
export function changeIsAbsent({ sentence }: NegativeClaim, cited: SentText, sent: SentTexts): boolean {
  const isList = isListOfChanges(cited);
  const isSection = cited.status === undefined && cited.text.split('\n').some(isOfRecord);
  if ((!isList && !isSection) || !changesAreRecorded(sent)) return false;
  if (IS_CUT.test(cited.text)) return false;
  if (isList && revisionOf(cited) !== undefined) return revisionIsAbsent(sentence, cited);
  const denied = deniedIn(sentence, sent);
  const start = alertStart(sent);
  if (isSection && (denied.spanMs ?? 0) > USUAL_MS) return false;
  if (isList && !covers(cited, denied, { start, now: nowOf(sent) })) return false;
  const held = linesOnChanges(sent).filter((line) => isDenied(line, denied, start));
  const others = /\b(?:other|else|besides|apart|another|further)\b/i.test(sentence) ? 1 : 0;
  return new Set(held).size <= others;
}

/** Some of what there is does not stand in it. */
const IS_CUT = /^(?:not known: |not shown here, for want of room|left out, |result: .* the other lines are left out$)/m;

function isOfRecord(line: string): boolean {
  return line.startsWith(`${ALIVE}changes`) || /^- \w+, .* the start \(/.test(line) || LAST.test(line);
}

const LAST = /^(?!not known: |dead: ).*\b(?:newest|last|latest) (?:change|one|deploy)\b.*\d/;

function deniedIn(sentence: string, sent: SentTexts): Denied {
  const spanMs = spanIn(sentence);
  const isUntilNow =
    spanMs !== undefined && /\b(?:last|past|within)\b/i.test(sentence) && !/\bbefore\b/i.test(sentence);
  const after = /\b(?:after|since)\b/i.test(sentence);
  return {
    kinds: KINDS.filter(([, said]) => said.test(sentence)).map(([kind]) => kind),
    services: subjectsOf(sentence, sent),
    sides: isUntilNow ? ['before', 'after'] : after ? ['after'] : ['before'],
    spanMs,
  };
}

const COUNTS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const SPAN = new RegExp(
  `\\b(?:(\\d+(?:\\.\\d+)?|an?|the|last|past|${COUNTS.slice(1).join('|')})[ -]?)(min(?:ute)?s?|h|hrs?|hours?|d|days?|weeks?)\\b`,
  'i',
);

/** `in the last 6 h`, `the two hours before`, `that week`. Milliseconds. */
function spanIn(sentence: string): number | undefined {
  const [, count, unit] = SPAN.exec(sentence) ?? [];
  if (!count || !unit) return /\btoday\b/i.test(sentence) ? 24 * HOUR_MS : undefined;
  const known = COUNTS.indexOf(count.toLowerCase());
  const number = known >= 0 ? known : /^\d/.test(count) ? Number(count) : 1;
  const scale: Readonly<Record<string, number>> = { m: HOUR_MS / 60, h: HOUR_MS, d: 24 * HOUR_MS, w: 168 * HOUR_MS };
  return number * scale[unit[0]!.toLowerCase()]!;
}

/** Whether the list asked for all that is denied. */
function covers(
  { text, input }: SentText,
  { kinds, services, sides, spanMs = USUAL_MS }: Denied,
  { start, now }: { readonly start?: number; readonly now?: number },
): boolean {
  const asked = (input ?? {}) as { readonly service?: unknown; readonly kind?: unknown };
  if (asked.kind && !(kinds.length === 1 && kinds[0] === asked.kind)) return false;
  if (asked.service && !(services.length > 0 && services.every((name) => name === asked.service))) return false;
  const [, from = '', to = ''] = /^range: (\S+) to (\S+)$/m.exec(text) ?? [];
  if (start === undefined || from === '') return false;
  const begins = sides.includes('before') ? start - spanMs : start;
  const ends = sides.includes('after') ? (now ?? start) - HOUR_MS / 60 : start;
  return Date.parse(from) <= begins && Date.parse(to) >= ends;
}

function isDenied(line: string, { kinds, services, sides, spanMs = USUAL_MS }: Denied, start?: number): boolean {
  const [, kind, side] = /^- (\w+), .{1,60}? (before|after) the start \(/.exec(line) ?? [];
  if (!kind || !sides.some((one) => one === side)) return false;
  if (kinds.length > 0 && !kinds.includes(kind)) return false;
  const [at] = readChangeMoment(line);
  if (start !== undefined && at !== undefined && at * 1000 < start - spanMs) return false;
  const service = /, service "([^"]*)"/.exec(line)?.[1];
  return services.length === 0 || service === undefined || services.includes(service);
}

function revisionOf({ input }: SentText): string | undefined {
  const revision = (input as { readonly revision?: unknown } | null | undefined)?.revision;
  return typeof revision === 'string' && revision.trim() !== '' ? revision.trim() : undefined;
}

/** That no deploy names a revision is said in a line of ours; no more than that follows from it. */
function revisionIsAbsent(sentence: string, cited: SentText): boolean {
  const revision = revisionOf(cited)!.slice(0, 7);
  if (!sentence.split(/[^\w.-]+/).some((word) => word.startsWith(revision))) return false;
  const said = /^(?:no recorded deploy names this revision|Found nothing: no (?:change|deploy) of this revision)/m;
  return said.test(cited.text) && !hasWord(sentence, 'after');
}

/** What the opening message calls so, in Unix milliseconds. */
function nowOf(sent: SentTexts): number | undefined {
  return [...sent.values()].find(({ now }) => now)?.now?.getTime();
}
