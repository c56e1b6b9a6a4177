import { clipped } from '../../domain/clipped';
import { errorText, type BackendAnswer } from '../backend-client';
import { takeLines } from '../fit';
import { isObject } from '../metric-result';

/** Why there is no answer, in a sentence for the model. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  /** There was an answer, and more of it than is read. */
  readonly isTooLarge?: boolean;
}

/** What stood in the envelope. */
export interface Data {
  readonly kind: 'data';
  readonly data: unknown;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Out of the envelope that all answers have. */
export function dataOf(answer: BackendAnswer): Data | Failed {
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'text') return failed(`Prometheus answered ${answer.status}: ${said(answer.text)}`);
  const { status, body } = answer;
  if (!isObject(body)) return failed(`Prometheus answered ${status} in a form that is not known.`);
  if (body.status !== 'success') {
    const type = typeof body.errorType === 'string' ? ` ${said(body.errorType, 60)}` : '';
    return failed(`Prometheus answered ${status}${type}: ${said(String(body.error ?? 'no reason given'))}`);
  }
  return { kind: 'data', data: body.data, body };
}

export function failed(reason: string): Failed {
  return { kind: 'failed', reason };
}

/** What a list of the API holds, or why there is none. */
export type ListAnswer<Item> =
  | {
      readonly kind: 'items';
      readonly items: readonly Item[];
      /** Warnings and infos, as lines: that a list is a part of what there is shows nowhere else. */
      readonly notes: readonly string[];
    }
  | Failed;

/** The items of a list in an answer; those that cannot be read are left out. */
export function listOf<Item>(
  answer: BackendAnswer,
  listIn: (data: unknown) => unknown,
  readItem: (raw: unknown) => Item | undefined,
): ListAnswer<Item> {
  const data = dataOf(answer);
  if (data.kind === 'failed') return data;
  const list = listIn(data.data);
  if (!Array.isArray(list)) return failed('Prometheus answered in a form that is not known.');
  return { kind: 'items', items: list.flatMap((raw) => readItem(raw) ?? []), notes: notesIn(data) };
}

/** For `listOf`: where the list stands in `data`. */
export function inField(name: string): (data: unknown) => unknown {
  return (data) => (isObject(data) ? data[name] : undefined);
}

/** A time as a parameter of the API. */
export function seconds(time: Date): string {
  return String(time.getTime() / 1000);
}

/** On one line: an error or a warning may repeat a label, and a line of it must not look like one of ours. */
function said(text: string, maxChars?: number): string {
  const line = errorText(text).replace(/\s*[\r\n]+\s*/g, ' ');
  return maxChars === undefined ? line : clipped(line, maxChars);
}

/** Warnings and infos beside the data. */
export function notesIn({ body }: Data): string[] {
  return [...notesOf('warning', body.warnings), ...notesOf('info', body.infos)];
}

/** As many of them as have room; of the first one at least the beginning, and how many are left out. */
export function fitNotes(notes: readonly string[], roomChars: number): string[] {
  const [first, ...rest] = [...new Set(notes)];
  if (first === undefined) return [];
  const head = clipped(first, Math.max(60, roomChars - 40));
  const kept = [head, ...takeLines(rest, roomChars - head.length - 40)];
  const left = rest.length + 1 - kept.length;
  return [...kept, ...(left > 0 ? [`notes left out: ${left}`] : [])];
}

/** The first five of a list of sentences, as lines. */
export function notesOf(kind: string, list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  const more = list.length > 5 ? [`${kind}s left out: ${list.length - 5}`] : [];
  return [...list.slice(0, 5).map((text) => `${kind}: ${said(String(text), 300)}`), ...more];
}
