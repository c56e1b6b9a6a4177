export type ReplicaName = 'A' | 'B';

/** One process of a replica, from its start to its end. */
export interface Life {
  readonly replica: ReplicaName;
  /** Over all lives of the run, from 0; it names the life's secrets, too. */
  readonly number: number;
  readonly pid: number;
  readonly log: string[];
  readonly spawnedAt: number;
  listeningAt?: number;
  /** The run is over: it was asked to end. */
  isClosed?: boolean;
  /** Where it takes alerts. */
  url?: string;
  endedAt?: number;
  /** The exit code, or the signal that ended it. */
  end?: number | NodeJS.Signals;
}

/** @returns false where it has ended */
export function signal(life: Life, name: NodeJS.Signals): boolean {
  if (life.endedAt !== undefined) return false;
  try {
    return process.kill(life.pid, name);
  } catch {
    return false;
  }
}

/** Whether anything is left of a life's processes. */
export function isLeft({ pid }: Life): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** One line of a log, read. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Whether a process has written a line of which `isIt` holds. */
export function hasSaid({ log }: Life, isIt: (line: LogLine) => boolean): boolean {
  return log.some((text) => {
    const line = lineOf(text);
    return line !== undefined && isIt(line);
  });
}

function lineOf(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined; // cut by the end of its process, or not the log's
  }
}

/** The lines of a log whose message is this. */
export function linesOf({ log }: Life, message: string): LogLine[] {
  return log.flatMap((text) => {
    const line = text.includes(message) ? lineOf(text) : undefined;
    return line?.msg === message ? [line] : [];
  });
}
