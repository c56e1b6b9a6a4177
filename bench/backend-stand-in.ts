import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen } from './listen.ts';
import type { StandIn } from './listen.ts';

const FIXTURE = join(import.meta.dirname, '..', 'test', 'fixtures', 'prometheus-2.42', 'up.json');

export interface BackendOptions {
  /** How long a query takes. */
  readonly delayMs: number;
  /** Told how long the stand-in had each query, from its headers to its answer's last byte. */
  readonly took?: (ms: number) => void;
}

/** Gives the answer that a real Prometheus once gave, whatever is asked. */
export function startBackend({ delayMs, took }: BackendOptions): Promise<StandIn> {
  const { body } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as { body: unknown };
  const answer = JSON.stringify(body);
  return listen(
    createServer((request, response) => {
      const startedMs = performance.now();
      request.resume();
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
        took?.(performance.now() - startedMs);
      }, delayMs);
    }),
  );
}
