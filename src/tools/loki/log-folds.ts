import type { Labels } from '../../domain/alert';
import { formatLabels } from '../fit';
import { fieldText, nameText } from './field-text';
import type { SaidLine } from './said-line';

/** Lines that say the same thing, told as one. */
export interface Fold {
  readonly labels: Labels;
  readonly level?: string;
  readonly template: string;
  /** In the order of time; never empty. */
  readonly lines: readonly SaidLine[];
}

/**
 * Equal lines are folded always; those that differ in numbers, ids and fields alone where there are `least` of them: a
 * few are told faster than what differs between them.
 */
export function foldLines(lines: readonly SaidLine[], least: number): Fold[] {
  const alike = [...Map.groupBy(lines, keyOf).values()];
  const folds = alike.flatMap((group) =>
    group.length >= least ? [group] : [...Map.groupBy(group, wholeKeyOf).values()],
  );
  return folds
    .map((group): Fold => {
      const [{ labels, level, template }] = group as [SaidLine];
      return { labels, level, template, lines: group };
    })
    .sort((a, b) => (a.lines[0]!.nanos < b.lines[0]!.nanos ? -1 : a.lines[0]!.nanos > b.lines[0]!.nanos ? 1 : 0));
}

function keyOf({ labels, level, template }: SaidLine): string {
  return JSON.stringify([Object.entries(labels).sort(), level, template]);
}

function wholeKeyOf({ message, fields }: SaidLine): string {
  return JSON.stringify([message, ...fields]);
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
export function differences(lines: readonly SaidLine[], shared: ReadonlyMap<string, string>): string {
  const names = [...new Set(lines.flatMap(({ fields }) => [...fields.keys()]))].filter((name) => !shared.has(name));
  const told = names.slice(0, MAX_DIFFERING).map((name) => difference(name, lines));
  const messages = new Set(lines.map(({ message }) => message)).size;
  const more = names.length - told.length;
  const parts = [
    ...(messages > 1 ? [`${messages} messages`] : []),
    ...told,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'field' : 'fields'}`] : []),
  ];
  return parts.length > 0 ? ` (differing: ${parts.join('; ')})` : '';
}

/** Each value has its name before it, so that it is read, by people and by the check of a report, as what it is. */
function difference(name: string, lines: readonly SaidLine[]): string {
  const values = lines.flatMap(({ fields }) => fields.get(name) ?? []);
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const say = (value: string): string => fieldText(name, value, 60);
  if (counts.size <= FEW_VALUES && counts.size < lines.length) {
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
