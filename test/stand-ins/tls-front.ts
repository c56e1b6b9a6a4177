import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

const FILES = join(import.meta.dirname, '../fixtures/tls');

/** The authority that signed the certificate of every front; nobody trusts it unless told to. */
export const TEST_CA_FILE = join(FILES, 'ca.pem');

/** A certificate that ended in 2021 and signed itself: whoever trusts it still finds it expired. */
export const EXPIRED_FILE = join(FILES, 'expired.pem');

export interface TlsFront {
  /** Of 127.0.0.1; the certificate is also good for localhost and *.vigil.test. */
  readonly port: number;
  /** How often somebody began to speak to it. */
  connections(): number;
  stop(): Promise<void>;
}

/**
 * Puts HTTPS before a stand-in that speaks plain HTTP on 127.0.0.1.
 * @param certificate which of the fixtures
 */
export async function startTlsFront(behind: string, certificate: 'server' | 'expired' = 'server'): Promise<TlsFront> {
  const port = Number(new URL(behind).port);
  const key = readFileSync(join(FILES, `${certificate}-key.pem`));
  const cert = readFileSync(join(FILES, `${certificate}.pem`));
  const server = createServer({ key, cert }, (outer) => {
    const inner = connect(port, '127.0.0.1');
    outer.pipe(inner).pipe(outer);
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy());
  });
  let connections = 0;
  server.on('connection', () => (connections += 1)).on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
