import { EventEmitter2 } from '@nestjs/event-emitter';
import { Logger } from '@nestjs/common';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { DatabaseConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import { VigilEventEmitter } from '../../src/events/vigil-event-emitter';
import { Doorbell } from '../../src/persistence/doorbell';
import { FakeClock } from '../llm/fake-clock';
import { until } from '../until';

/** A message of the Postgres protocol: its type, its length, its content. */
const message = (type: string, content: Buffer): Buffer => {
  const head = Buffer.from(`${type}\0\0\0\0`);
  head.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};
const READY = message('Z', Buffer.from('I'));
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), READY]);
const REFUSAL = message('E', Buffer.from('SERROR\0C25006\0Mcannot execute LISTEN during recovery\0\0'));

describe('The doorbell at a server that refuses LISTEN, as a standby does after a failover', () => {
  let server: Server;
  const open = new Set<Socket>();
  let refused = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
      socket.once('data', () => {
        socket.write(WELCOME);
        socket.on('data', (asked) => {
          if (!asked.includes('LISTEN')) return;
          refused += 1;
          socket.write(Buffer.concat([REFUSAL, READY]));
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('leaves no connection behind with each try, and says once that it is deaf (F17)', async () => {
    const warnings: unknown[] = [];
    Logger.overrideLogger({ log: () => undefined, error: () => undefined, warn: (line) => warnings.push(line) });
    const url = `postgres://vigil@127.0.0.1:${(server.address() as AddressInfo).port}/vigil`;
    const config = new DatabaseConfig({ databaseUrl: url } as Settings);
    const doorbell = new Doorbell(config, new FakeClock(), new VigilEventEmitter(new EventEmitter2()));
    doorbell.onApplicationBootstrap();
    await until('it was refused four times', () => refused >= 4);
    expect(open.size).toBeLessThanOrEqual(2); // one that ends and the next one
    await doorbell.onApplicationShutdown();
    await until('all are closed', () => open.size === 0);
    expect(warnings).toHaveLength(1);
    Logger.overrideLogger(false);
  });
});
