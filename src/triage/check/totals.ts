import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { NumberFigure } from './figure';
import { agrees, fitOf } from './fits';
import type { Ground } from './ground';
import { measuredValue, type ReadText, type SentLine } from './sent-line';
import { short } from './operands';
import { isStateNamed } from './states';
import { sameTopic, topicsOf } from './topics';

const TOTAL = /\b(?:total|together|altogether|sum|combined|in all|overall)\b/i;
const PART =
  /\berror (?:ratio|share|rate)|\bshare of (?:errors|failures)|\bmak\w+ up|\baccount\w* for|\bcontribut|\bcomes? from|\bof (?:all|the total|the|its|their)\b/i;
const OWN = /\bof (?:its|their)\b/i;

/** The sum over the series of one result as they stand (of one that leaves series out nobody knows it), and what those that the words name make up of it. */
export function totalsIn(figure: NumberFigure, bearings: Bearings, ground: Ground): Verdict | undefined {
  const { clauseText, before } = bearings.place;
  const wholes = TOTAL.test(clauseText) || /\bof (?:its |the |all )?$/i.test(before) || isLargeCount(figure);
  const parts = figure.dimension === 'percent' && PART.test(clauseText);
  if (!wholes && !parts) return undefined;
  for (const text of ground.texts) {
    if (text.opening || text.unit.of === 'fraction' || text.unit.of === 'percent') continue;
    if (!isTopic(text, bearings) || text.lines.some(({ others }) => others && others.each !== 0)) continue;
    for (const members of groupsOf(text, bearings, ground)) {
      const total = sumOf(members);
      if (wholes && fitOf(figure, measuredValue(text.unit, total))) {
        return { verified: 'derived', how: `${text.handle}: the sum of its ${members.length} series` };
      }
      const part = parts ? sumOf(members.filter((line) => isPart(line, text, bearings, ground))) : 0;
      if (part > 0 && agrees(figure, (part / total) * 100)) {
        return { verified: 'derived', how: `${text.handle}: ${short(part)} / ${short(total)}` };
      }
    }
  }
  return undefined;
}

/** So large a whole number that no sum meets it by chance. */
function isLargeCount({ bare, value, leeway }: NumberFigure): boolean {
  return bare && leeway === 'exact' && value >= 1000 && value % 100 !== 0;
}

/** The series of what the words name, else all: `5 of 6 instances of payments` are none of checkout. */
function groupsOf(text: ReadText, { attribution, place }: Bearings, ground: Ground): SentLine[][] {
  const all = text.lines.filter((line) => lastOf(line) !== undefined);
  const options = attribution.options.map((entities) => entities.filter(({ primary }) => primary));
  const own = all.filter((line) => ground.owns(line, text, { options, clause: '', sentence: '' }));
  // `of its requests`: what others have is no part of that.
  const groups = OWN.test(place.clauseText) ? [own] : [own, all];
  return groups.filter(({ length }) => length > 1);
}

/** A result by status tells of requests and of errors. */
function isTopic({ expression, lines }: ReadText, { topics }: Bearings): boolean {
  return sameTopic(topics, topicsOf(expression)) || (topics.has('errors') && lines.some(isError));
}

function isError({ labels }: SentLine): boolean {
  return labels.some(([name, value]) => /status|code/i.test(name) && /^5(?:\d\d|xx)$/.test(value));
}

function sumOf(lines: readonly SentLine[]): number {
  return lines.reduce((sum, line) => sum + (lastOf(line) ?? 0), 0);
}

function lastOf({ series }: SentLine): number | undefined {
  return series?.keys.find(({ role }) => role === 'value' || role === 'last')?.value;
}

/** A series that the words name, by what it belongs to, by the label that tells it apart, or as one of errors. */
function isPart(line: SentLine, text: ReadText, { attribution, place, topics }: Bearings, ground: Ground): boolean {
  const named = attribution.options.some((entities) => entities.some(({ primary }) => primary));
  // Where a result tells errors from answers, what failed is none but the errors.
  if (topics.has('errors') && text.lines.some(isError)) {
    return isError(line) && (!named || ground.owns(line, text, { ...attribution, clause: '', sentence: '' }));
  }
  return (named || isStateNamed(line, text, place.clauseText)) && ground.owns(line, text, attribution);
}
