import { Injectable } from '@nestjs/common';
import type { ChangeHistory, ChangesOfATime } from '../briefing/ports/change-history';
import { type ChangeFilter, ChangeLedger, type ChangeList, type ChangePosition } from '../changes/ports/change-ledger';
import type { Labels } from '../domain/alert';
import type { Change, ChangeKind } from '../domain/change';
import type { ChangeRecords } from '../domain/change-records';
import type { ChangeQuestion, ChangeSearch, ChangesFound } from '../tools/ports/change-search';
import { Database } from './database';

/** What was changed: taken in for pipelines, listed for callers, told to the briefing, searched by the model. */
@Injectable()
export class PostgresChanges extends ChangeLedger implements ChangeHistory, ChangeSearch {
  constructor(private readonly database: Database) {
    super();
  }

  async record(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.database.transaction((sql) => sql(RECORD, [JSON.stringify(changes.map(rowOf))]));
  }

  async list(filter: ChangeFilter, limit: number, after?: ChangePosition): Promise<ChangeList> {
    const { text, parameters } = changesStatement(filter, limit, after);
    const rows = await this.database.read<ChangeRow & { readonly at_exact: string }>(text, parameters);
    // One row more than was asked for: it tells whether anything comes after, and is not shown.
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      changes: shown.map(changeFrom),
      next: last && { at: last.at_exact, source: last.source, id: last.id },
    };
  }

  async between(
    { after, upTo, nearestTo }: { after: Date; upTo: Date; nearestTo: Date },
    limit: number,
  ): Promise<ChangesOfATime> {
    const rows = await this.database.read<ChangeRow & { readonly total: number }>(BETWEEN, [
      after,
      upTo,
      nearestTo,
      limit,
    ]);
    return { changes: rows.map(changeFrom), total: rows[0]?.total ?? 0 };
  }

  async nearest(asked: ChangeQuestion, to: Date, limit: number): Promise<ChangesFound> {
    const { text, parameters } = nearestStatement(asked, to, limit);
    const rows = await this.database.read<ChangeRow & { readonly total: number; readonly before: number }>(
      text,
      parameters,
    );
    return { changes: rows.map(changeFrom), total: rows[0]?.total ?? 0, before: rows[0]?.before ?? 0 };
  }

  async records(now: Date): Promise<ChangeRecords> {
    const [row] = await this.database.read<{ recent: number; last_at: Date | null }>(RECORDS, [now]);
    return { lastSevenDays: row!.recent, lastAt: row!.last_at ?? undefined };
  }
}

/** In the order of the keys: two bodies with the same changes then wait for each other, and do not lock each other out. */
const RECORD = `
  INSERT INTO changes (source, id, kind, at, title, service, environment, author, revision, previous_revision, commits,
    version, files, details, url, labels)
  SELECT source, id, kind, at, title, service, environment, author, revision, previous_revision, commits, version, files,
    details, url, labels
  FROM json_to_recordset($1::json) AS posted (source text, id text, kind text, at timestamptz, title text, service text,
    environment text, author text, revision text, previous_revision text, commits jsonb, version text, files jsonb,
    details text, url text, labels jsonb)
  ORDER BY source, id
  ON CONFLICT (source, id) DO UPDATE SET
    (kind, at, title, service, environment, author, revision, previous_revision, commits, version, files, details, url,
      labels, received_at)
    = (EXCLUDED.kind, EXCLUDED.at, EXCLUDED.title, EXCLUDED.service, EXCLUDED.environment, EXCLUDED.author,
      EXCLUDED.revision, EXCLUDED.previous_revision, EXCLUDED.commits, EXCLUDED.version, EXCLUDED.files,
      EXCLUDED.details, EXCLUDED.url, EXCLUDED.labels, now())`;

const BETWEEN = `
  SELECT *, count(*) OVER ()::int AS total FROM changes
  WHERE at > $1 AND at <= $2
  ORDER BY abs(extract(epoch FROM at - $3::timestamptz)), source, id LIMIT $4`;

