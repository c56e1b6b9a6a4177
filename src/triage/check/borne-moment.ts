import type { Verification } from '../../domain/report';
import type { Bearings } from './bearings';
import { readChangeMoment } from './change-moment';
import type { MomentFigure } from './figure';
import type { Ground } from './ground';
import { isAt } from './moments';
import type { SentLine } from './sent-line';
import type { Series, Turn } from './series';
import { shared, stemsOf } from './topics';

export interface Verdict {
  readonly verified: Verification;
  readonly how: string;
}

/** A moment with the stretch of time that a text gives it. */
export interface KnownMoment {
  readonly from: number;
  readonly to: number;
}

/**
 * A moment is borne out where it is written, or where a series of what it belongs to turns. That some sample stands at
 * it says nothing: on a grid there is one at every moment.
 */
export function borneMoment(
  moment: MomentFigure,
  bearings: Bearings,
  ground: Ground,
): (Verdict & { readonly known: KnownMoment }) | undefined {
  const written = writtenMoment(moment, bearings, ground) ?? endOfRange(moment, bearings, ground);
  if (written || isOfAlert(bearings)) return written;
  for (const text of ground.texts) {
    for (const line of text.lines) {
      if (!line.series || !ground.owns(line, text, bearings.attribution)) continue;
      if (isFullAt(moment, line, bearings, ground)) {
        return { verified: 'derived', how: `${text.handle}: its value of that time`, known: knownAt(moment) };
      }
      const turn = notableOf(line.series, bearings).find((one) =>
        endsOf(one, line.series!).some(({ from, to }) => isAt(moment, from, to)),
      );
      if (turn) return { verified: 'derived', how: `${text.handle}: its values turn there`, known: turn };
    }
  }
  return undefined;
}

/** `the pool was full at 15:39:34`: a quoted share was 1 then. */
function isFullAt(moment: MomentFigure, line: SentLine, { place }: Bearings, ground: Ground): boolean {
  if (!/\b(?:full|exhausted|saturated)\b/i.test(place.clauseText) || !ground.isQuoted(line)) return false;
  const { samples, keys } = line.series!;
  const isShare = keys.every(({ role, value }) => role !== 'max' || value === 1);
  return isShare && samples.some(({ seconds, value }) => value === 1 && isAt(moment, seconds));
}

function knownAt({ seconds }: MomentFigure): KnownMoment {
  return { from: seconds, to: seconds };
}

function writtenMoment(
  moment: MomentFigure,
  bearings: Bearings,
  ground: Ground,
): (Verdict & { readonly known: KnownMoment }) | undefined {
  const ofAlert = isOfAlert(bearings);
  for (const text of ground.texts) {
    const stamps = text.lines.filter(isStamped);
    for (const line of text.lines) {
      if (!ground.owns(line, text, bearings.attribution)) continue;
      // A change came at its moment; the alert did not.
      if (ofAlert && readChangeMoment(line.text).length > 0) continue;
      for (const { kind, at, ...written } of line.figures) {
        if (kind !== 'moment') continue;
        const { seconds, dated, precision } = written as MomentFigure;
        if (!dated || precision > moment.precision || !isAt(moment, seconds)) continue;
        if (at === 0 && !isTelling(line, { stamps, moment, bearings, ground })) continue;
        return { verified: 'quoted', how: `stands in ${text.handle}`, known: { from: seconds, to: seconds } };
      }
    }
  }
  return undefined;
}

/** `the alert began at …`: neither a change nor the turn of a series is the alert's own moment. */
function isOfAlert({ place: { clauseText } }: Bearings): boolean {
  return (
    /\balert (?:fir|beg|start|came|is firing)|\bfir(?:ed|ing|es)\b/i.test(clauseText) &&
    !/deploy|releas|roll|commit|chang|flag|config|error|fail/i.test(clauseText)
  );
}

/** `from 11:50 to 12:20`, both ends of what was asked for: the words say where was looked, not when something was. */
function endOfRange(
  moment: MomentFigure,
  { moments }: Bearings,
  { texts }: Ground,
): (Verdict & { readonly known: KnownMoment }) | undefined {
  for (const { handle, asked } of texts) {
    if (!asked || asked.from === asked.to) continue;
    const ends = [asked.from, asked.to];
    const own = ends.find((end) => isAt(moment, end));
    const whole = ends.every((end) => moments.some((one) => isAt(one, end)));
    if (own !== undefined && whole)
      return { verified: 'derived', how: `the range of ${handle}`, known: { from: own, to: own } };
  }
  return undefined;
}

function isStamped({ kind, figures }: SentLine): boolean {
  return kind === 'words' && figures[0]?.kind === 'moment' && figures[0].at === 0;
}

interface StampFacts {
  readonly stamps: readonly SentLine[];
  readonly moment: MomentFigure;
  readonly bearings: Bearings;
  readonly ground: Ground;
}

/** Up to so many log lines are told by their time alone. */
const FEW_LINES = 3;

/** Among many log lines one stands at every minute: its time tells something where the words are about that line, too. */
function isTelling(line: SentLine, { stamps, moment, bearings, ground }: StampFacts): boolean {
  if (stamps.length <= FEW_LINES || moment.precision <= 1 || ground.isQuoted(line)) return true;
  if (line === stamps[0] || line === stamps.at(-1)) return true;
  const { clauseText } = bearings.place;
  const names = clauseText.replaceAll(moment.text, ' ').match(/[\w-]{0,40}\d[\w.-]{1,40}\w/g) ?? [];
  return names.some((name) => line.text.includes(name)) || shared(bearings.clauseStems, stemsOf(line.text)) >= 2;
}

/** The turns of a series, where it begins or ends inside the range, and its extremes where the words say so. */
function notableOf(series: Series, { place }: Bearings): KnownMoment[] {
  const turns: readonly (Turn | KnownMoment)[] = series.turns;
  const words = place.clauseText;
  const wanted = /peak|highest|max/i.test(words)
    ? 'max'
    : /lowest|bottom|\bmin(?:imum)?\b/i.test(words)
      ? 'min'
      : undefined;
  const extreme = series.keys.find(({ role }) => role === wanted)?.value;
  const extremes = series.samples
    .filter(({ value }) => value === extreme)
    .map(({ seconds }) => ({ from: seconds, to: seconds }));
  return [...turns, ...extremes, ...edgesOf(series)];
}

/** A turn that takes many steps is known by its begin and its end. */
function endsOf({ from, to }: KnownMoment, { stepSeconds }: Series): KnownMoment[] {
  if (to - from <= 2 * stepSeconds) return [{ from, to }];
  return [
    { from, to: from + stepSeconds },
    { from: to - stepSeconds, to },
  ];
}

function edgesOf({ samples, stepSeconds, missing }: Series): KnownMoment[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || !missing) return [];
  const begin = missing.before ? [{ from: first.seconds - stepSeconds, to: first.seconds }] : [];
  const end = missing.behind ? [{ from: last.seconds, to: last.seconds + stepSeconds }] : [];
  return [...begin, ...end];
}
