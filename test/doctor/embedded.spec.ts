import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Owner, startOwner } from '../embedded/owner';
import { until } from '../until';
import { examined, troublesIn } from './installation';

jest.setTimeout(60_000);

/** Nothing else is there: what is told of the rest is left out. */
const OTHERS = /model-unreachable|backend-unreachable|disk-full/;

const dataDir = mkdtempSync(join(tmpdir(), 'vigil-doctor-'));
let owner: Owner | undefined;
afterAll(async () => {
  await owner?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const look = async (): Promise<string[]> => {
  const found = await examined({
    data_dir: dataDir,
    claude_api_key: 'k',
    claude_base_url: 'http://127.0.0.1:1',
    prometheus_endpoint: 'http://127.0.0.1:1',
  });
  return troublesIn(found).filter((name) => !OTHERS.test(name));
};
const isEmpty = 'bad schema-missing';

describe('Of the embedded database the doctor tells', () => {
  it('that there is none, that it is owned, left behind, or stopped; and leaves it so', async () => {
    expect(await look()).toEqual(['bad embedded-missing']);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

    owner = await startOwner(dataDir);
    expect(owner.answer).toMatchObject({ adopted: false });
    expect(await look()).toEqual([isEmpty, 'look processes-unseen']);

    await owner.kill();
    await until('the server sees its owner’s end', async () => (await look())[0] === 'bad embedded-ownerless');

    owner = await startOwner(dataDir);
    expect(owner.answer).toMatchObject({ adopted: true });
    const { url } = owner.answer as { url: string };
    await owner.stop();
    owner = undefined;
    expect(await look()).toEqual(['bad embedded-stopped']);
    expect(existsSync(join(dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
    await expect(new Client({ connectionString: url }).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
