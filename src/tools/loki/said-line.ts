import type { Labels } from '../../domain/alert';
import { fieldsOf, type LineFields } from './line-fields';
import { lineTemplate } from './line-template';
import type { LogEntry } from './loki-client';

/** What one log line says, without what its labels and its time say already. */
export interface SaidLine {
  readonly nanos: bigint;
  /** Those of its stream. */
  readonly labels: Labels;
  /** In lower case; absent where a label tells it, or nothing does. */
  readonly level?: string;
  /** The message of a structured line, else the whole of it. */
  readonly message: string;
  /** The other fields, telling ones first; and what stands beside the line: structured metadata, parsed fields. */
  readonly fields: LineFields;
  /** Lines of one template tell the same thing of different cases. */
  readonly template: string;
}

const MESSAGE_NAMES = ['msg', 'message', 'event', 'log', 'body', 'MESSAGE', '@m'];
const LEVEL_NAMES = ['level', 'severity', 'lvl', 'log.level', 'loglevel', 'levelname', 'severity_text'];
const TIME_NAMES = ['time', 'ts', 'timestamp', '@timestamp', 'datetime', 'asctime'];
const OWNER_NAMES = ['service', 'service_name', 'app', 'job', 'component', 'container'];
/** What went wrong: two lines with one message and different errors tell two things. */
const ERROR_NAMES = ['__error__', 'error', 'err', 'exception', 'error.type', 'error.message', 'err.message', 'reason'];
/** Loki guesses them; they are not of the stream. */
const GUESSED = ['detected_level', '__error__', '__error_details__'];
/** Numbers of pino and bunyan. */
const LEVEL_NUMBERS = new Map([
  ['10', 'trace'],
  ['20', 'debug'],
  ['30', 'info'],
  ['40', 'warn'],
  ['50', 'error'],
  ['60', 'fatal'],
]);
/** Of a message, what makes its template. */
const TEMPLATE_CHARS = 1_000;
const MINUTE_MS = 60_000;

/** Reads every line once. */
export function saidLines(entries: readonly LogEntry[]): SaidLine[] {
  /* an older Loki puts what it took out of a line among the labels of the stream, and each line is a stream of its own */
  const together = entries.length > 0 && entries.every(({ extracted }) => Object.keys(extracted).length === 0);
  return entries.map((entry) => saidLine(entry, together));
}

function saidLine({ nanos, line, labels: stream, extracted }: LogEntry, together: boolean): SaidLine {
  const own = fieldsOf(line);
  const isTakenOut = (name: string, value: string): boolean =>
    GUESSED.includes(name) || (together && (looksTakenOut(name, value) || isOfLine(own, name, value)));
  const all = Object.entries(stream);
  const labels = withoutEcho(Object.fromEntries(all.filter(([name, value]) => !isTakenOut(name, value))));
  const beside = { ...extracted, ...Object.fromEntries(all.filter(([name, value]) => isTakenOut(name, value))) };

  const messageName = own && MESSAGE_NAMES.find((name) => own.get(name)?.trim());
  const message = withoutTime(own ? (messageName ? own.get(messageName)! : '') : line, nanos).trim();
  const level = levelOf(own, labels, beside.detected_level, message);
  const told = new Set([messageName, ...(level.fromField ? LEVEL_NAMES : [])]);
  const fields = new Map([
    ...Array.from(own ?? []).filter(([name, value]) => !told.has(name) && !isKnown(name, value, labels, nanos)),
    ...Object.entries(beside).filter(([name, value]) => !isShown(name, value, { line, own, labels })),
  ]);
  for (const [name, value] of fields) if (STACK.test(name)) fields.set(name, framesOf(value, message));
  const errors = ERROR_NAMES.map((name) => fields.get(name) ?? '').join(' ');
  const says = message === '' ? [...fields.keys()].join(' ') : message.slice(0, TEMPLATE_CHARS);
  const template = lineTemplate(`${says} ${errors.slice(0, TEMPLATE_CHARS)}`);
  return { nanos, labels, level: level.shown, message, fields: inOrder(fields), template };
}

/** A name that Loki gave it, or a value that nobody would make a stream of. */
function looksTakenOut(name: string, value: string): boolean {
  if (/_extracted$|(?:trace|span|request)_?id$/i.test(name) || TIME_NAMES.includes(name)) return true;
  return /\s/.test(value) || value.length > 100;
}

