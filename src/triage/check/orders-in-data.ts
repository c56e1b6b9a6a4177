import { beginning } from '../../domain/clipped';
import type { Report } from '../../domain/report';
import { instructionIn } from './instruction-in-data';
import { bodyOf, type SentTexts } from './sent-body';

/** Added by code; the model's own come before them. */
const FLAGS_MAX = 3;
/** Of a line that gives orders, characters. */
const LINE_MAX = 300;

/** The flags of a report, and those for the texts with a line that gives orders which it does not flag: one a text. */
export function ordersInData(own: Report['flags'], sent: SentTexts): Report['flags'] {
  const flagged = new Set(own.map(({ source }) => source.trim()));
  const unflagged = [...sent.values()].filter(({ handle }) => !flagged.has(handle));
  const found = unflagged.flatMap((one) => {
    const line = bodyOf(one).split('\n').find(instructionIn);
    if (line === undefined) return [];
    return [{ kind: 'instruction_in_data' as const, source: one.handle, text: beginning(line.trim(), LINE_MAX) }];
  });
  return [...own, ...found.slice(0, FLAGS_MAX)];
}
