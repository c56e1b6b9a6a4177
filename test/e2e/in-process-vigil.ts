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

/** The whole program in this process as `vigil-in-process.ts` starts it, with a database of its own and everything that it talks to. */
export interface InProcessVigil extends Pick<VigilInProcess, 'port' | 'url' | 'call'> {
  readonly world: StandIns;
  readonly sql: Client;
  readonly databaseUrl: string;
  /** Path and query of the signed link to a triage of this id, whether or not there is one. */
  link(triageId: string, expiresAt?: Date): Promise<string>;
  /** Every route of the program, as `get /t/:id`; for a test of all of them, whoever added them to Express. */
  routes(): Promise<string[]>;
  /** The body of an answer that is 200. */
  get<T = Json>(path: string): Promise<T>;
  /** Posts a body of alerts. */
  post(body: unknown): Promise<{ accepted: string[]; alerts: Json[] }>;
  finished(id: string): Promise<Json>;
  stop(): Promise<void>;
}

/** @param over `VIGIL_*` without the prefix, in lower case */
export async function startInProcess(over: Readonly<Record<string, string>> = {}): Promise<InProcessVigil> {
  const world = await startStandIns();
  const database = await createTestDatabase();
  const vigil = await startVigilInProcess({ database_url: database.url, ...world.settings, ...over });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();

  const { url, port, call } = vigil;
  const get = async <T = Json>(path: string): Promise<T> => {
    const answer = await call(path);
    const body = (await answer.json()) as T;
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    port,
    url,
    world,
    sql,
    databaseUrl: database.url,
    link: async (triageId, expiresAt = new Date(Date.now() + 60_000)) => {
      await call('/api/v1/triage'); // the key is made by the first who needs it
      const { rows } = await sql.query<{ secret: Buffer }>(`SELECT secret FROM signing_keys WHERE purpose = 'link'`);
      return signLink({ baseUrl: '', triageId, expiresAt, key: rows[0]!.secret });
    },
    routes: () => routesOf(vigil.settings, database.url),
    call,
    get,
    post: async (body) =>
      (await (await call('/api/v1/alerts', { method: 'POST', body: JSON.stringify(body) })).json()) as {
        accepted: string[];
        alerts: Json[];
      },
    finished: (id) =>
      until(`triage ${id} is finished`, async () => {
        const seen = await get(`/api/v1/triage/${id}`);
        return seen.status === 'finished' ? seen : undefined;
      }),
    stop: async () => {
      await vigil.stop();
      await sql.end();
      await world.stop();
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
