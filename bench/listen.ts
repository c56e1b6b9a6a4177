import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The other side of a wire. */
export interface StandIn {
  /** Base URL. */
  readonly url: string;
  stop(): Promise<void>;
}

/** On a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<StandIn> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
