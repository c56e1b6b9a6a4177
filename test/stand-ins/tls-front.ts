import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

const FILES = join(import.meta.dirname, '../fixtures/tls');

/** The authority that signed the certificate of every front; nobody trusts it unless told to. */
export const TEST_CA_FILE = join(FILES, 'ca.pem');

export interface TlsFront {
  /** Of 127.0.0.1; the certificate is also good for localhost and *.vigil.test. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Puts HTTPS before a stand-in that speaks plain HTTP on 127.0.0.1. */
export async function startTlsFront(behind: string): Promise<TlsFront> {
  const port = Number(new URL(behind).port);
  const key = readFileSync(join(FILES, 'server-key.pem'));
  const cert = readFileSync(join(FILES, 'server.pem'));
  const server = createServer({ key, cert }, (outer) => {
    const inner = connect(port, '127.0.0.1');
    outer.pipe(inner).pipe(outer);
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
