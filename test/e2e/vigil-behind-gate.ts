import { Client } from 'pg';
import type { Answer } from '../stand-ins/anthropic-answer.ts';
import type { ParsedRequest } from '../stand-ins/anthropic-request.ts';
import { createTestDatabase } from '../database/create-test-database';
import { type StandIns, startStandIns } from './stand-ins';
import { startTcpGate, type TcpGate } from './tcp-gate';
import { startVigilInProcess, type VigilInProcess } from './vigil-in-process';

/** The whole program in this process, and a gate between it and its database. */
export interface VigilBehindGate extends VigilInProcess {
  readonly gate: TcpGate;
  readonly world: StandIns;
  /** Of the same database, past the gate. */
  readonly sql: Client;
}

/** @param over `VIGIL_*` without the prefix, in lower case */
export async function startVigilBehindGate(
  script?: (request: ParsedRequest) => Answer | Promise<Answer>,
  over: Readonly<Record<string, string>> = {},
): Promise<VigilBehindGate> {
  const [world, database] = await Promise.all([startStandIns(script), createTestDatabase()]);
  const url = new URL(database.url);
  const gate = await startTcpGate(Number(url.port));
  url.port = String(gate.port);
  const vigil = await startVigilInProcess({ ...world.settings, database_url: url.href, ...over });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  return {
    ...vigil,
    gate,
    world,
    sql,
    stop: async () => {
      await vigil.stop();
      await Promise.all([sql.end(), world.stop(), gate.close()]);
      await database.drop();
    },
  };
}
