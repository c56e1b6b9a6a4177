import type { Client } from 'pg';
import { ulid } from 'ulid';
import type { BenchAlert } from './alert-bodies.ts';
import type { BenchContext } from './bench.ts';
import { connect } from './postgres.ts';

/** The parameters of one body's three statements. */
type PreparedBody = readonly unknown[][];

/** Stores the rows of alerts that are all new, with nothing around it. */
export interface BareInserts {
  /** What need not be measured. */
  prepare(bodies: readonly (readonly BenchAlert[])[]): PreparedBody[];
  /** One transaction a body, one body at a time on each connection. */
  storeAll(bodies: readonly PreparedBody[]): Promise<void>;
}

const FIRINGS = `
  INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations, generator_url)
  SELECT id, fingerprint, starts_at, 'firing', labels::jsonb, annotations::jsonb, generator_url
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
    AS f (id, fingerprint, starts_at, labels, annotations, generator_url)`;

const TRIAGES = `
  INSERT INTO triages (id, subject_key, status, priority, alert_name, fingerprint, severity, summary)
  SELECT id, 'alert:' || fingerprint, 'queued', 1, alert_name, fingerprint, severity, summary
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    AS t (id, fingerprint, alert_name, severity, summary)`;

const TRIAGE_FIRINGS = `
  INSERT INTO triage_firings (triage_id, firing_id) SELECT * FROM unnest($1::text[], $2::text[])`;

export async function bareInserts(url: string, connections: number, context: BenchContext): Promise<BareInserts> {
  const clients: Client[] = [];
  for (let i = 0; i < connections; i += 1) clients.push(await connect(url, context));
  return {
    prepare: (bodies) => bodies.map(parametersOf),
    storeAll: async (bodies) => {
      const left = bodies.values();
      const storing = clients.map(async (client) => {
        for (const body of left) await store(client, body);
      });
      await Promise.all(storing);
    },
  };
}

async function store(client: Client, [firings, triages, triageFirings]: PreparedBody): Promise<void> {
  await client.query('BEGIN');
  await client.query({ name: 'firings', text: FIRINGS, values: firings });
  await client.query({ name: 'triages', text: TRIAGES, values: triages });
  await client.query({ name: 'triage_firings', text: TRIAGE_FIRINGS, values: triageFirings });
  await client.query('COMMIT');
}

function parametersOf(alerts: readonly BenchAlert[]): PreparedBody {
  const firingIds = alerts.map(() => ulid());
  const triageIds = alerts.map(() => ulid());
  const fingerprints = alerts.map((a) => a.fingerprint);
  return [
    [
      firingIds,
      fingerprints,
      alerts.map((a) => a.startsAt),
      alerts.map((a) => JSON.stringify(a.labels)),
      alerts.map((a) => JSON.stringify(a.annotations)),
      alerts.map((a) => a.generatorURL),
    ],
    [
      triageIds,
      fingerprints,
      alerts.map((a) => a.labels.alertname),
      alerts.map((a) => a.labels.severity),
      alerts.map((a) => a.annotations.summary),
    ],
    [triageIds, firingIds],
  ];
}
