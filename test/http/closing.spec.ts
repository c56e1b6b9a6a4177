import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Agent, get } from 'node:http';
import { Access } from '../../src/auth/access';
import { startShellApp } from './shell-app';

let release: (() => void) | undefined;

@Controller('slow')
class SlowController {
  @Get()
  @Access('public')
  async slow(): Promise<unknown> {
    await new Promise<void>((resolve) => (release = resolve));
    return { done: true };
  }

  @Get('stream')
  @Access('public')
  stream(@Res() response: Response): void {
    response.write('first');
  }
}

const status = (url: string, agent: Agent): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => answer.on('end', () => resolve(answer.statusCode)).resume()).on('error', reject);
  });

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 2000; !holds();) {
    if (Date.now() > deadline) throw new Error('it did not come to hold');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('lets a running answer end, and does not wait for the idle connection after it', async () => {
  const shell = await startShellApp([SlowController]);
  const agent = new Agent({ keepAlive: true });
  const answer = status(`${shell.url}/slow`, agent);
  await until(() => release !== undefined);
  const begun = performance.now();
  const closed = shell.close();
  release?.();
  await expect(answer).resolves.toBe(200);
  await closed;
  expect(performance.now() - begun).toBeLessThan(1500);
  agent.destroy();
});

it('cuts a stream that would never end', async () => {
  const shell = await startShellApp([SlowController]);
  const answer = await fetch(`${shell.url}/slow/stream`);
  const rest = answer.text().catch((error: Error) => error.message);
  await shell.close();
  await expect(rest).resolves.toBe('terminated');
}, 10_000);
