import { join } from 'node:path';
import { freePort } from '../server-process.ts';
import { sendCustomers } from './customers.ts';
import { ShopService } from './shop-service.ts';
import type { Build } from './shop-service.ts';
import { startShopDatabase } from './shop-database.ts';

export type ServiceName = 'gateway' | 'orders' | 'payments';

/** Something that goes wrong in the shop while it is on. */
export interface Fault {
  readonly name: FaultName;
  /** What an operator would be told. */
  readonly means: string;
  /** The alert that comes of it. */
  readonly alert: string;
  switch(on: boolean): Promise<void>;
}

export type FaultName = 'bad deploy' | 'slow database' | 'pool leak' | 'memory leak' | 'dead target';

/** Three services that ask each other over HTTP: gateway → orders (with a Postgres) → payments; and their customers. */
export interface Shop {
  readonly services: Readonly<Record<ServiceName, ShopService>>;
  readonly faults: readonly Fault[];
  /** Rejects when a part ends though nobody ended it. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface ShopOptions {
  /** For the database's files. */
  readonly folder: string;
  readonly lokiPushUrl: string;
}

const BUILDS: Readonly<Record<ServiceName, Build>> = {
  gateway: { version: '2.8.0', revision: 'c41d09b' },
  orders: { version: '3.0.1', revision: 'a91c2d7' },
  payments: { version: '1.4.2', revision: '5be0c81' },
};
/** The build of payments that fails three charges of ten (payments-process.ts). */
const BAD_BUILD: Build = { version: '1.5.0', revision: 'e6d19f4' };
const CHECKOUTS_PER_SECOND = 10;

/** Opens the shop, with its customers. */
export async function startShop({ folder, lokiPushUrl }: ShopOptions): Promise<Shop> {
  const database = await startShopDatabase(folder);
  const service = async (name: ServiceName, more: object): Promise<ShopService> =>
    new ShopService({
      name,
      program: join(import.meta.dirname, `${name}-process.ts`),
      port: await freePort(),
      build: BUILDS[name],
      settings: { lokiPushUrl, ...more },
    });
  const payments = await service('payments', {});
  const orders = await service('orders', { paymentsUrl: payments.url, databaseUrl: database.url });
  const gateway = await service('gateway', { ordersUrl: orders.url });
  const services = { gateway, orders, payments };
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(services).map((one) => one.stop()));
    await database.stop();
  };
  try {
    await Promise.all(Object.values(services).map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const customers = sendCustomers(gateway.url, CHECKOUTS_PER_SECOND);
  const failed = Promise.race([database.process.failed(), ...Object.values(services).map((one) => one.failed)]);
  failed.catch(() => undefined); // whoever waits for it is told
  return {
    services,
    faults: faultsOf(services, (on) => database.slowDown(on)),
    failed,
    stop: async () => {
      customers.stop();
      await stop();
    },
  };
}

function faultsOf(
  { gateway, orders, payments }: Shop['services'],
  slowDown: (on: boolean) => Promise<void>,
): readonly Fault[] {
  return [
    {
      name: 'bad deploy',
      means: 'payments 1.5.0 is deployed, and fails three charges of ten',
      alert: 'HighErrorRate',
      switch: (on) => payments.deploy(on ? BAD_BUILD : BUILDS.payments),
    },
    {
      name: 'slow database',
      means: 'a trigger in the database of orders makes each insert take 0.6 s',
      alert: 'HighLatency',
      switch: slowDown,
    },
    {
      name: 'pool leak',
      means: 'the flag split_shipments of orders is on: it does not give its database connections back',
      alert: 'DatabasePoolExhausted',
      switch: (on) => orders.flag('split_shipments', on),
    },
    {
      name: 'memory leak',
      means: 'the flag risk_cache of payments is on: its heap grows by 8 MB a second (to some 400 MB, then it stops)',
      alert: 'MemoryGrowing',
      switch: (on) => payments.flag('risk_cache', on),
    },
    {
      name: 'dead target',
      means: 'the process of gateway is killed',
      alert: 'TargetDown',
      switch: (on) => (on ? gateway.kill() : gateway.start()),
    },
  ];
}
