import { Injectable } from '@nestjs/common';
import { IntakeLedger, type IntakeRequest } from '../alerts/ports/intake-ledger';
import type { AdmissionFacts, AdmissionPolicy, Verdict } from '../alerts/admission';
import type { Admission, Alert } from '../domain/alert';
import { Ids } from '../domain/ids';
import { Database, type Sql } from './database';
import { Overtaken } from './postgres-errors';
import { OPEN_TRIAGES, READ_FACTS, RECORD_FIRINGS, SETTLE_RESOLVED, type FactsRow } from './intake-statements';

/**
 * One transaction and a fixed number of statements for a body of any size. Firings are stored first, in the order of
 * their keys: two bodies with the same alerts queue up behind each other there and cannot deadlock, and what the
 * second one then reads is what the first has committed.
 */
@Injectable()
export class PostgresIntakeLedger extends IntakeLedger {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {
    super();
  }

  admit(request: IntakeRequest, policy: AdmissionPolicy): Promise<Admission[]> {
    return this.database.transaction(async (sql) => {
      await this.quarantine(sql, request);
      if (request.alerts.length === 0) return [];

      const firingIds = await this.recordFirings(sql, request.alerts);
      const facts = await readFacts(sql, firingIds, request.cooldownMs);
      const verdicts = facts.map((fact) => policy(fact));
      const opened = await this.openTriages(sql, request, firingIds, verdicts);
      await joinUnstarted(sql, firingIds, facts, verdicts);
      const ofResolved = await settleResolved(sql, firingIds, facts);
      if (opened.some((triage) => triage?.isNew)) await sql(`SELECT pg_notify('vigil', '')`);

      return request.alerts.map((alert, i) =>
        admissionOf(alert.fingerprint, verdicts[i]!, opened[i], ofResolved.get(firingIds[i]!)),
      );
    });
  }

  private async quarantine(sql: Sql, { quarantined }: IntakeRequest): Promise<void> {
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

  /** @returns for each verdict that opens a triage: its id, or that of the one which was there first */
  private async openTriages(
    sql: Sql,
    request: IntakeRequest,
    firingIds: readonly string[],
    verdicts: readonly Verdict[],
  ): Promise<(OpenedTriage | undefined)[]> {
    const wanted = verdicts.flatMap((verdict, i) => {
      if (verdict.verdict !== 'open' && verdict.verdict !== 'open_later') return [];
      return [{ i, alert: request.alerts[i]!, dueAt: verdict.verdict === 'open_later' ? verdict.dueAt : null }];
    });
    const opened = new Array<OpenedTriage | undefined>(verdicts.length).fill(undefined);
    if (wanted.length === 0) return opened;

    const rows = await sql<{ fingerprint: string; triage_id: string; firing_id: string }>(OPEN_TRIAGES, [
      wanted.map(() => this.ids.next()),
      wanted.map(({ i }) => firingIds[i]),
      wanted.map(({ alert }) => alert.fingerprint),
      wanted.map(({ alert }) => alert.labels.alertname ?? 'unnamed alert'),
      wanted.map(({ alert }) => alert.labels.severity ?? null),
      wanted.map(({ alert }) => alert.annotations.summary ?? alert.annotations.description ?? null),
      wanted.map(({ dueAt }) => dueAt),
      request.traceContext ?? null,
    ]);
    const own = new Map(rows.map((row) => [row.firing_id, row.triage_id]));
    const taken = new Set<string>();
    const losers: number[] = [];
    for (const { i } of wanted) {
      const triageId = own.get(firingIds[i]!);
      if (triageId && !taken.has(triageId)) {
        taken.add(triageId); // the same firing twice in one body is one triage and one duplicate
        opened[i] = { triageId, isNew: true };
      } else {
        losers.push(i);
      }
    }
    if (losers.length > 0) {
      const winners = await sql<{ fingerprint: string; id: string }>(
        `SELECT fingerprint, id FROM triages WHERE status <> 'finished' AND subject_key = ANY ($1::text[])`,
        [losers.map((i) => subjectKey(request.alerts[i]!.fingerprint))],
      );
      const byFingerprint = new Map(winners.map((row) => [row.fingerprint, row.id]));
      for (const i of losers) {
        const triageId = byFingerprint.get(request.alerts[i]!.fingerprint);
        if (!triageId) throw new Overtaken('the triage that was there first has ended meanwhile');
        opened[i] = { triageId, isNew: false };
      }
    }
    return opened;
  }
}

interface OpenedTriage {
  readonly triageId: string;
  /** False: another body was first. */
  readonly isNew: boolean;
}

/** One subject, one unfinished triage. */
function subjectKey(fingerprint: string): string {
  return `alert:${fingerprint}`;
}

async function readFacts(sql: Sql, firingIds: readonly string[], cooldownMs: number): Promise<AdmissionFacts[]> {
  const rows = await sql<FactsRow>(READ_FACTS, [firingIds, cooldownMs]);
  return rows.map((row) => ({
    status: row.status,
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
 * A firing that joins a triage which has not started is investigated with it, and keeps it alive when the other one
 * resolves. What a worker has claimed in the meantime was opened without it.
 */
async function joinUnstarted(
  sql: Sql,
  firingIds: readonly string[],
  facts: readonly AdmissionFacts[],
  verdicts: readonly Verdict[],
): Promise<void> {
  const joins = verdicts.flatMap((v, i) => {
    const { status, waitReason } = facts[i]!.unfinished ?? {};
    const joined =
      v.verdict === 'wait_with' || (v.verdict === 'duplicate' && (status === 'queued' || waitReason === 'money'));
    return joined ? [[v.triageId, firingIds[i]!] as const] : [];
  });
  if (joins.length === 0) return;
  await sql(
    `INSERT INTO triage_firings (triage_id, firing_id)
     SELECT j.triage_id, j.firing_id FROM unnest($1::text[], $2::text[]) AS j (triage_id, firing_id)
     JOIN triages t ON t.id = j.triage_id WHERE t.started_at IS NULL AND t.status <> 'finished'
     FOR SHARE OF t ON CONFLICT DO NOTHING`,
    [joins.map(([triageId]) => triageId), joins.map(([, firingId]) => firingId)],
  );
}

/**
 * A resolve cancels what has not started: a cool-down always, a queued triage unless it is critical. What runs goes on.
 * @returns for each resolved firing with a triage: that triage, and whether it was cancelled
 */
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
  verdict: Verdict,
  opened: OpenedTriage | undefined,
  resolved: { triageId: string; cancelled: boolean } | undefined,
): Admission {
  if (opened && !opened.isNew) {
    const reason = 'a triage of this alert was opened a moment before';
    return { decision: 'duplicate', fingerprint, triageId: opened.triageId, reason };
  }
  switch (verdict.verdict) {
    case 'open':
      return { decision: 'queued', fingerprint, triageId: opened!.triageId };
    case 'open_later':
      return { decision: 'cooling_down', fingerprint, triageId: opened!.triageId, reason: verdict.reason };
    case 'wait_with':
      return { decision: 'cooling_down', fingerprint, triageId: verdict.triageId, reason: verdict.reason };
    case 'duplicate':
    case 'already_triaged':
      return { decision: verdict.verdict, fingerprint, triageId: verdict.triageId, reason: verdict.reason };
    case 'not_firing':
      return {
        decision: 'not_firing',
        fingerprint,
        triageId: resolved?.triageId,
        reason: resolved?.cancelled
          ? 'it resolved before its triage had started: the triage is cancelled'
          : 'it is resolved: recorded, not investigated',
      };
  }
}
