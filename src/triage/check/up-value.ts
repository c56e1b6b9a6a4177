import type { SentText } from '../../domain/sent-texts';
import { queryOf } from './owners';
import { bodyOf } from './sent-body';

const SAYS_DOWN =
  /\b(?:is|are|was|were|went|goes|stays?|stayed|being|now) (?:down|unreachable|unavailable|dead|gone)\b|\b(?:not|n't|no longer) (?:up|alive|reachable|answering)\b/i;
const SAYS_UP =
  /\b(?:is|are|was|were|stays?|stayed) (?:up|alive|reachable)\b|\b(?:not|n't|never|no longer) (?:down|unreachable|dead|gone)\b/i;

/** Whether the quoted values of `up` say what a claim says of it. Undefined: it is not about that. */
export function upBears(claim: string, lines: readonly string[], cited: SentText): boolean | undefined {
  if (cited.status !== 'ok' || !/^\s*up\b/.test(queryOf(cited))) return undefined;
  const isUniversal = /\b(?:no|none|nothing|all|every|each)\b/i.test(claim);
  const denied = /\b(?:no|none|nothing)\b/i.test(claim);
  const [down, up] = [SAYS_DOWN.test(claim), SAYS_UP.test(claim)];
  if (down === up) return undefined;
  const wanted = down === denied ? '1' : '0';
  if (!isUniversal) {
    const values = lines.flatMap(valuesIn);
    return values.length === 0 ? undefined : values.includes(wanted);
  }
  const values = bodyOf(cited).split('\n').flatMap(valuesIn);
  return values.length > 0 && values.every((value) => value === wanted);
}

function valuesIn(line: string): string[] {
  return [
    ...Array.from(line.matchAll(/\b(?:last|min|max)=([01])(?![\d.])/g), ([, value]) => value!),
    ...(/[}\w] ([01])$/.exec(line)?.slice(1) ?? []),
  ];
}
