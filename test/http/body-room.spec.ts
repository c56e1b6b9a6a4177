import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import type { Unavailable } from '../../src/domain/errors';
import { jsonBody } from '../../src/http/json-body';
import { until } from '../until';

const MAX_BYTES = 200_000;

interface Sender {
  /** Resolved with the status of its answer. */
  readonly answered: Promise<number>;
  /** Sends what is left of the body. */
  finish(): void;
  giveUp(): void;
}

describe('The room for large bodies', () => {
  let server: Server;
  let atWork: Response[];
  let arrived: number;
  beforeEach(async () => {
    atWork = [];
    arrived = 0;
    const app = express();
    app.use(jsonBody(MAX_BYTES));
    app.post('/', (_request, response) => void atWork.push(response));
    app.use((error: Unavailable, _request: unknown, response: Response, _next: unknown) => {
      response.status(503).json({ code: error.code });
    });
    server = createServer(app).prependListener('request', () => (arrived += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (bytes: number, headers: Readonly<Record<string, string | number>> = {}): Sender => {
    const body = JSON.stringify({ padding: 'x'.repeat(bytes) });
    const sent = request({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
    });
    const answered = new Promise<number>((resolve) => {
      sent.once('response', (response) => (response.resume(), resolve(response.statusCode!)));
      sent.once('error', () => resolve(0));
    });
    sent.write(body.slice(0, 10));
    return { answered, finish: () => sent.end(body.slice(10)), giveUp: () => sent.destroy() };
  };
  const large = (): Sender => {
    const sender = send(150_000);
    sender.finish();
    return sender;
  };
  const working = (count: number): Promise<true> => until(`${count} are at work`, () => atWork.length === count);

  it('holds two of the largest; the third waits, small ones do not, and it comes in when one is answered', async () => {
    const first = large();
    await working(1);
    large();
    await working(2);
    const third = large();
    const small = send(100);
    small.finish();
    await working(3);
    atWork[2]!.status(202).end();
    expect(await small.answered).toBe(202);
    expect(atWork).toHaveLength(3);
    atWork[0]!.status(202).end();
    expect(await first.answered).toBe(202);
    await working(4);
    atWork[3]!.status(202).end();
    expect(await third.answered).toBe(202);
  });

  it('is given back by a sender that goes away, at work or in the line', async () => {
    const first = large();
    large();
    await working(2);
    const third = large();
    const fourth = large();
    third.giveUp();
    await third.answered;
    first.giveUp();
    await working(3);
    atWork[2]!.status(202).end();
    expect(await fourth.answered).toBe(202);
  });

  it('counts what does not say its length as one of the largest', async () => {
    for (let i = 0; i < 2; i += 1) {
      const unknown = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method: 'POST' });
      unknown.on('error', () => undefined);
      unknown.write('{"a":'); // chunked, and never ended
    }
    await until('both have arrived', () => arrived === 2);
    const third = large();
    expect(await third.answered).toBe(503); // it has waited its time
    expect(atWork).toEqual([]);
  }, 20_000);
});
