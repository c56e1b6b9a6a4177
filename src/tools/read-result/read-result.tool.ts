import { z } from 'zod';
import { clipped } from '../../domain/clipped';
import { countInWords } from '../../domain/in-words';
import { partLine, READ_RESULT } from '../../domain/part-of-result';
import type { EarlierResult, FullResults } from '../ports/full-results';
import { CEILINGS } from '../result-room';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { type Chosen, chosenLines, rangesOf, type Wanted } from './chosen-lines';
import { resultLines } from './result-lines';

const MAX_LINES = 1_000;
const DEFAULT_LINES = 100;
const MAX_NEEDLE_CHARS = 200;
/** Ranges of line numbers that are told. */
const MOST_RANGES = 6;
/** Handles that are told where one is not known. */
const MOST_HANDLES = 40;

const input = z.strictObject({
  handle: z.string().min(1).max(20).describe('Of the earlier result: `r3`.'),
  query: z
    .string()
    .max(MAX_NEEDLE_CHARS)
    .nullish()
    .describe('Plain text that a line must hold; case does not matter, and no character is special.'),
  line: z.int().min(1).nullish().describe('The line to begin with. Default 1.'),
  limit: z.int().min(1).max(MAX_LINES).nullish().describe(`Most lines. Default ${DEFAULT_LINES}.`),
});

const DESCRIPTION = `Reads an earlier result of this investigation again, with all that was left out of it: lines that were folded or cut, series that were not shown, the rest of a diff. The backend is not asked again.

Use it when a result says that something was left out and you know what you look for there; to look for anything else, narrower questions to the backend find more.

Examples
- every line of r3 that holds a text: {"handle":"r3","query":"timeout"}
- one trace, pod or series in it: {"handle":"r3","query":"pod=\\"orders-7d9f\\""}
- the next part: {"handle":"r3","line":181}

Comes back: which lines of how many, and the line to go on with; what r3 asked; then the lines as they were found, not rounded, not folded; a long line is cut around what was searched for. Cite a line from here by the handle of this result. "Found nothing" means that no kept line of r3 holds the text; it says nothing about what r3 did not ask for. Kept are 2 MiB of a result, for 7 days. Sections of the opening message (o1 …) stand whole above.`;

/** `read_result`: lines of an earlier result of the same conversation, by their place or by a text that they hold. */
export function readResultTool(results: FullResults): Tool<typeof input> {
  return {
    name: READ_RESULT,
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.slice,
    async run({ handle, query, line, limit }, { conversationId, roomChars }: ToolContext): Promise<ToolFinding> {
      const asked = handle.trim().replace(/^\[(\w+)\]$/, '$1');
      if (/^o\d+$/.test(asked)) return failed(`${asked} is a section of the opening message: it stands whole above.`);
      const earlier = await ownResult(results, conversationId, asked);
      if (!earlier) return failed(unknown(asked, await results.handles(conversationId)));
      if (earlier.tool === READ_RESULT) {
        return failed(
          `${asked} is itself a part of an earlier result: read that one, by the handle that ${asked} names.`,
        );
      }
      const wanted = { from: line ?? 1, limit: limit ?? DEFAULT_LINES, needle: query?.trim() ?? '' };
      return partText(earlier, wanted, roomChars);
    },
  };
}

/** A call that was answered from the record has the text of the first one, under its handle: that one has the rest. */
async function ownResult(
  results: FullResults,
  conversationId: string,
  handle: string,
): Promise<EarlierResult | undefined> {
  const found = await results.read(conversationId, handle);
  const first = handleIn(found?.sent ?? '');
  return first === undefined || first === handle ? found : results.read(conversationId, first);
}

function handleIn(sent: string): string | undefined {
  return (/^\[(r\d+)\] /m.exec(sent) ?? /^This very call .* under (r\d+)\.$/.exec(sent))?.[1];
}

function partText(earlier: EarlierResult, wanted: Wanted, roomChars: number): ToolFinding {
  const read = resultLines(earlier, roomChars);
  const { lines, lost } = read;
  const lostLines = lost === undefined ? [] : [lost];
  const frame = [...read.asked, read.found, ...read.shared, ...lostLines].reduce(
    (sum, text) => sum + text.length + 1,
    0,
  );
  const chosen = chosenLines(lines, wanted, Math.max(LEAST_CHARS, roomChars - frame - FIRST_LINE_CHARS));
  const first = partLine(earlier.handle, earlier.tool, placeInWords(chosen, wanted, lines.length));
  if (chosen.numbers.length === 0) return { status: 'no_data', text: [first, ...lostLines].join('\n') };
  const isAll = chosen.numbers.length === lines.length && lost === undefined;
  const found = `${read.found}; ${isAll ? 'here all lines of it' : 'here a part of it, the other lines are left out'}`;
  const text = [first, ...read.asked, found, ...read.shared, ...lostLines, ...chosen.texts].join('\n');
  return { status: 'ok', text };
}

/** For the line on which lines these are, and the words behind the line on what was found. */
const FIRST_LINE_CHARS = 450;
/** Some lines are shown, however little room there is. */
const LEAST_CHARS = 200;

function placeInWords({ numbers, hits, next }: Chosen, { needle, from }: Wanted, count: number): string {
  const goOn = next === undefined ? '' : `; go on with line ${next}`;
  const all = countInWords(count, 'line');
  const here = rangesOf(numbers, MOST_RANGES);
  if (needle === '') {
    return numbers.length === 0 ? `it has ${all}: there is no line ${from}` : `lines ${here} of ${all}${goOn}`;
  }
  const said = JSON.stringify(clipped(needle, 60));
  if (hits === 0) return `Found nothing: none of its ${all} holds ${said}. Try a shorter text, or ask the tool again.`;
  const found = `${hits} of its ${all} ${hits === 1 ? 'holds' : 'hold'} ${said}`;
  return numbers.length === 0 ? `${found}, none of them from line ${from} on` : `${found}; here lines ${here}${goOn}`;
}

function unknown(handle: string, handles: readonly string[]): string {
  if (handles.length === 0) return `There is no result yet: ${JSON.stringify(handle)} names none.`;
  const told = handles.slice(-MOST_HANDLES).join(', ');
  return `${JSON.stringify(handle)} is no handle of a result of this investigation. These are: ${told}.`;
}

function failed(text: string): ToolFinding {
  return { status: 'failed', text };
}
