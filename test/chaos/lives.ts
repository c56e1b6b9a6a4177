import type { Client } from 'pg';
import type { Fault } from './faults.ts';
import { hasSaid, isLeft } from './life.ts';
import type { Life } from './life.ts';

/** Deaths in a row after which a triage is not tried again. */
const STRIKES = 3;

/** How the processes ended, and what they said: exit codes as promised, nothing uncaught, nothing left behind. */
export function lifeViolations(lives: readonly Life[], faults: readonly Fault[]): string[] {
  return lives.flatMap((life) => {
    const who = `process ${life.number} of replica ${life.replica}`;
    const own = faults.filter((fault) => fault.life === life);
    const found: string[] = [];
    if (
      !own.some(({ kind }) => kind === 'kill') &&
      life.end !== 0 &&
      !hadNotBegun(life) &&
      !hadNoDatabase(life, own, faults)
    )
      found.push(`P8: ${who} ended with ${life.end}, and nobody killed it${lastWords(life)}`);
    if (life.end === 0 && !own.some(({ kind }) => kind === 'term') && life.endedAt !== undefined && !life.isClosed)
      found.push(`P8: ${who} ended, and nobody asked it to`);
    if (isLeft(life)) found.push(`${who} has left a process behind`);
    const uncaught = life.log.find((line) => /nobody caught|a defect of ours|"level":"fatal"/.test(line));
    if (uncaught !== undefined && !(life.listeningAt === undefined && hadNoDatabase(life, own, faults)))
      found.push(`${who} said: ${uncaught.slice(0, 600)}`);
    return found;
  });
}

/** A signal that comes before the program's first line ends a process as it ends any: there is nothing to hand over. */
function hadNotBegun({ log, end }: Life): boolean {
  return end === 'SIGTERM' && log.length === 0;
}

/** A start, or an end, that fell into an outage of the database may fail. */
function hadNoDatabase(life: Life, own: readonly Fault[], faults: readonly Fault[]): boolean {
  const ending = own.find(({ kind }) => kind === 'term')?.at;
  const spans: (readonly [number, number])[] = [[life.spawnedAt, life.listeningAt ?? life.endedAt ?? Infinity]];
  if (ending !== undefined) spans.push([ending, life.endedAt ?? Infinity]);
  return faults.some(
    (fault) =>
      fault.life === undefined && spans.some(([from, to]) => fault.at <= to && from <= (fault.endedAt ?? Infinity)),
  );
}

function lastWords({ log }: Life): string {
  return log.length === 0 ? '' : `; its last words: ${log.slice(-2).join(' ').slice(0, 600)}`;
}

/** P7: a triage ends as an error only when three processes that ran it met their fault after its last recorded turn. */
export async function errorViolations(
  sql: Client,
  lives: readonly Life[],
  faults: readonly Fault[],
): Promise<string[]> {
  const { rows } = await sql.query<EndedBadly>(ENDED_BADLY);
  return rows.flatMap(({ id, outcome, ended_by, analysis, turn_at }) => {
    const said = `triage ${id} ended as ${outcome}, by ${ended_by} (${(analysis ?? '').slice(0, 200)})`;
    if (outcome !== 'error') return [`P7: ${said}: nothing in this run is a reason for that`];
    const since = turn_at?.getTime() ?? 0;
    const ran = lives.filter((life) => hasSaid(life, (line) => line.msg === 'triage started' && line.triage_id === id));
    const struck = ran.filter((life) => faults.some((fault) => fault.life === life && fault.at >= since));
    return struck.length >= STRIKES ? [] : [`P7: ${said}: ${struck.length} of its processes were ended or stopped`];
  });
}

interface EndedBadly {
  readonly id: string;
  readonly outcome: string;
  readonly ended_by: string;
  readonly analysis: string | null;
  readonly turn_at: Date | null;
}

const ENDED_BADLY = `
  SELECT t.id, t.outcome, t.ended_by, t.analysis,
    (SELECT max(u.at) FROM turns u JOIN conversations c ON c.id = u.conversation_id
     WHERE c.triage_id = t.id AND u.role = 'assistant') AS turn_at
  FROM triages t WHERE t.outcome NOT IN ('complete', 'cancelled')`;

/** I8: no secret in a log. */
export function logCanaries(lives: readonly Life[], secrets: readonly string[]): string[] {
  return lives.flatMap(({ replica, number, log }) =>
    secrets.flatMap((secret, i) =>
      log.some((line) => line.includes(secret))
        ? [`I8: secret ${i + 1} of ${secrets.length} stands in the log of replica ${replica}, process ${number}`]
        : [],
    ),
  );
}