function isOfLine(own: LineFields | undefined, name: string, value: string): boolean {
  return own?.get(name) === value && !OWNER_NAMES.includes(name) && !LEVEL_NAMES.includes(name);
}

/** Loki 3 derives `service_name` from another label. */
function withoutEcho(labels: Labels): Labels {
  const { service_name: derived, ...others } = labels;
  return derived !== undefined && Object.values(others).includes(derived) ? others : labels;
}

function levelOf(
  own: LineFields | undefined,
  labels: Labels,
  detected: string | undefined,
  message: string,
): { readonly shown?: string; readonly fromField: boolean } {
  const written = LEVEL_NAMES.map((name) => own?.get(name)).find((value) => value);
  const level = written === undefined ? undefined : (LEVEL_NUMBERS.get(written) ?? written.toLowerCase());
  const inLabels = LEVEL_NAMES.map((name) => labels[name]?.toLowerCase()).find((value) => value);
  /* a field of that name may hold anything: `level=3 of 7` stays a field */
  if (level !== undefined && /^[a-z]{1,12}$/.test(level)) {
    return { shown: level === inLabels ? undefined : level, fromField: true };
  }
  const guess = inLabels === undefined && detected && detected !== 'unknown' ? detected.toLowerCase() : undefined;
  const isSaid = guess !== undefined && message.slice(0, 200).toLowerCase().includes(guess);
  return { shown: isSaid || !guess || !/^[a-z]{1,12}$/.test(guess) ? undefined : guess, fromField: false };
}

/** What the labels of the stream or the time of the line say. */
function isKnown(name: string, value: string, labels: Labels, nanos: bigint): boolean {
  if (value === '' || labels[name] === value) return true;
  if (OWNER_NAMES.includes(name) && OWNER_NAMES.some((owner) => labels[owner] === value)) return true;
  return TIME_NAMES.includes(name) && isSameTime(value, nanos);
}

/** Of what stands beside a line only what the line itself does not show: `line_format` may have dropped a field. */
function isShown(
  name: string,
  value: string,
  { line, own, labels }: { readonly line: string; readonly own?: LineFields; readonly labels: Labels },
): boolean {
  if (name.startsWith('__error')) return false;
  if (value === '' || name === 'detected_level' || Object.values(labels).includes(value)) return true;
  const bare = name.replace(/_extracted$/, '');
  return own?.get(bare) === value || line.includes(value) || line.includes(JSON.stringify(value).slice(1, -1));
}

const TIME = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?\]?/;

/** A plain line often begins with its own time. */
function withoutTime(text: string, nanos: bigint): string {
  const [stamp] = TIME.exec(text) ?? [];
  return stamp && isSameTime(stamp, nanos) ? text.slice(stamp.length) : text;
}

/** Within a minute, or off by a time zone that the text does not name. Another time is news, and stays. */
function isSameTime(value: string, nanos: bigint): boolean {
  const at = Number(nanos / 1_000_000n);
  const [, day, time, , zone] = TIME.exec(value) ?? [];
  if (day && time) {
    const off = Math.abs(Date.parse(`${day}T${time}${zone ? zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') : 'Z'}`) - at);
    return (
      off < MINUTE_MS || (!zone && off < 15 * 60 * MINUTE_MS && (off + MINUTE_MS) % (15 * MINUTE_MS) < 2 * MINUTE_MS)
    );
  }
  const epoch = Number(value);
  if (!Number.isFinite(epoch) || epoch <= 0) return false;
  return [1e3, 1, 1e-3, 1e-6].some((scale) => Math.abs(epoch * scale - at) < MINUTE_MS);
}

const STACK = /stack|backtrace|traceback/i;

/** Of a stack trace the frames: its first line most often says the message again. */
function framesOf(stack: string, message: string): string {
  const lines = stack.split('\n').map((line) => line.trim());
  const said = lines[0]!.replace(/^[\w.$]{1,80}: /, '');
  return (lines.length > 1 && said !== '' && message.includes(said) ? lines.slice(1) : lines).join('\n');
}

/** What went wrong first, ids and stacks last; the others as the program wrote them. */
function inOrder(fields: LineFields): LineFields {
  const rank = (name: string): number => {
    if (ERROR_NAMES.includes(name) || name.startsWith('__error')) return 0;
    if (STACK.test(name)) return 3;
    return /(?:^|[_.-])id$|[a-z]Id$|uuid/i.test(name) ? 2 : 1;
  };
  return new Map([...fields].sort(([a], [b]) => rank(a) - rank(b)));
}
