import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { violations } from '../invariants/invariants.ts';
import type { AcknowledgedAlert, Seen } from '../invariants/seen.ts';
import type { JournalEntry } from '../stand-ins/anthropic.ts';
import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { alertNameIn, type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { queryCall, report } from './endings-script';
import { askedByModel, type StandIns, startStandIns, webhookOf } from './stand-ins';
import type { AdmittedBody } from './vigil-in-process';
import { startVigilProcess, type VigilProcess } from './vigil-process';

const LEASE_SECONDS = 2;
/** A lease and what finding it may take: the promise after kill -9. */
export const RESUME_MS = (LEASE_SECONDS + 3) * 1000;

/** What the model says to the n-th request of one alert's conversation, from 0, over all processes. */
export type Says = (request: ParsedRequest, n: number) => Answer | Promise<Answer>;

/** Asks the metrics about itself, then reports. */
export const asks =
  (name: string): Says =>
  (request) =>
    toolResults(request).length === 0 ? calls(queryCall(name)) : report;

/** Processes that are killed and stopped, over one database and stand-ins that live on. */
export class CrashWorld {
  readonly processes: VigilProcess[] = [];
  private readonly said = new Map<string, Says>();
  private readonly acknowledged: AcknowledgedAlert[] = [];

  private constructor(
    readonly standIns: StandIns,
    readonly sql: Client,
    private readonly database: TestDatabase,
  ) {
    standIns.anthropic.play((request) => {
      const name = alertNameIn(request);
      return (this.said.get(name) ?? asks(name))(request, this.modelCalls(name).length - 1);
    });
  }

  static async start(): Promise<CrashWorld> {
    const [world, database] = await Promise.all([startStandIns(), createTestDatabase()]);
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    return new CrashWorld(world, sql, database);
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  async vigil(
    over: Readonly<Record<string, string>> = {},
    nodeArguments: readonly string[] = [],
  ): Promise<VigilProcess> {
    const vigil = await startVigilProcess(
      {
        ...this.standIns.settings,
        database_url: this.database.url,
        lease_seconds: String(LEASE_SECONDS),
        ...over,
      },
      {},
      nodeArguments,
    );
    this.processes.push(vigil);
    return vigil;
  }

  /** Posts an alert of this name and fingerprint; without `says` its model asks once and reports. */
  async alert(vigil: VigilProcess, name: string, says?: Says, startsAt = '2026-11-23T19:05:34.825Z'): Promise<string> {
    if (says) this.said.set(name, says);
    const labels = { alertname: name, service: 'payments', severity: 'warning' };
    const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(name, { labels, startsAt }) });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    this.acknowledged.push({ fingerprint: name, startsAt });
    const body = (await answer.json()) as AdmittedBody;
    return body.accepted[0] ?? Promise.reject(new Error(JSON.stringify(body)));
  }

  modelCalls(name: string): JournalEntry[] {
    return this.standIns.anthropic.journal.filter(({ body }) => body && alertNameIn(body) === name);
  }

  /** How many tool results each request of a conversation held: how often each turn was asked for. */
  turnsAsked(name: string): number[] {
    return this.modelCalls(name).map(({ body }) => toolResults(body!).length);
  }

  /** How often the model's calls asked the metrics about this. */
  toolCalls(what: string): number {
    return this.toolTimes(what).length;
  }

  toolTimes(what: string): Date[] {
    return askedByModel(this.standIns.prometheus)
      .filter(({ params }) => params.get('query') === `up{service="${what}"}`)
      .map(({ at }) => at);
  }

  async rows<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.sql.query<Row>(text, parameters)).rows;
  }

  /** The unfinished and finished triages of all alerts, by name. */
  async triages(): Promise<Record<string, TriageState>> {
    const rows = await this.rows<TriageState & { fingerprint: string }>(
      'SELECT fingerprint, status, outcome, ended_by, attempts, strikes, presumed_dead FROM triages ORDER BY created_at, id',
    );
    return Object.fromEntries(rows.map(({ fingerprint, ...state }) => [fingerprint, state]));
  }

  async allFinished(): Promise<Record<string, TriageState>> {
    return until(
      'all triages are finished and told',
      async () => {
        const owed = await this.rows(`SELECT 1 FROM triages WHERE status <> 'finished'
          UNION ALL SELECT 1 FROM deliveries WHERE state = 'pending'`);
        return owed.length === 0 && this.triages();
      },
      40_000,
    );
  }

  violations(excuses: Pick<Seen, 'lostAnswers' | 'repeatedPosts'> = {}): Promise<string[]> {
    const { anthropic, slack } = this.standIns;
    const { acknowledged } = this;
    return violations(this.sql, { acknowledged, model: anthropic, slack, leaseSeconds: LEASE_SECONDS, ...excuses });
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((vigil) => vigil.signal('SIGKILL')));
    await this.standIns.stop();
    await this.sql.end();
    await this.database.drop();
  }
}

export interface TriageState {
  readonly status: string;
  readonly outcome: string | null;
  readonly ended_by: string | null;
  readonly attempts: number;
  readonly strikes: number;
  readonly presumed_dead: string[];
}

export const saidThat = (vigil: VigilProcess, what: string): Promise<true> =>
  until(`the log says: ${what}`, () => vigil.log.some((line) => line.includes(what)) || undefined);
