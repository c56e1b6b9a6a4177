import { beginning } from '../../domain/clipped';
import type { Report } from '../../domain/report';
import { ALERT_TITLE } from '../../domain/sent-texts';
import { instructionIn, orderIn } from './instruction-in-data';
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
    /* what Vigil wrote itself may give a verdict: the conclusion of an earlier triage */
    const isOutside = one.status !== undefined || one.source === ALERT_TITLE;
    const line = bodyOf(one)
      .split('\n')
      .find(isOutside ? instructionIn : orderIn);
    if (line === undefined) return [];
    return [{ kind: 'instruction_in_data' as const, source: one.handle, text: beginning(line.trim(), LINE_MAX) }];
  });
  return [...own, ...found.slice(0, FLAGS_MAX)];
}
