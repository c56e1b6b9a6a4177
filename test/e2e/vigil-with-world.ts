import { NestFactory } from '@nestjs/core';
import type { Express } from 'express';
import { Client } from 'pg';
import { AppModule } from '../../src/app.module';
import type { Settings } from '../../src/config/settings';
import { configureHttp, HTTP_OPTIONS } from '../../src/http/http-app';
import { VigilHttpAdapter } from '../../src/http/vigil-http-adapter';
import { signLink } from '../../src/triage/page/signed-link';
import { createTestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { type StandIns, startStandIns } from './stand-ins';
import { type VigilInProcess, startVigilInProcess } from './vigil-in-process';

type Json = Record<string, unknown>;

/** The whole program in this process, with a database of its own and everything that it talks to. */
export interface VigilWithWorld extends VigilInProcess {
  readonly world: StandIns;
  /** To look into its database, and to move time there. */
  readonly sql: Client;
  readonly databaseUrl: string;
  /** Path and query of the signed link to a triage of this id, whether or not there is one. */
  link(triageId: string, expiresAt?: Date): Promise<string>;
  /** Every route of the program, as `get /t/:id`; for a test of all of them, whoever added them to Express. */
  routes(): Promise<string[]>;
  /** The body of an answer that is 200. */
  get<T = Json>(path: string): Promise<T>;
  see<T = Json>(triageId: string): Promise<T>;
  inStatus<T extends { status?: unknown } = Json>(triageId: string, status: string): Promise<T>;
}

/** @param over `VIGIL_*` without the prefix, in lower case */
export async function startVigilWithWorld(over: Readonly<Record<string, string>> = {}): Promise<VigilWithWorld> {
  const world = await startStandIns();
  const database = await createTestDatabase();
  const vigil = await startVigilInProcess({ database_url: database.url, ...world.settings, ...over });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();

  const get = async <T = Json>(path: string): Promise<T> => {
    const answer = await vigil.call(path);
    const body = (await answer.json()) as T;
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  };
  const see = <T = Json>(id: string): Promise<T> => get<T>(`/api/v1/triage/${id}`);
  return {
    ...vigil,
    world,
    sql,
    databaseUrl: database.url,
    get,
    see,
    inStatus: <T extends { status?: unknown } = Json>(id: string, status: string) =>
      until(`triage ${id} is ${status}`, async () => {
        const seen = await see<T>(id);
        return seen.status === status && seen;
      }),
    link: async (triageId, expiresAt = new Date(Date.now() + 60_000)) => {
      await vigil.call('/api/v1/triage'); // the key is made by the first who needs it
      const { rows } = await sql.query<{ secret: Buffer }>(`SELECT secret FROM signing_keys WHERE purpose = 'link'`);
      return signLink({ baseUrl: '', triageId, expiresAt, key: rows[0]!.secret });
    },
    routes: () => routesOf(vigil.settings, database.url),
    stop: async () => {
      await vigil.stop();
      await Promise.all([sql.end(), world.stop()]);
      await database.drop();
    },
  };
}

/** Of a second application that never listens: the running one shows its routes to nobody. */
async function routesOf(settings: Settings, databaseUrl: string): Promise<string[]> {
  const options = { ...HTTP_OPTIONS, logger: false as const };
  const app = await NestFactory.create(AppModule.forRoot(settings, databaseUrl), new VigilHttpAdapter(), options);
  try {
    await configureHttp(app);
    await app.init();
    const { router } = app.getHttpAdapter().getInstance() as Express;
    return router.stack.flatMap(({ route }) =>
      route ? route.stack.map(({ method }) => `${method} ${String(route.path)}`) : [],
    );
  } finally {
    await app.close();
  }
}
