import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Access } from '../../src/auth/access';
import { clientAddress } from '../../src/http/client-address';
import { until } from '../until';
import { type ShellApp, startShellApp } from './shell-app';

@Controller('who')
class WhoController {
  @Get()
  @Access('public')
  who(@Req() request: Request): unknown {
    return { client: clientAddress(request) };
  }
}

/** The first app of a file is the one whose log is read: nestjs-pino keeps the first logger of a process. */
let shell: ShellApp;
beforeAll(async () => (shell = await startShellApp([WhoController])));
afterAll(() => shell.close());

describe('the address of who calls', () => {
  it.each([
    ['the peer’s without any proxy', 0, undefined, '127.0.0.1'],
    ['the peer’s when the header was forged', 0, '203.0.113.9', '127.0.0.1'],
    ['what the one trusted proxy saw', 1, '203.0.113.9', '203.0.113.9'],
    ['what the one trusted proxy saw, not what the caller put before it', 1, '10.9.9.9, 203.0.113.9', '203.0.113.9'],
    ['what the outer of two proxies saw', 2, '10.9.9.9, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['the peer’s when no proxy wrote anything', 2, undefined, '127.0.0.1'],
    ['the peer’s when what was written is no address', 1, '<script>', '127.0.0.1'],
    ['of IPv6 too', 1, '2001:db8::7', '2001:db8::7'],
  ])('is %s', async (_what, hops, forwardedFor, expected) => {
    const behind = await startShellApp([WhoController], [`--trusted-proxy-hops=${hops}`]);
    try {
      const headers = forwardedFor === undefined ? undefined : { 'x-forwarded-for': forwardedFor };
      expect(await (await fetch(`${behind.url}/who`, { headers })).json()).toEqual({ client: expected });
    } finally {
      await behind.close();
    }
  });

  it('stands in the request’s log line, for callers who were refused too', async () => {
    await (await fetch(`${shell.url}/api/v1/who`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).text();
    const lines = await until('the line is written', () => {
      const seen = shell.logLines().filter(({ status }) => status === 401);
      return seen.length > 0 && seen;
    });
    expect(lines).toEqual([expect.objectContaining({ msg: 'request', client: '127.0.0.1' })]);
  });
});
