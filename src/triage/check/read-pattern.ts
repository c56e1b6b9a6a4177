import type { Handle } from '../../domain/conversation';
import { readPatternLine, type ShownPattern } from '../../domain/pattern-line';
import { withoutForeignWords } from './foreign-words';
import { instructionIn } from './instruction-in-data';
import { fieldPairs, type LabelPair } from './labels';
import { figuresIn } from './prose-figures';
import type { SentLine } from './sent-line';
import type { Series } from './series';

/** The tool whose lines are patterns: of another one, a line of this form is somebody else's. */
export const PATTERNS_TOOL = 'log_patterns';

/** How often lines came is told by the counts of each service, and not by the words of the line. */
const COUNTS = / count=\d+(?: before=\d+)?| service="[^"]*"(?::\d+)?/g;

/**
 * What a pattern's line bears out: its counts, as a value that was one before and is another now, for each service that
 * logged it; and its words, with its times. Undefined for any other line.
 */
export function readPattern(given: string, handle: Handle): SentLine[] | undefined {
  const pattern = readPatternLine(given);
  if (!pattern) return undefined;
  const text = withoutForeignWords(given);
  const message = withoutForeignWords(`${pattern.template} ${pattern.example ?? ''}`);
  if (instructionIn(text) || instructionIn(message)) return [];
  const { services, otherServices } = pattern;
  const base = { handle, text, names: text, times: 1, pattern: { kind: pattern.kind, message } };
  const counts = (labels: readonly LabelPair[], count: number, before?: number): SentLine => ({
    ...base,
    names: labels.map(([, value]) => value).join(' '),
    kind: 'series',
    labels,
    series: countsOf(pattern, count, before),
    figures: [],
  });
  const owners = services.map(({ name }): LabelPair => ['service', name]);
  const isShared = services.length > 1 || otherServices !== undefined;
  const pairs: LabelPair[] = [
    ...owners,
    ...(pattern.level ? [['level', pattern.level] as const] : []),
    ...(pattern.traceId ? [['trace_id', pattern.traceId] as const] : []),
    ...fieldPairs(message),
  ];
  const blanked = text.replace(COUNTS, (counted) => ' '.repeat(counted.length));
  return [
    counts(isShared ? [] : owners, pattern.count, pattern.before),
    ...(isShared ? services.map(({ name, count }) => counts([['service', name]], count)) : []),
    { ...base, kind: 'words', labels: pairs, figures: figuresIn(blanked, true) },
  ];
}

/** Of a pattern the turn is where it was first seen. */
function countsOf({ first, kind }: ShownPattern, count: number, before: number | undefined): Series {
  const told = [
    ...(before === undefined ? [] : [{ role: 'before' as const, value: before }]),
    { role: 'last' as const, value: count },
  ];
  const at = first.getTime() / 1000;
  const turns = kind === 'new' ? [{ from: at, to: at, rises: true }] : [];
  return { keys: told, samples: [], stepSeconds: 0, turns };
}
