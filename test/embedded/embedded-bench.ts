import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ServerLog } from '../../src/persistence/embedded/kept-server';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { type Owner, type OwnerOptions, startOwner } from './owner';

/** A data directory for each test, and whoever runs on it: all ended and removed afterwards. */
export class EmbeddedBench {
  /** A directory that every user may enter; `dataDir` does not exist in it yet. */
  home = '';
  dataDir = '';
  private template?: string;
  private readonly running: EmbeddedPostgres[] = [];
  private readonly owners: Owner[] = [];

  constructor() {
    beforeEach(() => {
      this.home = mkdtempSync(join(tmpdir(), 'vigil-embedded-'));
      chmodSync(this.home, 0o777);
      this.dataDir = join(this.home, 'data');
    });
    afterEach(async () => {
      for (const postgres of this.running.splice(0)) await postgres.stop();
      for (const owner of this.owners.splice(0)) await owner.stop();
      rmSync(this.home, { recursive: true, force: true });
    });
    afterAll(() => {
      if (this.template) rmSync(this.template, { recursive: true, force: true });
    });
  }

  async start(log?: ServerLog): Promise<EmbeddedPostgres> {
    const postgres = await startEmbeddedPostgres({ dataDir: this.dataDir, log });
    this.running.push(postgres);
    return postgres;
  }

  async own(options: OwnerOptions = {}): Promise<Owner> {
    const owner = await startOwner(this.dataDir, options);
    this.owners.push(owner);
    return owner;
  }

  /** Puts an existing cluster with the table `kept` into `dataDir`: copied, because making one takes a second. */
  async makeCluster(): Promise<void> {
    this.template ??= await makeTemplate();
    execFileSync('cp', ['-a', this.template, this.dataDir]);
  }

  get pgData(): string {
    return join(this.dataDir, 'postgres', 'data');
  }

  /** The number in Postgres' lock file: its first process. */
  serverPid(): number {
    return Number(readFileSync(join(this.pgData, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  serverIsUp(): boolean {
    return existsSync(join(this.pgData, 'postmaster.pid'));
  }
}

async function makeTemplate(): Promise<string> {
  const template = mkdtempSync(join(tmpdir(), 'vigil-embedded-template-'));
  chmodSync(template, 0o755); // as the start itself makes a data directory
  const postgres = await startEmbeddedPostgres({ dataDir: template });
  await ask(postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await postgres.stop();
  return template;
}

export function urlOf({ answer }: Owner): string {
  if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
  return answer.url;
}

export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function answers(url: string): Promise<boolean> {
  return ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

const isRoot = process.getuid?.() === 0;

/** What only root can set up. Anybody else is told aloud what is not tried. */
export function describeAsRoot(what: string, tests: () => void): void {
  if (!isRoot) process.stderr.write(`not root: ${what} is not tried\n`);
  (isRoot ? describe : describe.skip)(what, tests);
}
