import { request } from 'node:http';
import type { OpsConfig } from '../config/slices';
import { connectionFault } from '../domain/connection-fault';
import type { OpsAnswer } from './judge-process';

const MOST_CHARS = 4_096;

/** Where the ops port of this machine is asked; an address for all interfaces is no address to ask. */
export function opsAddress({ adminAddress, adminPort }: OpsConfig): { readonly host: string; readonly port: number } {
  const own = new Map([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ]);
  return { host: own.get(adminAddress) ?? adminAddress, port: adminPort };
}

/** By plain HTTP: a proxy for the outside is not to be asked for this machine. */
export async function askOpsPort(config: OpsConfig, signal: AbortSignal): Promise<OpsAnswer> {
  const { host, port } = opsAddress(config);
  if (port === 0) return { kind: 'unknown_port' };
  try {
    return readAnswer(await get({ host, port }, signal));
  } catch (error) {
    if (signal.aborted) return { kind: 'nobody', reason: 'no answer in time' };
    return (error as { code?: string }).code?.startsWith('HPE_')
      ? { kind: 'another' }
      : { kind: 'nobody', reason: connectionFault(error) };
  }
}

function get(where: { host: string; port: number }, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ ...where, path: '/-/ready', signal, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_CHARS) response.destroy();
      });
      response.once('close', () => resolve(text));
    })
      .once('error', reject)
      .end();
  });
}

/** @param text `{"status":"failing","failing":["database"]}` */
function readAnswer(text: string): OpsAnswer {
  let body: { status?: unknown; failing?: unknown } | null;
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    return { kind: 'another' };
  }
  const status = body?.status;
  if (typeof status !== 'string' || !/^(?:ready|starting|draining|failing)$/.test(status)) return { kind: 'another' };
  const failing = Array.isArray(body?.failing) ? body.failing : [];
  return {
    kind: 'status',
    status,
    failing: failing.filter((part): part is string => part === 'database' || part === 'worker'),
  };
}