const RECORDS = `
  SELECT (SELECT count(*)::int FROM changes WHERE at > $1::timestamptz - interval '7 days' AND at <= $1) AS recent,
    (SELECT max(at) FROM changes WHERE at <= $1) AS last_at`;

/** Of a hash so many digits are enough to name it. */
const SHORT_HASH = /^[0-9a-f]{7,64}$/;

/** The statement of one page; `migrations/0005` has the indexes that serve it. */
export function changesStatement(filter: ChangeFilter, limit: number, after?: ChangePosition): Statement {
  const parameters: unknown[] = [];
  const placed = (value: unknown): string => `$${parameters.push(value)}`;
  const place =
    after &&
    `(at, source, id) < (${placed(after.at)}::timestamptz, ${placed(after.source)}::text, ${placed(after.id)}::text)`;
  const text = `
    SELECT *, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at_exact FROM changes
    ${whereOf([...conditionsOf(filter, placed), ...(place ? [place] : [])])}
    ORDER BY at DESC, source DESC, id DESC
    LIMIT ${placed(limit + 1)}`;
  return { text, parameters };
}

function nearestStatement(asked: ChangeQuestion, to: Date, limit: number): Statement {
  const parameters: unknown[] = [];
  const placed = (value: unknown): string => `$${parameters.push(value)}`;
  const moment = `${placed(to)}::timestamptz`;
  const text = `
    SELECT *, count(*) OVER ()::int AS total, (count(*) FILTER (WHERE at <= ${moment}) OVER ())::int AS before FROM changes
    ${whereOf(conditionsOf(asked, placed))}
    ORDER BY abs(extract(epoch FROM at - ${moment})), source, id LIMIT ${placed(limit)}`;
  return { text, parameters };
}

interface Statement {
  readonly text: string;
  readonly parameters: unknown[];
}

function conditionsOf(
  { service, kind, revision, since, until }: ChangeFilter,
  placed: (value: unknown) => string,
): string[] {
  return [
    service !== undefined && `(service = ${placed(service)} OR service IS NULL)`,
    kind && `kind = ${placed(kind)}`,
    revision !== undefined && revisionCondition(revision, placed),
    since && `at >= ${placed(since)}`,
    until && `at < ${placed(until)}`,
  ].filter((condition) => typeof condition === 'string');
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}

/** The whole revision; or, of a hash, the beginning that one side has of the other's. */
function revisionCondition(revision: string, placed: (value: unknown) => string): string {
  const asked = placed(revision);
  const same = SHORT_HASH.test(revision)
    ? `(starts_with(r, ${asked}) OR (r ~ '^[0-9a-f]{7,}$' AND starts_with(${asked}, r)))`
    : `r = ${asked}`;
  return `change_revision_keys(revision, commits) && ARRAY[left(${asked}, 7)] AND EXISTS (
    SELECT 1 FROM (SELECT revision UNION ALL SELECT jsonb_array_elements_text(commits)) AS brought (r) WHERE ${same})`;
}

interface ChangeRow {
  readonly source: string;
  readonly id: string;
  readonly kind: ChangeKind;
  readonly at: Date;
  readonly title: string;
  readonly service: string | null;
  readonly environment: string | null;
  readonly author: string | null;
  readonly revision: string | null;
  readonly previous_revision: string | null;
  readonly commits: string[] | null;
  readonly version: string | null;
  readonly files: string[] | null;
  readonly details: string | null;
  readonly url: string | null;
  readonly labels: Labels;
}

/** What is absent becomes null on its way through JSON's missing keys. */
function rowOf({ previousRevision, ...change }: Change): object {
  return { ...change, previous_revision: previousRevision };
}

function changeFrom(row: ChangeRow): Change {
  return {
    source: row.source,
    id: row.id,
    kind: row.kind,
    at: row.at,
    title: row.title,
    service: row.service ?? undefined,
    environment: row.environment ?? undefined,
    author: row.author ?? undefined,
    revision: row.revision ?? undefined,
    previousRevision: row.previous_revision ?? undefined,
    commits: row.commits ?? [],
    version: row.version ?? undefined,
    files: row.files ?? [],
    details: row.details ?? undefined,
    url: row.url ?? undefined,
    labels: row.labels,
  };
}
