import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port that stays while what stands behind it moves: a server that is started again may get another one. */
export interface TcpGate {
  readonly port: number;
  leadTo(port: number): void;
  close(): Promise<void>;
}

export async function startTcpGate(target: number): Promise<TcpGate> {
  let behind = target;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(behind, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => void (behind = port),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
