import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ForwardProxy {
  readonly port: number;
  /** `CONNECT host:port` and `METHOD url` as they arrived, with the credentials beside them. */
  readonly journal: readonly { readonly line: string; readonly authorization?: string }[];
  stop(): Promise<void>;
}

/** A forward proxy as companies have them: tunnels by CONNECT, forwards plain HTTP, and finds every host at 127.0.0.1. */
export async function startForwardProxy(options: { readonly refuseWith?: number } = {}): Promise<ForwardProxy> {
  const { refuseWith } = options;
  const journal: { line: string; authorization?: string }[] = [];
  const open = new Set<Duplex>();

  const server = createServer((req, res) => {
    journal.push({ line: `${req.method} ${req.url}`, authorization: req.headers['proxy-authorization'] });
    const url = new URL(req.url ?? '');
    const { 'proxy-authorization': _, ...headers } = req.headers;
    const onward = httpRequest(
      { host: '127.0.0.1', port: url.port, path: url.pathname + url.search, method: req.method, headers },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  server.on('connect', (req, outer) => {
    journal.push({ line: `CONNECT ${req.url}`, authorization: req.headers['proxy-authorization'] });
    if (refuseWith) {
      outer.end(`HTTP/1.1 ${refuseWith} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const inner = connect(Number(req.url?.split(':')[1]), '127.0.0.1', () => {
      outer.write('HTTP/1.1 200 Connection established\r\n\r\n');
      outer.pipe(inner).pipe(outer);
    });
    open.add(outer).add(inner);
    outer.on('error', () => inner.destroy());
    inner.on('error', () => outer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    journal,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of open) socket.destroy();
      }),
  };
}
