import type { Handle } from '../../domain/conversation';
import type { CheckedField, CheckedFigure, Verification } from '../../domain/report';
import type { SentText } from '../../domain/sent-texts';
import { instructionIn } from './instruction-in-data';

/** What a text may take its figures from. */
export interface Grounds {
  readonly sent: ReadonlyMap<Handle, SentText>;
  /** The one text that a claim cites. */
  readonly source?: Handle;
  /** Literal pieces of what was sent, looked at first. */
  readonly quotes: readonly { readonly handle: Handle; readonly quote: string }[];
}

const FIGURE =
  /(?<![\w.-])(?:\d{1,2}:\d\d(?::\d\d)?|(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}|\d+(?:[.,]\d+)*)(?![\w-])(?: ?%)?/g;

/** Every figure of a text, and whether what was sent bears it out. */
export function checkFigures(field: CheckedField, text: string, grounds: Grounds): CheckedFigure[] {
  const cited = grounds.source === undefined ? undefined : grounds.sent.get(grounds.source);
  const texts = grounds.source === undefined ? [...grounds.sent.values()] : cited ? [cited] : [];
  return Array.from(text.matchAll(FIGURE), (match): CheckedFigure => {
    const [verified, how] = lookUp(match[0], texts);
    return { field, text: match[0], at: match.index, verified, how };
  });
}

function lookUp(figure: string, texts: readonly SentText[]): [Verification, string] {
  const plain = figure.replace(/ ?%$/, '');
  for (const { handle, text } of texts) {
    const lines = text.split('\n').filter((line) => !instructionIn(line));
    const numbers = lines.flatMap((line) => line.match(/\d+(?:[.:]\d+)*|[0-9a-f]{7,40}/g) ?? []);
    if (numbers.includes(plain) || lines.some((line) => line.includes(`${plain}`) && /[:a-f]/.test(plain))) {
      return ['quoted', `stands in ${handle}`];
    }
    const decimals = plain.split('.')[1]?.length ?? 0;
    const shares = numbers.filter((number) => (Number(number) * 100).toFixed(decimals) === plain);
    if (figure.endsWith('%') && shares.length > 0) return ['derived', `${handle}: ${shares[0]} as a percentage`];
    const rounded = numbers.find((number) => Number(number).toFixed(decimals) === plain);
    if (rounded) return ['derived', `${handle}: ${rounded}, rounded`];
    if (plain.includes(':') && onGrid(plain, text)) return ['derived', `${handle}: a time of its grid`];
  }
  return ['unverified', 'stands nowhere in what was sent'];
}

function onGrid(clock: string, text: string): boolean {
  const [, from, count, unit] = /from (\S+Z) every (\d+)([smh]),/.exec(text) ?? [];
  if (!from) return false;
  const step = Number(count) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
  const times = Array.from({ length: 600 }, (_, i) => new Date(Date.parse(from) + i * step * 1000).toISOString());
  return times.some((time) => time.slice(11, 11 + clock.length) === clock);
}
