import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Agent, get } from 'node:http';
import { Access } from '../../src/auth/access';
import { until } from '../until';
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

it('lets a running answer end, and does not wait for the idle connection after it', async () => {
  const shell = await startShellApp([SlowController]);
  const agent = new Agent({ keepAlive: true });
  const answer = status(`${shell.url}/slow`, agent);
  await until('the request is in its handler', () => release !== undefined);
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
