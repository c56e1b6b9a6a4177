import { readChangeLine } from '../../domain/change-line';
import type { SentText } from '../../domain/sent-texts';
import { hasWord } from './owners';
import { bodyOf } from './sent-body';

/** A change as it was listed: its line, and what is indented below it. */
interface Listed {
  readonly header: string;
  readonly lines: readonly string[];
}

/**
 * Why a claim is about another change than the one it quotes: it names the author or the revision of another one, or
 * another time before the start. Undefined: it quotes no change, or nothing speaks against it.
 */
export function otherChange(claim: string, quoted: readonly string[], cited: SentText): string | undefined {
  const all = listedIn(cited);
  const own = all.filter(({ header, lines }) => [header, ...lines].some((line) => quoted.includes(line)));
  if (own.length === 0) return undefined;
  if (CHANGES.test(claim) && quoted.every((line) => LEFT_AS_IT_WAS.test(line)))
    return 'Its quote is a line of a diff that the change left as it was.';
  const stranger = strangerIn(claim, own, all);
  if (stranger !== undefined) return `It names ${stranger}, and its quote is of another change.`;
  return isOtherDistance(claim, own)
    ? 'The change that it quotes came another time before or after the start.'
    : undefined;
}

function listedIn(cited: SentText): Listed[] {
  const found: { header: string; lines: string[] }[] = [];
  for (const line of bodyOf(cited).split('\n')) {
    if (readChangeLine(line)) found.push({ header: line, lines: [] });
    else if (/^ {4}/.test(line)) found.at(-1)?.lines.push(line);
  }
  return found;
}

/** A line of a diff without a sign. */
const LEFT_AS_IT_WAS = /^ {4}\| {2}/;
const CHANGES =
  /\b(?:rais|lower|chang|set|add|remov|delet|cut|reduc|increas|decreas|introduc|enabl|disabl|switch|replac)\w*/i;

const NAMED = /, (id|version|revision|before it|commit|author) "([^"\\]{2,100})"/g;

/** A person is named to say who did it; of what else it names, one name of the quoted change is enough. */
function strangerIn(claim: string, own: readonly Listed[], all: readonly Listed[]): string | undefined {
  const named = (listed: readonly Listed[], isMeant: (kind: string) => boolean): string[] =>
    listed
      .flatMap(({ header }) => Array.from(header.matchAll(NAMED), ([, kind, value]) => [kind!, value!] as const))
      .flatMap(([kind, value]) => (isMeant(kind) && isIn(claim, value) ? [value] : []));
  const texts = own.map(({ header, lines }) => [header, ...lines].join('\n'));
  const isStrange = (value: string): boolean => !texts.some((text) => hasWord(text, value));
  const author = named(all, (kind) => kind === 'author').find(isStrange);
  if (author !== undefined) return author;
  const names = named(all, (kind) => kind !== 'author');
  return names.length > 0 && names.every(isStrange) ? names[0] : undefined;
}

/** As a word of its own; of a hash its first seven digits are enough. */
function isIn(claim: string, value: string): boolean {
  return hasWord(claim, value) || (/^[0-9a-f]{8,40}$/.test(value) && claim.includes(value.slice(0, 7)));
}

const DISTANCE =
  /(?<![\d.:])(?:(\d+) ?(?:h|hours?) ?)?(?:(\d+) ?(?:min|minutes?|m) ?)?(?:(\d+) ?(?:s|sec|seconds?) ?)?(before|after) (?:the |its )?(?:start|alert|alarm)\b/i;

/** `21 min before the start`, of a change that came over an hour before. */
function isOtherDistance(claim: string, own: readonly Listed[]): boolean {
  const said = distanceIn(claim);
  if (!said) return false;
  const told = own.flatMap(({ header }) => distanceIn(header) ?? []);
  const fits = ({ side, seconds }: Distance): boolean =>
    side === said.side && Math.abs(seconds - said.seconds) <= Math.max(60, 0.1 * seconds);
  return told.length > 0 && !told.some(fits);
}

interface Distance {
  readonly side: string;
  readonly seconds: number;
}

function distanceIn(text: string): Distance | undefined {
  const [, hours, minutes, seconds, side] = DISTANCE.exec(text) ?? [];
  if (side === undefined || (hours ?? minutes ?? seconds) === undefined) return undefined;
  return {
    side: side.toLowerCase(),
    seconds: Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0),
  };
}
