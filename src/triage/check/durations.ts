import type { Bearings } from './bearings';
import type { KnownMoment, Verdict } from './borne-moment';
import { readChangeMoment } from './change-moment';
import type { MomentFigure, NumberFigure } from './figure';
import { isWithin } from './fits';
import type { Ground } from './ground';
import { betweenLines } from './line-spans';
import { windowsIn } from './measured-unit';
import type { SentLine } from './sent-line';
import { shared, stemsOf, topicsOf } from './topics';
import { formOf } from './written-number';

/**
 * A duration between two moments that the words name: two of its own sentence that are borne out; else the change, the
 * alert's start, the crossing of the threshold, the turn of a series, a log line, the end of what was looked at. `the
 * last 30 minutes` and `5-minute` are those of the query. How long something takes is no time between two moments.
 */
export function spannedBy(
  figure: NumberFigure,
  bearings: Bearings,
  ground: Ground,
  told: readonly KnownMoment[],
): Verdict | undefined {
  if (figure.dimension !== 'duration') return undefined;
  const window = windowOf(figure, bearings, ground);
  if (window) return window;
  if (!bearings.isSpan) return undefined;
  if (betweenLines(figure, bearings, ground)) return BETWEEN;
  const named = namedMoments(bearings, ground);
  const pairs =
    told.length >= 2
      ? pairsOf(told, told)
      : [...pairsOf(told, named), ...(told.length === 0 ? pairsOf(named, named) : [])];
  const lasting = /\blasted\b|\bfor\b/i.test(bearings.place.clauseText) ? episodesOf(bearings, ground) : [];
  const side = /^ ?(before|after) (?:the |its )?(?:alert|start)\b/i.exec(bearings.place.behind)?.[1];
  const found = [...pairs, ...lasting].some(([a, b]) => isOnSide(a, b, side) && isBetween(figure, a, b));
  return found ? BETWEEN : undefined;
}

const BETWEEN: Verdict = { verified: 'derived', how: 'the time between two moments of what was sent' };

/** From the first turn of a series to its second. */
function episodesOf(bearings: Bearings, ground: Ground): (readonly [KnownMoment, KnownMoment])[] {
  return ground.texts.flatMap((text) =>
    text.lines.flatMap((line) => {
      const [begin, end] = line.series?.turns ?? [];
      return begin && end && ground.owns(line, text, bearings.attribution) ? [[begin, end] as const] : [];
    }),
  );
}

/** Two of one kind are not set against each other: among many of them some two always fit. */
interface Named extends KnownMoment {
  readonly kind?: string;
}

const CHANGED =
  /deploy|releas|roll|version|revision|commit|\bchang|\bflag|config|merge|\bset\b|\bcut\b|migrat|enabled|disabled|switched/i;

/** What the words name, each kind at most a few times. */
function namedMoments(bearings: Bearings, ground: Ground): Named[] {
  const words = bearings.place.sentenceText;
  const found: Named[] = [];
  const lines = ground.texts.flatMap((text) =>
    text.lines.filter((line) => ground.owns(line, text, bearings.attribution)),
  );
  if (/\balert|\bfir(?:ed|ing|es)\b|\bstart/i.test(words)) {
    const start = /starts at: (\S+)/.exec(ground.alert?.lines.map(({ text }) => text).join('\n') ?? '')?.[1];
    if (start) found.push({ ...moment(Date.parse(start) / 1000), kind: 'alert' });
  }
  const stems = stemsOf(words);
  for (const { text } of lines) {
    const isMeant = CHANGED.test(words) || shared(stems, stemsOf(text.slice(text.lastIndexOf('": ') + 3))) > 0;
    if (isMeant) found.push(...readChangeMoment(text).map((at) => ({ ...moment(at), kind: 'change' })));
  }
  if (/cross|threshold|limit|exceed|breach|\b(?:above|below|over|under|past)\b/i.test(words)) {
    // The crossing is the alert's, whomever the sentence speaks of besides.
    const crossed = ground.texts.flatMap((text) => text.lines.filter((line) => line.text.startsWith('crossed')));
    found.push(
      ...crossed
        .flatMap(momentsOf)
        .slice(0, 1)
        .map((at) => ({ ...at, kind: 'crossed' })),
    );
  }
  // `… before the alert began` speaks of no other begin.
  const others = words.replace(/\balert (?:\w+ ){0,2}(?:began|begun|started|rose)/gi, '');
  const own = lines.flatMap(({ series }) => series?.turns ?? []);
  const turns = /error|fail/i.test(words) ? [...own, ...turnsOfErrors(ground)] : own;
  if (
    /error|fail|rise|rose|began|begun|onset|jump|climb|degrad|spik|latenc|slow|down|\bfrom\b|grew|went/i.test(others)
  ) {
    found.push(...turns.map(({ from, to }) => ({ from, to, kind: 'turn' })));
  }
  if (/\b(?:for|in|since|ago|last(?:s|ed|ing)?|now)\b/i.test(words)) {
    const ends = ground.texts.flatMap(({ asked }) => (asked ? [asked.to] : []));
    if (ends.length > 0) found.push({ ...moment(Math.max(...ends)), kind: 'now' });
    if (ground.now !== undefined && /\b(?:now|ago)\b/i.test(words)) found.push({ ...moment(ground.now), kind: 'now' });
  }
  return [...found, ...loggedMoments(lines, bearings, ground)];
}

