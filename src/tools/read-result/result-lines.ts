import { clipped } from '../../domain/clipped';
import { countInWords } from '../../domain/in-words';
import { cleanText } from '../../domain/outside-text';
import { fencedTexts } from '../../domain/sent-texts';
import type { EarlierResult } from '../ports/full-results';

/** An earlier result as lines. */
export interface ResultLines {
  /** What was asked, and when; each one line, but a query, which is as it was. */
  readonly asked: readonly string[];
  /** How many of what it found: `lines, 5000 found, oldest first`. */
  readonly found: string;
  /** What all lines share, or what their values mean. */
  readonly shared: readonly string[];
  readonly lines: readonly string[];
  /** What of it cannot be read any more. */
  readonly lost?: string;
}

const ASKED = /^(?:range|time): /;
const FOUND = 'result: ';
const SHARED = /^(?:common labels: |values: \[|order: )/;
/** Our lines stand at the beginning of a result. */
const HEAD_LINES = 12;
/** Parts of the room that a head line may take. */
const QUERY_SHARE = 1 / 6;
const FOUND_SHARE = 1 / 8;
const SHARED_SHARE = 1 / 8;

/** All lines that are kept of a result; of one that was sent whole, those that were sent. */
export function resultLines(result: EarlierResult, roomChars: number): ResultLines {
  const cut = (line: string, share: number): string => clipped(line, Math.floor(roomChars * share));
  const sent = fencedTexts(result.sent)[0]?.text ?? result.sent;
  const { query, rest } = withoutQuery(sent, result.input, Math.floor(roomChars * QUERY_SHARE));
  const sentLines = rest.split('\n');
  const head = sentLines.slice(0, HEAD_LINES);
  const found = cut(head.find((line) => line.startsWith(FOUND)) ?? `${FOUND}text`, FOUND_SHARE);
  const asked = [...query, ...head.filter((line) => ASKED.test(line))];
  const { full } = result;
  if (full) {
    const lines = full.text.replace(/\n$/, '').split('\n');
    return { asked, found, shared: [], lines, lost: notKept(lines.length, full.wholeLines) };
  }
  const isOurs = (line: string): boolean => ASKED.test(line) || line.startsWith(FOUND) || SHARED.test(line);
  return {
    asked,
    found,
    shared: head.filter((line) => SHARED.test(line)).map((line) => cut(line, SHARED_SHARE)),
    lines: sentLines.filter((line, i) => i >= HEAD_LINES || !isOurs(line)),
    lost:
      result.bytes > Buffer.byteLength(sent)
        ? 'What was left out of this result is not kept any more: these are the lines that were sent.'
        : undefined,
  };
}

/** The query as it was asked, whatever lines it is made of; a long one as one line that is cut. */
function withoutQuery(
  sent: string,
  input: unknown,
  maxChars: number,
): { readonly query: readonly string[]; readonly rest: string } {
  if (!sent.startsWith('query: ')) return { query: [], rest: sent };
  const asked = (input as { readonly query?: unknown } | null | undefined)?.query;
  const whole = typeof asked === 'string' ? `query: ${cleanText(asked)}` : '';
  const isWhole = whole !== '' && sent.startsWith(`${whole}\n`);
  const query = isWhole ? whole : sent.split('\n', 1)[0]!;
  const shown = query.length <= maxChars ? query : clipped(query.replace(/\s+/g, ' '), maxChars);
  return { query: [shown], rest: sent.slice(query.length + 1) };
}

function notKept(kept: number, whole = kept): string | undefined {
  if (whole <= kept) return undefined;
  return `Only the first ${countInWords(kept, 'line')} of ${countInWords(whole, 'line')} are kept: the result was too large. What is not here may be in the rest: ask the tool for less.`;
}
