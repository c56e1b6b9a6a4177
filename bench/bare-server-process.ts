import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Pool } from 'pg';
import { partOptions, sayToBench } from './fork-part.ts';
import { listen } from './listen.ts';

/* A server that reads a JSON body, commits one row, and answers: as little as a webhook can cost in this language. */

const { databaseUrl, clients } = partOptions<{ databaseUrl: string; clients: number }>();
const pool = new Pool({ connectionString: databaseUrl, max: clients });
await pool.query('CREATE TABLE IF NOT EXISTS bare_server (body text)');

async function store(body: unknown): Promise<void> {
  await pool.query({
    name: 'store',
    text: 'INSERT INTO bare_server (body) VALUES ($1)',
    values: [JSON.stringify(body)],
  });
}

const server = createServer((request, response) => {
  json(request)
    .then(store)
    .then(
      () => response.writeHead(202, { 'content-type': 'application/json' }).end('{}'),
      (error: unknown) => response.writeHead(503).end(String(error)),
    );
});
const { url } = await listen(server);
sayToBench({ url });
