import type { Bearings } from './bearings';
import type { ReadText, SentLine } from './sent-line';
import { sameTopic, shared, stemsOf, topicsOf } from './topics';

/** Of the topic of the words; or by what tells it apart: the status that they name, the words of another condition. */
export function isMeasured({ topics, place, clauseStems }: Bearings, line: SentLine, text: ReadText): boolean {
  if (line.unit) return shared(clauseStems, stemsOf(line.text)) > 0 || sameTopic(topics, topicsOf(line.text));
  const numbers = place.clauseText.split(/\D+/);
  const isStatusNamed = line.labels.some(([name, value]) => /status|code/i.test(name) && numbers.includes(value));
  return isStatusNamed || sameTopic(topics, topicsOf(`${text.expression} ${line.text.split('{')[0]}`));
}

const THE_OTHERS = /\b(?:others|(?:all|the|any) other \w+|the rest|the remaining)\b/i;

/** `all others stay below 2 %`: where one line tells of them together, no series of its own does. */
export function isOfTheOthers(line: SentLine, text: ReadText, { place }: Bearings): boolean {
  return !line.others && THE_OTHERS.test(place.clauseText) && text.lines.some(({ others }) => others);
}