/** Of more log lines some two are any time apart. */
const MAX_LOGGED = 6;

/** The log lines that are quoted, and those that the sentence is about: each is a moment of its own. */
function loggedMoments(lines: readonly SentLine[], { place }: Bearings, ground: Ground): Named[] {
  const stems = stemsOf(place.sentenceText);
  const logged = lines.filter(
    ({ kind, figures }) => kind === 'words' && figures[0]?.kind === 'moment' && figures[0].at === 0,
  );
  const quoted = logged.filter((line) => ground.isQuoted(line));
  if (quoted.length === 0) return [];
  const forms = new Set(quoted.map(({ text }) => formOf(text)));
  const isMeant = (line: SentLine): boolean => forms.has(formOf(line.text)) || shared(stems, stemsOf(line.text)) >= 2;
  const meant = logged.filter((line) => quoted.includes(line) || isMeant(line));
  if (meant.length > MAX_LOGGED) return [];
  const told = meant.flatMap((line) => momentsOf(line).slice(0, quoted.includes(line) ? 3 : 1));
  return told.map((at, i) => ({ ...at, kind: `line ${i}` }));
}

function momentsOf({ figures }: SentLine): KnownMoment[] {
  return figures
    .filter((one): one is MomentFigure => one.kind === 'moment' && one.dated)
    .map(({ seconds }) => moment(seconds));
}

/** `three minutes after the errors began`, said of a service that has none: the errors of the others are meant. */
function turnsOfErrors({ texts }: Ground): KnownMoment[] {
  const ofErrors = texts.filter(({ expression }) => topicsOf(expression).has('errors'));
  return ofErrors.flatMap(({ lines }) => lines.flatMap(({ series }) => series?.turns ?? []));
}

function moment(seconds: number): KnownMoment {
  return { from: seconds, to: seconds };
}

function pairsOf(some: readonly Named[], others: readonly Named[]): (readonly [Named, Named])[] {
  return some.flatMap((a) =>
    others.flatMap((b) => (a === b || (a.kind !== undefined && a.kind === b.kind) ? [] : [[a, b] as const])),
  );
}

/** `five minutes before the alert` is nothing that came after it. */
function isOnSide(a: Named, b: Named, side: string | undefined): boolean {
  const [alert, other] = a.kind === 'alert' ? [a, b] : [b, a];
  if (side === undefined || alert.kind !== 'alert') return true;
  return side.toLowerCase() === 'before' ? other.from <= alert.to : other.to >= alert.from;
}

/** A turn lies somewhere between two samples: so does the time to it. */
function isBetween(figure: NumberFigure, a: KnownMoment, b: KnownMoment): boolean {
  const [least, most] =
    a.from <= b.from ? [Math.max(0, b.from - a.to), b.to - a.from] : [Math.max(0, a.from - b.to), a.to - b.from];
  const scale = figure.scales[0]!;
  const [low, high] = [least / scale, most / scale];
  if (high <= 0) return false;
  if (figure.value >= low && figure.value <= high) return true;
  return isWithin(figure, low) || isWithin(figure, high);
}

/** `over the last 30 minutes`, `5-minute`, `per 5 min`: what was asked for is the model's own word, and true of it. */
function windowOf(figure: NumberFigure, { place }: Bearings, ground: Ground): Verdict | undefined {
  const seconds = figure.value * figure.scales[0]!;
  const fits = (asked: number): boolean => Math.abs(asked - seconds) < 1;
  const { before, behind } = place;
  if (/\b(?:last|past|over|within|in|during)(?: the)?(?: last| past)? ?$/i.test(before)) {
    const range = ground.texts.find(({ asked }) => asked && asked.to > asked.from && fits(asked.to - asked.from));
    if (range) return { verified: 'derived', how: `the range of ${range.handle}` };
  }
  const isIn = /\b(?:in|within|over|during)(?: the| these| those)?(?: last| past)? ?$/i.test(before);
  const isWindow =
    /^[\s-]*(?:windows?|rates?|average|mean|share|error)\b/i.test(behind) ||
    /\b(?:per|over|every) ?(?:the )?$/i.test(before);
  if (!isWindow && !isIn) return undefined;
  const text = ground.texts.find(({ expression }) => windowsIn(expression).some(fits));
  return text && { verified: 'derived', how: `the window of the query of ${text.handle}` };
}
