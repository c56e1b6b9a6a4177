import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { NumberFigure } from './figure';
import { agrees, fitOf } from './fits';
import type { Ground } from './ground';
import { measuredValue, type ReadText, type SentLine } from './read-sent';
import { short } from './operands';
import { isStateNamed } from './states';
import { sameTopic, topicsOf } from './topics';

const TOTAL = /\b(?:total|together|altogether|sum|combined|in all|overall)\b/i;
const PART = /\bmak\w+ up|\baccount\w* for|\bcontribut|\bcomes? from|\bof (?:all|the total|the)\b/i;

/** The sum over the series of one instant result, and what one of them makes up of it. */
export function totalsIn(figure: NumberFigure, bearings: Bearings, ground: Ground): Verdict | undefined {
  const { clauseText } = bearings.place;
  const isWhole = TOTAL.test(clauseText) || /\bof (?:the |all )?$/.test(bearings.place.before);
  const [wholes, parts] = [isWhole, figure.dimension === 'percent' && PART.test(clauseText)];
  if (!wholes && !parts) return undefined;
  for (const text of ground.texts) {
    if (!sameTopic(bearings.topics, topicsOf(text.expression))) continue;
    const members = text.lines.filter(({ series }) => series?.keys[0]?.role === 'value');
    if (members.length < 2 || text.opening) continue;
    const total = members.reduce((sum, { series }) => sum + series!.keys[0]!.value, 0);
    if (wholes && fitOf(figure, measuredValue(text.unit, total))) {
      return { verified: 'derived', how: `${text.handle}: the sum of its ${members.length} series` };
    }
    const part = parts ? members.find((line) => isPart(line, { text, figure, bearings, ground, total })) : undefined;
    if (part)
      return { verified: 'derived', how: `${text.handle}: ${short(part.series!.keys[0]!.value)} / ${short(total)}` };
  }
  return undefined;
}

/** A series that the words name, by what it belongs to or by the label that tells it apart. */
function isPart(
  line: SentLine,
  {
    text,
    figure,
    bearings,
    ground,
    total,
  }: {
    readonly text: ReadText;
    readonly figure: NumberFigure;
    readonly bearings: Bearings;
    readonly ground: Ground;
    readonly total: number;
  },
): boolean {
  const { attribution, place } = bearings;
  const named =
    attribution.options.some((entities) => entities.some(({ primary }) => primary)) ||
    isStateNamed(line, text, place.clauseText);
  return named && ground.owns(line, text, attribution) && agrees(figure, (line.series!.keys[0]!.value / total) * 100);
}
