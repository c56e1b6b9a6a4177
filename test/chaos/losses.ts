import type { Client } from 'pg';
import { unexcused } from '../invariants/excused.ts';
import type { Excuse, Loss } from '../invariants/excused.ts';
import type { Fault } from './faults.ts';
import { hasSaid } from './life.ts';
import type { Life } from './life.ts';
import type { BackendCall } from './backend.ts';
import type { ChaosPost, ModelCall } from './world.ts';

/** Between an answer and its record, on a machine that is busy with other things; in milliseconds. */
const RECORD_MS = 2_000;
/** What a process has already decided to do when it goes on, before it learns that its lease is lost. */
const DECIDED_MS = 1_000;
/** What a process had sent when it was killed is read by us a little later; in milliseconds. */
const UNREAD_MS = 500;
/** Between two clocks of one machine. */
const CLOCKS_MS = 50;

/** A loss with its time, and with the process that it happened to. */
interface TimedLoss extends Loss {
  readonly life?: Life;
  /** From its request to its answer. */
  readonly from: number;
  readonly to: number;
}

/** What was repeated of one kind, how much of it the faults allow, and what they do not. */
export interface Repeats {
  readonly repeated: number;
  readonly allowed: number;
  readonly violations: readonly string[];
}

interface OnRecord {
  readonly conversations: ReadonlyMap<string, string>;
  readonly turnAt: ReadonlyMap<string, number>;
  readonly callIds: ReadonlySet<string>;
  readonly queryAt: ReadonlyMap<string, number>;
}

/** What is on record of model calls and queries. */
export async function readRecord(sql: Client): Promise<OnRecord> {
  const { rows: turns } = await sql.query<{ triage_id: string; seq: number; wire: string; at: Date; role: string }>(
    `SELECT c.triage_id, t.seq, t.wire, t.at, t.role FROM turns t JOIN conversations c ON c.id = t.conversation_id`,
  );
  const { rows: calls } = await sql.query<{ query: string; at: Date }>(
    `SELECT input ->> 'query' AS query, at FROM tool_calls WHERE name = 'query_metrics'`,
  );
  const { rows: asked } = await sql.query<{ id: string }>(`SELECT vendor_id AS id FROM tool_calls`);
  const said = turns.filter(({ role }) => role === 'assistant');
  return {
    conversations: new Map(turns.filter(({ seq }) => seq === 0).map(({ wire, triage_id }) => [wire, triage_id])),
    turnAt: new Map(said.map(({ triage_id, seq, at }) => [`${triage_id}/${seq}`, at.getTime()])),
    callIds: new Set([
      ...asked.map(({ id }) => id),
      ...said.flatMap(({ wire }) => [...wire.matchAll(/toolu_\d+_\d+/g)].map(([id]) => id)),
    ]),
    queryAt: new Map(calls.map(({ query, at }) => [query, at.getTime()])),
  };
}

/** I4, P3: each answer of the model is on record, but for those in flight at a fault; none that is gets asked for again. */
export function modelRepeats(calls: readonly ModelCall[], record: OnRecord, faults: readonly Fault[]): Repeats {
  const violations: string[] = [];
  const losses: TimedLoss[] = [];
  for (const call of calls) {
    const triage = record.conversations.get(call.opening);
    if (triage === undefined)
      violations.push('I4: the model was asked in a conversation whose opening is not on record');
    const loss = {
      subject: triage ?? 'unknown',
      life: call.life,
      from: call.at,
      to: call.endedAt ?? Date.now(),
      what: `the model's answer ${call.seq} of triage ${triage} to ${nameOf(call.life)} (asked ${clock(call.at)}, ${call.entry.answered} ${clock(call.endedAt)})`,
    };
    const recordedAt = record.turnAt.get(`${triage}/${call.seq}`);
    if (recordedAt !== undefined && call.at > recordedAt + CLOCKS_MS && !isBehindTime(loss, faults))
      violations.push(`P3: ${loss.what} was on record since ${clock(recordedAt)} and was asked for again`);
    if (!call.isFaulty && !call.ids.some((id) => record.callIds.has(id))) losses.push(loss);
  }
  return judged('I4', 'is not on record, and no fault was at work', losses, faults, violations);
}

