import { type LabelPairs, readLabels } from './read-labels';

/** One log line as the model was given it. */
export interface LogLine {
  readonly at: Date;
  /** What tells it apart from the other lines: most often its service. */
  readonly labels: LabelPairs;
  /** `error`, `warn`, in lower case; undefined where the line names none. */
  readonly level?: string;
  /** What it says first: the message of a structured line, else the whole of it. */
  readonly message: string;
  /** The other fields of a structured line, as `name=value`. */
  readonly fields: readonly string[];
  /** How many equal lines it stands for. */
  readonly count: number;
  /** When the last of them came. */
  readonly last: Date;
}

/**
 * Reads `TIME {labels} level message name=value … (differing: …) (N times, last at T)`, in which all but the time may be
 * missing; undefined for a line of another form.
 */
export function readLogLine(line: string): LogLine | undefined {
  const [, time = '', rest = ''] = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/.exec(line) ?? [];
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return undefined;
  const labelled = rest.startsWith('{') ? readLabels(rest) : undefined;
  const whole = (labelled?.rest ?? rest).trim();
  const [fold, count, last] = / \((\d+) times, last at ([\dT:.Z-]+)\)$/.exec(whole) ?? [];
  const text = fold ? whole.slice(0, -fold.length) : whole;
  const lastAt = new Date(last ?? time);
  return {
    at,
    labels: labelled?.pairs ?? [],
    count: Number(count ?? 1),
    last: Number.isNaN(lastAt.getTime()) ? at : lastAt,
    ...(structured(text) ?? compact(text)),
  };
}

type Said = Pick<LogLine, 'level' | 'message' | 'fields'>;

const MESSAGE_NAMES = ['msg', 'message', 'event'];
const LEVEL_NAMES = ['level', 'severity', 'lvl'];
/** They stand elsewhere in the line already. */
const TIME_NAMES = ['time', 'ts', 'timestamp', '@timestamp'];

function structured(text: string): Said | undefined {
  const members = membersOf(text);
  const message = MESSAGE_NAMES.map((name) => members?.get(name)).find((value) => typeof value === 'string');
  if (!members || message === undefined) return undefined;
  const level = LEVEL_NAMES.map((name) => members.get(name)).find((value) => typeof value === 'string');
  const told = [...MESSAGE_NAMES, ...LEVEL_NAMES, ...TIME_NAMES];
  const fields = Array.from(members)
    .filter(([name]) => !told.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return { level: level?.toLowerCase(), message, fields };
}

function membersOf(text: string): ReadonlyMap<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return new Map(Object.entries(JSON.parse(text) as object));
  } catch {
    return undefined;
  }
}

const LEVELS = /\b(trace|debug|info|notice|warn|warning|error|fatal|critical|panic)\b/i;
/** Characters in which a plain line names its level: a word further on is part of what it tells. */
const LEVEL_WITHIN = 60;
/** Our own word before the message, in lower case. */
const LEVEL_FIRST = /^(trace|debug|info|notice|warn|warning|error|err|fatal|critical|panic) (?=\S)/;

/** `error charge failed status=500 (differing: …)`: the level, the message, and the fields that end the line. */
function compact(text: string): Said {
  const differing = text.endsWith(')') ? text.lastIndexOf(' (differing: ') : -1;
  const told = differing === -1 ? text : text.slice(0, differing);
  const first = LEVEL_FIRST.exec(told);
  const said = first ? told.slice(first[0].length) : told;
  const { message, fields } = withoutFields(said);
  const level = first?.[1] ?? LEVELS.exec(told.slice(0, LEVEL_WITHIN))?.[1]?.toLowerCase();
  const differs = differing === -1 ? [] : [text.slice(differing + 1)];
  return { level, message: message === '' ? said : message, fields: [...(message === '' ? [] : fields), ...differs] };
}

const WORD = /(\s*)((?:[\w.@/-]{1,80}|"[^"\\]{1,80}")=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)|\S+)/y;
const FIELD = /^(?:[\w.@/-]{1,80}|"[^"\\]{1,80}")=/;

/** Walked once from the beginning: a message may hold fields of its own, only those at the end are the line's. */
function withoutFields(text: string): { readonly message: string; readonly fields: readonly string[] } {
  let end = 0;
  let fields: string[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match; match = WORD.exec(text)) {
    if (FIELD.test(match[2]!)) fields.push(unquoted(match[2]!));
    else {
      fields = [];
      end = WORD.lastIndex;
    }
  }
  return { message: text.slice(0, end), fields };
}

function unquoted(field: string): string {
  const [, name, value] = /^([^"=]+)=(".*")$/s.exec(field) ?? [];
  try {
    return name ? `${name}=${JSON.parse(value!) as string}` : field;
  } catch {
    return field;
  }
}
