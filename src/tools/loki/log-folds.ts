import type { Labels } from '../../domain/alert';
import { formatLabels } from '../fit';
import { fieldText, nameText } from './field-text';
import type { SaidLine } from './said-line';

/** Lines that say the same thing, told as one. */
export interface Fold {
  /** Those that all of its lines have. */
  readonly labels: Labels;
  readonly level?: string;
  readonly template: string;
  /** In the order of time; never empty. */
  readonly lines: readonly SaidLine[];
}

/** Labels that tell the members of one group apart: what all of them say is one thing. */
const MEMBER = /^(?:pod|pod_name|instance|host|hostname|node|node_name|container_id|filename|stream)$/;

/**
 * Equal lines are folded always; those that differ in numbers, ids, fields and the member of a group alone where there
 * are `least` of them: a few are told faster than what differs between them.
 */
export function foldLines(lines: readonly SaidLine[], least: number): Fold[] {
  const alike = [...Map.groupBy(lines, keyOf).values()];
  const folds = alike.flatMap((group) =>
    group.length >= least ? [group] : [...Map.groupBy(group, wholeKeyOf).values()],
  );
  return folds.map(foldOf).sort((a, b) => compareNanos(a.lines[0]!, b.lines[0]!));
}

function foldOf(lines: readonly SaidLine[]): Fold {
  const [{ labels, level, template }, ...rest] = lines as readonly [SaidLine, ...SaidLine[]];
  const shared = Object.entries(labels).filter(([name, value]) => rest.every((line) => line.labels[name] === value));
  return { labels: Object.fromEntries(shared), level, template, lines };
}

function compareNanos(a: SaidLine, b: SaidLine): number {
  if (a.nanos === b.nanos) return 0;
  return a.nanos < b.nanos ? -1 : 1;
}

function keyOf({ labels, level, template }: SaidLine): string {
  const own = Object.entries(labels).filter(([name]) => !MEMBER.test(name));
  return JSON.stringify([own.sort(([a], [b]) => (a < b ? -1 : 1)), level, template]);
}

function wholeKeyOf({ message, fields, labels }: SaidLine): string {
  return JSON.stringify([message, labels, ...fields]);
}

/** What is equal in all of them, by name. */
export function sharedFields(lines: readonly SaidLine[]): Map<string, string> {
  const [first, ...rest] = lines;
  return new Map(
    Array.from(first?.fields ?? []).filter(([name, value]) => rest.every(({ fields }) => fields.get(name) === value)),
  );
}

/** Values that are told one by one, with how often each came. */
const FEW_VALUES = 4;
/** Fields of which it is told how they differ; the others are counted. */
const MAX_DIFFERING = 8;

/** ` (differing: status=500 30 times, status=502 10 times; 38 order_id, as order_id=8812)`; empty for equal lines. */
export function differences({ lines, labels }: Fold, shared: ReadonlyMap<string, string>): string {
  const members = namesIn(lines, (line) => Object.keys(line.labels)).filter((name) => !(name in labels));
  const names = namesIn(lines, ({ fields }) => [...fields.keys()]).filter((name) => !shared.has(name));
  const told = names.slice(0, MAX_DIFFERING);
  const messages = new Set(lines.map(({ message }) => message)).size;
  const more = names.length - told.length;
  const parts = [
    ...(messages > 1 ? [`${messages} messages`] : []),
    ...members.map((name) =>
      difference(
        name,
        lines.length,
        valuesOf(lines, (line) => line.labels[name]),
      ),
    ),
    ...told.map((name) =>
      difference(
        name,
        lines.length,
        valuesOf(lines, ({ fields }) => fields.get(name)),
      ),
    ),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'field' : 'fields'}`] : []),
  ];
  return parts.length > 0 ? ` (differing: ${parts.join('; ')})` : '';
}

function namesIn(lines: readonly SaidLine[], namesOf: (line: SaidLine) => readonly string[]): string[] {
  return [...new Set(lines.flatMap(namesOf))];
}

function valuesOf(lines: readonly SaidLine[], valueOf: (line: SaidLine) => string | undefined): string[] {
  return lines.flatMap((line) => valueOf(line) ?? []);
}

/** Each value has its name before it, so that it is read, by people and by the check of a report, as what it is. */
function difference(name: string, lineCount: number, values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const say = (value: string): string => fieldText(name, value, 60);
  if (counts.size <= FEW_VALUES && counts.size < lineCount) {
    const often = [...counts].sort(([, a], [, b]) => b - a);
    return often.map(([value, count]) => `${say(value)} ${count === 1 ? 'once' : `${count} times`}`).join(', ');
  }
  const numbers = values.map(Number);
  if (
    !/(?:^|[_.-])id$|[a-z]Id$/i.test(name) &&
    values.every((value) => value.trim() !== '') &&
    numbers.every(Number.isFinite)
  ) {
    const ends = numbers.reduce(
      ([low, high], one) => [Math.min(low!, one), Math.max(high!, one)],
      [Infinity, -Infinity],
    );
    return `min ${nameText(name)}=${ends[0]}, max ${nameText(name)}=${ends[1]}`;
  }
  return `${counts.size} ${nameText(name)}, as ${say(values[0]!)}`;
}

/** How the labels of a fold are shown: nothing where all are told already. */
export function labelText(labels: Labels): string {
  return Object.keys(labels).length > 0 ? `${formatLabels(labels)} ` : '';
}
