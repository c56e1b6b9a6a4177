import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShopMetrics } from './shop-metrics.ts';
import type { Build } from './shop-metrics.ts';

const GOOD: Build = { version: '1.4.2', revision: '5be0c81' };
const BAD: Build = { version: '1.5.0', revision: 'e6d19f4' };
const CHECKOUT: Build = { version: '3.0.1', revision: 'a91c2d7' };

/** Of ten charges, so many fail under the bad build: evenly, so that a short window shows the share too. */
const FAILING_OF_TEN = 3;
const TELLING = 'charge refused: currency "EUR" has no rounding rule in the new tax table';

export interface ShopOptions {
  /** Takes each line of the shop's JSON logs. */
  readonly log: (labels: Readonly<Record<string, string>>, line: string) => void;
  readonly requestsPerSecond?: number;
}

/** Two services that run in one server: customers check out, and the checkout has payments charge them. */
export interface Shop {
  /** `/metrics` is scraped here; `POST /fault/on` and `/fault/off` switch the fault. */
  readonly url: string;
  /** `on` deploys a build of payments that fails three charges of ten; `off` rolls it back. */
  switchFault(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the shop, with its own customers. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const shop = new ShopServices(options.log);
  const server = createServer((request, response) => void shop.answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shop.open(url);
  const customers = setInterval(() => void order(url), 1000 / (options.requestsPerSecond ?? 20));
  return {
    url,
    switchFault: async (on) => {
      const response = await fetch(`${url}/fault/${on ? 'on' : 'off'}`, { method: 'POST' });
      if (!response.ok) throw new Error(`the shop answered ${response.status}`);
    },
    stop: async () => {
      clearInterval(customers);
      shop.close();
      await closed(server);
    },
  };
}

class ShopServices {
  private readonly metrics = new ShopMetrics(['checkout', 'payments']);
  private readonly writeLog: ShopOptions['log'];
  private payments = GOOD;
  private charges = 0;
  private closing = false;
  private url = '';

  constructor(log: ShopOptions['log']) {
    this.writeLog = log;
  }

  open(url: string): void {
    this.url = url;
    this.log('checkout', { level: 'info', msg: 'started', ...CHECKOUT });
    this.log('payments', { level: 'info', msg: 'started', ...this.payments });
  }

  close(): void {
    this.closing = true;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case 'GET /metrics':
        response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
        response.end(this.metrics.exposition({ checkout: CHECKOUT, payments: this.payments }));
        return;
      case 'POST /fault/on':
      case 'POST /fault/off':
        this.deploy(request.url === '/fault/on' ? BAD : GOOD);
        response.writeHead(204).end();
        return;
      case 'POST /orders':
        return this.measured('checkout', response, () => this.checkout());
      case 'POST /charges':
        return this.measured('payments', response, () => this.charge());
      default:
        response.writeHead(404).end();
    }
  }

  private deploy(build: Build): void {
    if (build === this.payments) return;
    this.payments = build;
    this.log('payments', { level: 'info', msg: 'started', ...build });
  }

  private async measured(
    service: string,
    response: ServerResponse,
    work: () => Promise<number> | number,
  ): Promise<void> {
    const from = performance.now();
    const status = await work();
    this.metrics.observe(service, status, (performance.now() - from) / 1000);
    response.writeHead(status).end();
  }

  private async checkout(): Promise<number> {
    const status = await fetch(`${this.url}/charges`, { method: 'POST' }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200 || this.closing) return 200;
    const msg = `order not placed: payments answered ${status}`;
    this.log('checkout', { level: 'error', status: 502, upstream: 'payments', msg });
    return 502;
  }

  private charge(): number {
    this.charges += 1;
    if (this.payments !== BAD || this.charges % 10 >= FAILING_OF_TEN) return 200;
    this.log('payments', { level: 'error', status: 500, version: BAD.version, msg: TELLING });
    return 500;
  }

  private log(service: string, fields: Readonly<Record<string, unknown>>): void {
    this.writeLog({ service }, JSON.stringify({ time: new Date().toISOString(), service, ...fields }));
  }
}

async function order(url: string): Promise<void> {
  await fetch(`${url}/orders`, { method: 'POST' }).catch(() => undefined); // the shop has closed
}

async function closed(server: Server): Promise<void> {
  const done = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await done;
}
