import { isObject } from '../metric-result';

/** What a log line says, apart from when, how loud and in which request. */
export interface LineMessage {
  /** In one line. */
  readonly message: string;
  /** `error`, `warn`, `info` …, where the line names one. */
  readonly level?: string;
  readonly traceId?: string;
}

/** Characters of a message, and of a line that is looked at at all: JSON that is cut cannot be read, and Loki takes no longer ones. */
const MAX_MESSAGE = 600;
const MAX_LINE = 256 * 1024;
const MAX_PLAIN = 4_000;

/** Reads JSON (a container's wrapping around a line as well), logfmt, or a plain line with time and level before it. */
export function lineMessage(line: string): LineMessage {
  const text = withoutColours(line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line);
  return structured(text) ?? logfmt(text.slice(0, MAX_PLAIN)) ?? plain(text.slice(0, MAX_PLAIN));
}

/** What terminals read as colours; a JSON line holds the escape as six characters. */
const COLOURS = /(?:\u001b|\\u001[bB])\[[\d;]{0,20}m/g;

function withoutColours(text: string): string {
  return text.includes('\u001b') || text.includes('\\u001') ? text.replace(COLOURS, '') : text;
}

type Fields = ReadonlyMap<string, unknown>;

const MESSAGES = ['msg', 'message', '@message', 'log', 'event', 'body', 'text', 'MESSAGE', 'textPayload', 'fields'];
const LEVELS = ['level', 'severity', 'lvl', 'loglevel', 'log.level', 'levelname', 'severity_text', '@level'];
/** What journald calls 0 to 7. */
const PRIORITIES = ['fatal', 'fatal', 'critical', 'error', 'warn', 'info', 'info', 'debug'];
const TRACES = [
  'trace_id',
  'traceId',
  'traceID',
  'trace.id',
  'traceid',
  'trace',
  'TraceId',
  'otelTraceID',
  'dd.trace_id',
];
const ERRORS = ['err', 'error', 'exception', 'error.message', 'cause', 'reason'];
const STATUSES = ['status', 'status_code', 'statusCode', 'http.status_code', 'http_status'];
/** When, where and by whom a line was written: no part of what it says. */
const BESIDE =
  /^(?:@?time(?:stamp)?|ts|t|date|pid|hostname|host|caller|logger|service|version|env|stream|span_?id|v)$/i;

function structured(text: string): LineMessage | undefined {
  const fields = jsonFields(text);
  return fields && ofFields(fields);
}

function ofFields(fields: Fields): LineMessage {
  const message = textOf(fields, MESSAGES);
  /* {"message":"{\"level\":\"error\",\"msg\":…}"}: whoever collects lines wraps them */
  const inner = message === undefined ? undefined : jsonFields(message);
  if (inner) return { ...facts(fields), ...ofFields(inner) };
  if (message === undefined || !fields.has('log')) return { message: said(fields, message), ...facts(fields) };
  /* Docker, fluentd: {"log":"<the line of the program>","stream":"stderr"} */
  return { ...facts(fields), ...lineMessage(message) };
}

function jsonFields(text: string): Fields | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  try {
    const read = JSON.parse(trimmed) as unknown;
    return isObject(read) ? new Map(Object.entries(read)) : undefined;
  } catch {
    return undefined;
  }
}

/** `msg="charge failed" err="connection refused" status=502`: the same words of another failure are another message. */
function said(fields: Fields, message: string | undefined): string {
  if (message === undefined) {
    const rest = [...fields].filter(([name]) => !BESIDE.test(name) && ![...LEVELS, ...TRACES].includes(name));
    return oneLine(
      rest.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' '),
    );
  }
  const error = textOf(fields, ERRORS);
  const status = STATUSES.map((name) => fields.get(name)).find((value) => value !== undefined);
  const failed = status !== undefined && /^[45]\d\d$/.test(String(status)) && !message.includes(String(status));
  const why = error && !message.includes(error) ? `: ${firstLine(error).slice(0, 200)}` : '';
  return oneLine(`${headOf(message)}${why}${failed ? ` (status ${String(status)})` : ''}`);
}

function textOf(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
    /* {"err":{"type":"TypeError","message":"…"}}: pino, winston */
    if (isObject(value) && typeof value.message === 'string') return value.message;
  }
  return undefined;
}

function facts(fields: Fields): Pick<LineMessage, 'level' | 'traceId'> {
  const level = LEVELS.map((name) => levelName(fields.get(name))).find((one) => one !== undefined);
  const log = fields.get('log');
  const nested = isObject(log) ? levelName(log.level) : priorityName(fields.get('PRIORITY'));
  const trace = TRACES.map((name) => traceIn(fields.get(name))).find((one) => one !== undefined);
  return { ...((level ?? nested) && { level: level ?? nested }), ...(trace && { traceId: trace }) };
}

function priorityName(value: unknown): string | undefined {
  return /^[0-7]$/.test(String(value)) ? PRIORITIES[Number(value)] : undefined;
}

/** An id without which none can be asked for; whatever else stands in its field is not shown. */
export function traceIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{8,64}$/.test(value) && !/^0+$/.test(value) ? value : undefined;
}

