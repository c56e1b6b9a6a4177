import { Injectable } from '@nestjs/common';
import { IntakeLedger, type IntakeRequest } from '../alerts/ports/intake-ledger';
import type { AdmissionFacts, AdmissionPolicy, Ruling } from '../alerts/admission';
import type { Admission, Alert } from '../domain/alert';
import { Ids } from '../domain/ids';
import { Database, type Sql } from './database';
import { Overtaken } from './postgres-errors';
import { storedAlertName } from './stored-alert-name';
import {
  type FactsRow,
  JOIN_UNSTARTED,
  LOCK_FINGERPRINTS,
  LOCK_UNFINISHED,
  OPEN_TRIAGES,
  READ_FACTS,
  RECORD_FIRINGS,
  SETTLE_RESOLVED,
} from './intake-statements';

/**
 * One transaction and a fixed number of statements for any number of alerts. Rows are locked in one order over all
 * replicas, so that no two bodies can deadlock: the firings by their keys, then the triages that have not started by
 * their subjects, then the new triages by theirs. What was locked is what is read or changed after it.
 */
@Injectable()
export class PostgresIntakeLedger extends IntakeLedger {
  private ringing = false;
  /** Something was queued after the ring under way had begun. */
  private toRing = false;

  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {
    super();
  }

  async admit(request: IntakeRequest, policy: AdmissionPolicy): Promise<Admission[]> {
    const [admissions] = await this.admitTogether([request], policy);
    return admissions!;
  }

  /**
   * Several requests in one transaction, as if they had come one after the other. That holds where no two of them say
   * different things of the same alert.
   * @param requests of one cool-down
   */
  async admitTogether(requests: readonly IntakeRequest[], policy: AdmissionPolicy): Promise<Admission[][]> {
    const alerts = requests.flatMap((request) => request.alerts);
    const admissions = await this.database.transaction(async (sql) => {
      await this.quarantine(
        sql,
        requests.flatMap(({ quarantined }) => quarantined),
      );
      if (alerts.length === 0) return [];

      await lockFingerprintsWithoutStart(sql, alerts);
      const firingIds = await this.recordFirings(sql, alerts);
      const facts = await readFacts(sql, alerts, firingIds, requests[0]!.cooldownMs);
      await lockUnstarted(sql, facts);
      const { rulings, opened } = this.decide(alerts, facts, policy);
      await openTriages(sql, requests, firingIds, opened);
      await joinUnstarted(sql, firingIds, rulings);
      const ofResolved = await settleResolved(sql, firingIds, facts);

      return alerts.map(({ fingerprint }, i) => admissionOf(fingerprint, rulings[i]!, ofResolved.get(firingIds[i]!)));
    });
    if (admissions.some(({ decision }) => decision === 'queued')) void this.ringOthers();
    const inOrder = admissions.values();
    return requests.map((request) => request.alerts.map(() => inOrder.next().value!));
  }

  /**
   * Wakes the other replicas, after the commit and one ring at a time: a NOTIFY inside a transaction makes its commit, the
   * flush to disk included, wait for those of all others that notify. Who hears nothing finds the work by polling.
   */
  private async ringOthers(): Promise<void> {
    this.toRing = true;
    if (this.ringing) return;
    this.ringing = true;
    while (this.toRing) {
      this.toRing = false;
      await this.database.read(`SELECT pg_notify('vigil', '')`).catch(() => undefined);
    }
    this.ringing = false;
  }

  /** Alert by alert, in their order: what an earlier one opens is there for a later one of the same fingerprint. */
  private decide(alerts: readonly Alert[], facts: readonly AdmissionFacts[], policy: AdmissionPolicy): Decisions {
    const opened = new Map<string, OpenedTriage>();
    const rulings = alerts.map(({ fingerprint }, i): StoredRuling => {
      const before = opened.get(fingerprint);
      const ruling = policy(before ? { ...facts[i]!, unfinished: unfinishedOf(before) } : facts[i]!);
      if (ruling.ruling !== 'open' && ruling.ruling !== 'open_later') return ruling;
      const triageId = this.ids.next();
      opened.set(fingerprint, { triageId, place: i, dueAt: ruling.ruling === 'open_later' ? ruling.dueAt : null });
      return { ...ruling, triageId };
    });
    return { rulings, opened };
  }

