import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Names the run's server to the specs, which run in other processes than the set-up. */
export const CLUSTER_URL_VARIABLE = 'VIGIL_TEST_DATABASE_URL';
/** A migrated database that nobody connects to; the others are copies of it. */
export const TEMPLATE = 'vigil_template';
/** Any number: makes copies one after the other, over all processes of the run. */
const COPY_LOCK = 5_540_118_273;

/** A migrated database of one spec's own. */
export interface TestDatabase {
  readonly url: string;
  /** Ends the sessions that are left and removes it. */
  drop(): Promise<void>;
}

/** Copies the template of this test run. Two spec files never share a database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await onCluster(async (client) => {
    // The copy fails while anybody is connected to the template, and a second copy connects to it for a moment.
    await client.query('SELECT pg_advisory_lock($1)', [COPY_LOCK]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  });
  const url = new URL(clusterUrl());
  url.pathname = name;
  return {
    url: url.href,
    drop: () => onCluster(async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

async function onCluster(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: clusterUrl() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end(); // frees the lock
  }
}

function clusterUrl(): string {
  const url = process.env[CLUSTER_URL_VARIABLE];
  if (!url)
    throw new Error(
      `${CLUSTER_URL_VARIABLE} is not set: jest's globalSetup (test/database/global-setup.ts) starts the server`,
    );
  return url;
}
