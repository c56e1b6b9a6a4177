import { figuresIn } from './prose-figures';

const FOLDED = /^(.*) \(differing: (.*)\) \((\d+) times, last at \S+\)$/s;
const OF_EACH =
  /\b(?:always|(?:all|each|every)(?: of)?(?: the| these| those)?(?: (\d+))? (?:lines?|cases|times?|entries|messages?|of them))\b/i;

/**
 * Whether a claim says of every line that was folded into one what only one of them is known to say: the example of a
 * field that differs, or a number of the first message where the messages differ.
 */
export function saysOfAllWhatDiffers(claim: string, lines: readonly string[]): boolean {
  const each = OF_EACH.exec(claim);
  if (!each) return false;
  return lines.some((line) => {
    const [, first, differing, times] = FOLDED.exec(line) ?? [];
    if (first === undefined || differing === undefined || (each[1] ?? times) !== times) return false;
    const examples = Array.from(differing.matchAll(/\bas [\w.-]+=(\S+?)(?=[;,]|$)/g), ([, value]) => value!);
    if (examples.some((value) => claim.includes(value))) return true;
    return /\b\d+ messages\b/.test(differing) && sharesNumber(claim, withoutFields(first));
  });
}

/** `TIME {labels} level message`: the fields behind it hold for all. */
function withoutFields(first: string): string {
  return first.replace(/^\S+Z /, '').replace(/ [\w.-]+=(?:"[^"]*"|\S+)/g, '');
}

function sharesNumber(claim: string, message: string): boolean {
  const said = numbersIn(claim);
  return numbersIn(message).some((value) => said.includes(value));
}

function numbersIn(text: string): number[] {
  return figuresIn(text, true).flatMap((one) => (one.kind === 'number' ? [one.value] : []));
}
