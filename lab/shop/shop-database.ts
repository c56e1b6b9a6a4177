import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { ServerProcess } from '../server-process.ts';

/** The shop's Postgres, as its administrator has it. */
export interface ShopDatabase {
  /** A secret: it holds the password. */
  readonly url: string;
  readonly process: ServerProcess;
  /** On: each order that is inserted waits in a trigger, as if a careless audit had been added. */
  slowDown(on: boolean): Promise<void>;
  stop(): Promise<void>;
}

const SCHEMA = `
  CREATE TABLE orders (
    id bigserial PRIMARY KEY, customer text NOT NULL, amount_cents int NOT NULL, placed_at timestamptz NOT NULL DEFAULT now());
  CREATE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.6); RETURN NEW; END'`;
const SLOW = 'CREATE TRIGGER audit BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION audit_order()';
const FAST = 'DROP TRIGGER audit ON orders';

/** @param folder where the data goes */
export async function startShopDatabase(folder: string): Promise<ShopDatabase> {
  const urlFile = join(folder, 'shop-database-url');
  const process = new ServerProcess({
    name: "The shop's Postgres",
    program: globalThis.process.execPath,
    args: [join(import.meta.dirname, 'database-process.ts'), join(folder, 'shop-database'), urlFile],
  });
  try {
    await process.said((line) => (line === 'ready' ? true : undefined));
    const url = await readFile(urlFile, 'utf8');
    const run = async (sql: string): Promise<void> => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    };
    await run(SCHEMA);
    return { url, process, slowDown: (on) => run(on ? SLOW : FAST), stop: () => process.stop() };
  } catch (error) {
    await process.stop();
    throw error;
  }
}