  private async quarantine(sql: Sql, quarantined: IntakeRequest['quarantined']): Promise<void> {
    if (quarantined.length === 0) return;
    await sql(
      `INSERT INTO quarantine (id, reason, body)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
      [quarantined.map(() => this.ids.next()), quarantined.map((q) => q.reason), quarantined.map((q) => q.body)],
    );
  }

  /** @returns the id of each alert's firing, in the alerts' order */
  private async recordFirings(sql: Sql, alerts: readonly Alert[]): Promise<string[]> {
    const rows = await sql<{ firing_id: string }>(RECORD_FIRINGS, [
      alerts.map(() => this.ids.next()),
      alerts.map((a) => a.fingerprint),
      alerts.map((a) => a.status),
      alerts.map((a) => a.startsAt ?? null),
      alerts.map((a) => a.endsAt ?? null),
      alerts.map((a) => JSON.stringify(a.labels)),
      alerts.map((a) => JSON.stringify(a.annotations)),
      alerts.map((a) => a.generatorUrl ?? null),
    ]);
    return rows.map((row) => row.firing_id);
  }
}

type Opening = Extract<Ruling, { ruling: 'open' | 'open_later' }>;
/** A ruling that opens a triage has got its id. */
type StoredRuling = Exclude<Ruling, Opening> | (Opening & { readonly triageId: string });

interface OpenedTriage {
  readonly triageId: string;
  /** Which alert of the body opens it. */
  readonly place: number;
  /** When it is due; null: at once. */
  readonly dueAt: Date | null;
}

interface Decisions {
  readonly rulings: readonly StoredRuling[];
  /** By fingerprint: one subject has one unfinished triage. */
  readonly opened: ReadonlyMap<string, OpenedTriage>;
}

function unfinishedOf({ triageId, dueAt }: OpenedTriage): AdmissionFacts['unfinished'] {
  return dueAt ? { triageId, status: 'waiting', waitReason: 'cool_down' } : { triageId, status: 'queued' };
}

/**
 * An alert without a start belongs to the open firing of its fingerprint: of two such bodies at once the second must see
 * the firing that the first begins.
 */
async function lockFingerprintsWithoutStart(sql: Sql, alerts: readonly Alert[]): Promise<void> {
  const fingerprints = alerts.flatMap(({ startsAt, fingerprint }) => (startsAt ? [] : [fingerprint]));
  if (fingerprints.length > 0) await sql(LOCK_FINGERPRINTS, [fingerprints]);
}

async function readFacts(
  sql: Sql,
  alerts: readonly Alert[],
  firingIds: readonly string[],
  cooldownMs: number,
): Promise<AdmissionFacts[]> {
  const rows = await sql<FactsRow>(READ_FACTS, [firingIds, cooldownMs]);
  return rows.map((row, i) => ({
    // The firing's own is the last word of the body about it.
    status: alerts[i]!.status === 'resolved' ? 'resolved' : row.status,
    unfinished: row.open_id
      ? { triageId: row.open_id, status: row.open_status, waitReason: row.open_wait_reason ?? undefined }
      : undefined,
    own: row.own_id
      ? {
          triageId: row.own_id,
          outcome: row.own_outcome,
          tries: row.own_tries,
          coolingUntil: row.own_cooling_until ?? undefined,
        }
      : undefined,
    recent: row.recent_id ? { triageId: row.recent_id, coolingUntil: row.recent_cooling_until } : undefined,
  }));
}

/**
 * Holds the triages that wait to be started: until this body is committed nobody claims them, and no resolve in another
 * body cancels one that an alert of this body counts on.
 * @throws Overtaken when one of them ended after it was read
 */
async function lockUnstarted(sql: Sql, facts: readonly AdmissionFacts[]): Promise<void> {
  const ids = new Set(
    facts.flatMap(({ unfinished }) => (unfinished && unfinished.status !== 'running' ? [unfinished.triageId] : [])),
  );
  if (ids.size === 0) return;
  const locked = await sql(LOCK_UNFINISHED, [[...ids]]);
  if (locked.length < ids.size) throw new Overtaken('a triage that was queued has ended meanwhile');
}

/** @throws Overtaken when another body opened a triage of one of the subjects after they were read */
async function openTriages(
  sql: Sql,
  requests: readonly IntakeRequest[],
  firingIds: readonly string[],
  opened: Decisions['opened'],
): Promise<void> {
  if (opened.size === 0) return;
  const origins = requests.flatMap((request) => request.alerts.map((alert) => ({ request, alert })));
  const triages = [...opened.values()].map((triage) => ({ ...triage, ...origins[triage.place]! }));
  const stored = await sql(OPEN_TRIAGES, [
    triages.map(({ triageId }) => triageId),
    triages.map(({ place }) => firingIds[place]),
    triages.map(({ alert }) => alert.fingerprint),
    triages.map(({ alert }) => storedAlertName(alert.labels.alertname ?? 'unnamed alert')),
    triages.map(({ alert }) => alert.labels.severity ?? null),
    triages.map(({ alert }) => alert.annotations.summary ?? alert.annotations.description ?? null),
    triages.map(({ dueAt }) => dueAt),
    triages.map(({ request }) => request.traceContext ?? null),
    triages.map(({ request }) => request.truncatedAlerts || null),
  ]);
  if (stored.length < triages.length) throw new Overtaken('another body opened a triage of the same alert');
}

/**
 * A firing that joins a triage which has not started is investigated with it, and keeps it alive when the other one
 * resolves. What a worker has claimed was opened without it.
 */
async function joinUnstarted(sql: Sql, firingIds: readonly string[], rulings: readonly Ruling[]): Promise<void> {
  const joins = rulings.flatMap((v, i) =>
    v.ruling === 'wait_with' || v.ruling === 'duplicate' ? [[v.triageId, firingIds[i]!] as const] : [],
  );
  if (joins.length === 0) return;
  await sql(JOIN_UNSTARTED, [joins.map(([triageId]) => triageId), joins.map(([, firingId]) => firingId)]);
}

/** @returns for each resolved firing with a triage: that triage, and whether it was cancelled */
async function settleResolved(
  sql: Sql,
  firingIds: readonly string[],
  facts: readonly AdmissionFacts[],
): Promise<Map<string, { triageId: string; cancelled: boolean }>> {
  const resolved = firingIds.filter((_, i) => facts[i]!.status === 'resolved');
  if (resolved.length === 0) return new Map();
  const rows = await sql<{ firing_id: string; triage_id: string; cancelled: boolean }>(SETTLE_RESOLVED, [resolved]);
  return new Map(rows.map((row) => [row.firing_id, { triageId: row.triage_id, cancelled: row.cancelled }]));
}

function admissionOf(
  fingerprint: string,
  ruling: StoredRuling,
  resolved: { triageId: string; cancelled: boolean } | undefined,
): Admission {
  switch (ruling.ruling) {
    case 'open':
      return { decision: 'queued', fingerprint, triageId: ruling.triageId };
    case 'open_later':
    case 'wait_with':
      return { decision: 'cooling_down', fingerprint, triageId: ruling.triageId, reason: ruling.reason };
    case 'duplicate':
    case 'already_triaged':
      return { decision: ruling.ruling, fingerprint, triageId: ruling.triageId, reason: ruling.reason };
    case 'not_firing':
      return {
        decision: 'not_firing',
        fingerprint,
        triageId: resolved?.triageId,
        cancelled: resolved?.cancelled ?? false,
        reason: resolved?.cancelled
          ? 'it resolved before its triage had started: the triage is cancelled'
          : 'it is resolved: recorded, not investigated',
      };
  }
}