/** Pino's and bunyan's numbers. */
const NUMBERED: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const SPELLINGS: Readonly<Record<string, string>> = {
  err: 'error',
  eror: 'error',
  e: 'error',
  severe: 'error',
  warning: 'warn',
  wrn: 'warn',
  w: 'warn',
  information: 'info',
  informational: 'info',
  inf: 'info',
  i: 'info',
  dbg: 'debug',
  d: 'debug',
  crit: 'critical',
  f: 'fatal',
  emerg: 'fatal',
};
const KNOWN = /^(?:trace|debug|info|notice|warn|error|fatal|critical|panic|alert|emergency)$/;

/** One spelling of a level; undefined for what is none. */
export function levelName(value: unknown): string | undefined {
  if (typeof value === 'number') return NUMBERED[value];
  if (typeof value !== 'string') return undefined;
  const lower = value.trim().toLowerCase();
  const name = SPELLINGS[lower] ?? lower;
  return KNOWN.test(name) ? name : undefined;
}

const PAIR = /(?:^|\s)([A-Za-z_@][\w.@-]{0,60})=(?:"((?:[^"\\]|\\.){0,2000})"|([^\s"]{0,2000}))/g;

function logfmt(text: string): LineMessage | undefined {
  if (!/(?:^|\s)(?:msg|message)=/.test(text)) return undefined;
  const pairs = Array.from(text.matchAll(PAIR), ([, name, quoted, bare]): [string, string] => [
    name!,
    quoted === undefined ? bare! : quoted.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1'),
  ]);
  const fields = new Map(pairs);
  const message = textOf(fields, ['msg', 'message']);
  return message === undefined ? undefined : { message: said(fields, message), ...facts(fields) };
}

/** What programs, containers and syslog write before a message: each is taken from the front, in any order. */
const PREFIXES: readonly RegExp[] = [
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?\s*/,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s*/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[\w.-]{1,64} (?=[\w./-]{1,64}(?:\[\d{1,9}\])?: ))?/,
  /^(?:stdout|stderr) [FP] /,
  /^<\d{1,3}>\d? ?/,
  /^[|:–-]\s+/,
];
/** Go's klog: level, month and day, time, thread, place; syslog puts the name of the program before it. */
const KLOG =
  /^(?:[\w.-]{1,64}(?:\[\d{1,9}\])?: )?([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6}\s{1,8}\d{1,9} [\w.-]{1,80}:\d{1,6}\] /;
/* a lower-case word without a bracket or a colon begins many an ordinary sentence: `error connecting to …` */
const LEVEL =
  /^(?:(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE|PANIC|INF|WRN|DBG)(?::|(?=[\s/]))|[[(<](\w{3,8})[\])>]:?|(trace|debug|info|notice|warn|warning|error|fatal|critical): )[\s|-]{0,4}/;

function plain(text: string): LineMessage {
  let rest = text.trimStart();
  if (isFrame(text)) return { message: FRAME };
  let level: string | undefined;
  for (let i = 0; i < 8; i += 1) {
    const klog = level === undefined ? KLOG.exec(rest) : null;
    const loud = level === undefined ? (klog ?? LEVEL.exec(rest)) : null;
    const found = loud && levelName(loud[1] ?? loud[2] ?? loud[3]);
    if (found) level = found;
    const taken = (found && loud[0]) ?? PREFIXES.map((prefix) => prefix.exec(rest)?.[0]).find((one) => one);
    if (!taken) break;
    rest = rest.slice(taken.length);
  }
  /* `com.example.Orders - ERROR - …`, `[main] ERROR c.e.Orders - …`: the level stands behind a name */
  const behind =
    level === undefined
      ? /^.{0,80}?[\s[|-](TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)[\s\]:|-]/.exec(rest)
      : null;
  const named = level ?? levelName(behind?.[1]);
  return { message: oneLine(headOf(rest) || text), ...(named && { level: named }) };
}

/** Lines of a stack trace that came one by one: together they say that there is one, apart they say nothing. */
const FRAME = '(a line of a stack trace)';

function isFrame(text: string): boolean {
  return /^\s+at [\w$.<>/]|^\s+File "[^"]{1,300}", line \d|^\s*\.{3} \d+ (?:common frames |more)|^\t\S{1,300}\.go:\d/.test(
    text,
  );
}

/** Of a text of several lines what it is about: its first line, and the cause that a stack trace names. */
function headOf(text: string): string {
  if (!text.includes('\n')) return text;
  const lines = text
    .slice(0, MAX_LINE)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  /* Python names the exception last */
  if (first.startsWith('Traceback (')) return lines.findLast((line) => !/^\s/.test(line)) ?? first;
  const cause =
    lines.slice(1, 200).findLast((line) => line.startsWith('Caused by: ')) ??
    lines.slice(1, 3).find((line) => EXCEPTION.test(line));
  return cause ? `${first} ${cause}` : first;
}

/** Behind the message of a logger stands what it was given: `java.io.IOException: disk full`. */
const EXCEPTION = /^[\w.$]{1,200}(?:Exception|Error)(?:: |$)/;

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE ? line.slice(0, MAX_MESSAGE).toWellFormed() : line;
}