/** P3: no result that is on record is fetched again; each of the others was in flight at a fault. */
export function queryRepeats(calls: readonly BackendCall[], record: OnRecord, faults: readonly Fault[]): Repeats {
  const violations: string[] = [];
  const losses: TimedLoss[] = [];
  for (const [query, some] of Map.groupBy(calls, (call) => call.query)) {
    const recordedAt = record.queryAt.get(query);
    const all = some.map((call) => ({
      subject: query,
      life: call.life,
      from: call.at,
      to: call.at + BACKEND_MS,
      what: `the query ${query} of ${nameOf(call.life)} (${clock(call.at)})`,
    }));
    for (const loss of all)
      if (recordedAt !== undefined && loss.from > recordedAt + CLOCKS_MS && !isBehindTime(loss, faults))
        violations.push(`P3: ${loss.what} was sent although its result was on record since ${clock(recordedAt)}`);
    losses.push(...(recordedAt === undefined ? all : besideRecorded(all, excusesOf(faults))));
  }
  return judged('P3', 'was sent, its result is not on record, and no fault was at work', losses, faults, violations);
}

/**
 * All but the one whose result is on record. That is the last one, or an earlier one: a process that goes on after a stop
 * asks once more before it knows that another one has taken over.
 */
function besideRecorded(all: readonly TimedLoss[], excuses: readonly Excuse<TimedLoss>[]): TimedLoss[] {
  const recorded = all.findLastIndex((_, i) => unexcused(all.toSpliced(i, 1), excuses).length === 0);
  return all.toSpliced(recorded, 1); // of none that will do, the last: -1
}

/** The stand-in answers after a quarter of a second at most. */
const BACKEND_MS = 300;

/** P5: each report stands in the channel once, but where its process ended between Slack's ok and the record of it. */
export function postRepeats(posts: readonly ChaosPost[], faults: readonly Fault[]): Repeats {
  const violations: string[] = [];
  const accepted = posts.flatMap(({ post, life }) => {
    const triage = post.accepted ? /\/t\/([0-9A-HJKMNP-TV-Z]{26})/.exec(post.bodyText)?.[1] : undefined;
    return triage === undefined ? [] : [{ triage, life, at: post.at.getTime() }];
  });
  const losses: TimedLoss[] = [];
  for (const [triage, some] of Map.groupBy(accepted, (post) => post.triage)) {
    for (const { life, at } of some.slice(0, -1)) {
      const what = `the post of triage ${triage} by ${nameOf(life)} (${clock(at)})`;
      const isRecorded = life && hasSaid(life, (line) => line.msg === 'delivered' && line.triage_id === triage);
      if (isRecorded) violations.push(`I5: ${what} was recorded, and was made again`);
      else losses.push({ subject: triage, life, from: at, to: at, what });
    }
  }
  // A signal that asks for the end waits for the delivery in flight.
  const deadly = faults.filter(({ kind }) => kind !== 'term');
  return judged('I5', 'was made again, and no fault was at work', losses, deadly, violations);
}

function judged(
  name: string,
  wrong: string,
  losses: readonly TimedLoss[],
  faults: readonly Fault[],
  violations: readonly string[],
): Repeats {
  const excuses = excusesOf(faults);
  const left = unexcused(losses, excuses);
  const allowed = new Set(
    losses.flatMap((loss) => excuses.flatMap((e, i) => (e.covers(loss) ? [`${i}/${loss.subject}`] : []))),
  );
  return {
    repeated: losses.length,
    allowed: allowed.size,
    violations: [...violations, ...left.map(({ what }) => `${name}: ${what} ${wrong}`)],
  };
}

function excusesOf(faults: readonly Fault[]): Excuse<TimedLoss>[] {
  return faults.map((fault) => ({ covers: (loss) => covers(fault, loss) }));
}

/** Whether a loss was in flight, or not yet recorded, when the fault struck. */
function covers(fault: Fault, loss: TimedLoss): boolean {
  const until = fault.endedAt ?? fault.at;
  const isBefore = loss.from <= until + (fault.kind === 'kill' ? UNREAD_MS : DECIDED_MS);
  if (fault.life === undefined) return isBefore && fault.at <= loss.to + RECORD_MS;
  if (fault.life !== loss.life) return false;
  // After a SIGTERM what runs may go on until the drain is over.
  return fault.at <= loss.to + RECORD_MS && (fault.kind === 'term' || isBefore);
}

/** Whether it was sent by a process that had just gone on after a stop, and did not know what had happened meanwhile. */
function isBehindTime(loss: TimedLoss, faults: readonly Fault[]): boolean {
  return faults.some((fault) => fault.kind === 'stop' && fault.life === loss.life && covers(fault, loss));
}

function nameOf(life: Life | undefined): string {
  return life === undefined ? 'nobody we know' : `replica ${life.replica} (process ${life.number})`;
}

function clock(at: number | undefined): string {
  return at === undefined ? 'never' : new Date(at).toISOString().slice(11, 23);
}
