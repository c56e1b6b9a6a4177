import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One alert of one delivery, and what Vigil decided. */
export interface SeenAlert {
  readonly at: Date;
  readonly alertname: string;
  readonly service: string;
  readonly status: 'firing' | 'resolved';
  readonly startsAt: string;
  readonly decision: string;
  readonly triageId?: string;
}

/** Stands between Alertmanager and Vigil, passes every delivery on as it is, and tells what became of each alert. */
export interface Witness {
  /** Vigil's address for Alertmanager. */
  readonly url: string;
  /** Every alert that was delivered, oldest first. */
  readonly seen: readonly SeenAlert[];
  stop(): Promise<void>;
}

interface Delivery {
  readonly alerts: readonly {
    readonly status: SeenAlert['status'];
    readonly startsAt: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

interface Decisions {
  readonly alerts?: readonly { readonly decision: string; readonly triage_id?: string }[];
}

export async function startWitness(vigilUrl: string): Promise<Witness> {
  const seen: SeenAlert[] = [];
  const passOn = async (request: IncomingMessage): Promise<{ status: number; body: Buffer }> => {
    const body = await buffer(request);
    const { authorization = '', 'content-type': type = '' } = request.headers;
    const headers = { authorization, 'content-type': type };
    const response = await fetch(vigilUrl + request.url, { method: 'POST', headers, body, redirect: 'manual' });
    const answer = Buffer.from(await response.arrayBuffer());
    if (response.ok)
      seen.push(...alertsOf(JSON.parse(String(body)) as Delivery, JSON.parse(String(answer)) as Decisions));
    return { status: response.status, body: answer };
  };
  const server = createServer((request, response) => {
    passOn(request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      () => response.destroy(), // Alertmanager sees what it would have seen: no answer
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function alertsOf(delivery: Delivery, { alerts = [] }: Decisions): SeenAlert[] {
  return delivery.alerts.map(({ status, startsAt, labels }, i) => ({
    at: new Date(),
    alertname: labels.alertname ?? '',
    service: labels.service ?? '',
    status,
    startsAt,
    decision: alerts[i]?.decision ?? 'unknown',
    triageId: alerts[i]?.triage_id,
  }));
}
