import type { SentText } from '../../domain/sent-texts';
import { queryOf } from './owners';
import { bodyOf } from './sent-body';

const SAYS_DOWN =
  /\b(?:is|are|was|were|went|goes|stays?|stayed|being|now) (?:down|unreachable|unavailable|dead|gone)\b|\b(?:not|n't|no longer) (?:up|alive|reachable|answering)\b/i;
const SAYS_UP =
  /\b(?:is|are|was|were|stays?|stayed|came|comes|went) (?:back )?(?:up|alive|reachable)\b|\b(?:not|n't|never|no longer) (?:down|unreachable|dead|gone)\b/i;

/** Whether the quoted values of `up` say what a claim says of it. Undefined: it is not about that. */
export function upBears(claim: string, lines: readonly string[], cited: SentText): boolean | undefined {
  const isOfTargets = cited.source === 'list_targets';
  const isOfUp = isOfTargets || /^\s*up\b/.test(queryOf(cited)) || (lines.length > 0 && lines.every(isUp));
  if (cited.status !== 'ok' || !isOfUp) return undefined;
  const isUniversal = /\b(?:no|none|nothing|all|every|each)\b/i.test(claim);
  const denied = /\b(?:no|none|nothing)\b/i.test(claim);
  const [down, up] = [SAYS_DOWN.test(claim), SAYS_UP.test(claim)];
  if (down === up) return undefined;
  const wanted = down === denied ? '1' : '0';
  if (!isUniversal && /\b(?:came|comes|went) (?:back )?up\b/i.test(claim)) {
    const now = lines.flatMap(lastIn);
    return now.length === 0 ? undefined : now.includes('1');
  }
  if (!isUniversal) {
    const values = lines.flatMap(valuesIn);
    return values.length === 0 ? undefined : values.includes(wanted);
  }
  /* a total of a job's targets is of all of them */
  const values = (isOfTargets ? lines : bodyOf(cited).split('\n').filter(isOfSame(lines))).flatMap(valuesIn);
  return values.length > 0 && values.every((value) => value === wanted);
}

/** `up{…}`, as what changed most is told with the name of its metric. */
function isUp(line: string): boolean {
  return /^up(?:\{|\s|$)/.test(line);
}

/** A result of many metrics has other lines than those of `up`. */
function isOfSame(lines: readonly string[]): (line: string) => boolean {
  return lines.length > 0 && lines.every(isUp) ? isUp : () => true;
}

function lastIn(line: string): string[] {
  return Array.from(line.matchAll(/\blast=([01])(?![\d.])/g), ([, value]) => value!);
}

/** `{instance="a"} down since …`, `job shop: 1 of 2 up`. */
function valuesOfTargets(line: string): string[] {
  if (/^\{.*?\} down\b/.test(line)) return ['0'];
  const [, up, all] = /^(?:in all|job [^:]{1,200}): (\d+) of (\d+) up\b/.exec(line) ?? [];
  if (up === undefined || all === undefined) return [];
  return [...(Number(up) > 0 ? ['1'] : []), ...(Number(up) < Number(all) ? ['0'] : [])];
}

function valuesIn(line: string): string[] {
  return [
    ...valuesOfTargets(line),
    ...Array.from(line.matchAll(/\b(?:last|min|max)=([01])(?![\d.])/g), ([, value]) => value!),
    ...(/[}\w] ([01])$/.exec(line)?.slice(1) ?? []),
  ];
}
