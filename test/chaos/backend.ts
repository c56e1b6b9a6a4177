import type { BackendRequest } from '../stand-ins/backend-stand-in.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import type { Life } from './life.ts';
import type { Seeded } from './seeded.ts';

/** What all queries of the model ask about; each has a factor of its own behind it. */
export const SUBJECT_OF_QUERY = 'up{service="payments"}';

const TAKES_MS = [10, 250] as const;

/** One query that a tool call sent. */
export interface BackendCall {
  readonly at: number;
  readonly query: string;
  readonly life?: Life;
}

/** A Prometheus that takes its time for what the model asks, and keeps who asked. */
export async function startChaosPrometheus(
  seeded: Seeded,
  lifeOf: (request: BackendRequest) => Life | undefined,
  asked: (call: BackendCall) => void,
): Promise<PrometheusStandIn> {
  const now = Math.floor(Date.now() / 1000);
  // Some minutes into the future, too: it is not rewritten while the run goes on.
  const samples = Array.from({ length: 200 }, (_, i): [number, number] => [now + (i - 120) * 15, 1]);
  const prometheus = await startPrometheus({ series: [{ labels: { __name__: 'up', service: 'payments' }, samples }] });
  prometheus.fault((request) => {
    const query = request.params.get('query') ?? '';
    if (!request.path.endsWith('/query') || !query.startsWith(`${SUBJECT_OF_QUERY} * `)) return undefined;
    asked({ at: Date.now(), query, life: lifeOf(request) });
    return { kind: 'delay', ms: seeded.whole(...TAKES_MS) };
  });
  return prometheus;
}
