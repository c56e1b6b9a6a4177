import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ServerProcess } from './server-process.ts';

/** The service under observation, and what opens its doors. */
export interface LabVigil {
  readonly url: string;
  readonly opsUrl: string;
  readonly token: string;
  readonly process: ServerProcess;
}

/** The built service. */
export const PROGRAM = join(import.meta.dirname, '..', 'dist', 'main.js');

/** @param settings VIGIL_… of this lab */
export async function startVigil(settings: Readonly<Record<string, string>>): Promise<LabVigil> {
  const token = randomBytes(16).toString('hex');
  const process = new ServerProcess({
    name: 'Vigil',
    program: globalThis.process.execPath,
    args: [PROGRAM],
    env: {
      ...withoutVigilSettings(globalThis.process.env),
      VIGIL_API_TOKEN: token,
      VIGIL_ALLOW_EMBEDDED_DATABASE: 'true',
      VIGIL_HTTP_ADDRESS: '127.0.0.1',
      VIGIL_HTTP_PORT: '0',
      VIGIL_ADMIN_ADDRESS: '127.0.0.1',
      VIGIL_ADMIN_PORT: '0',
      VIGIL_LOG_FORMAT: 'json',
      // A lab that is ended does not wait for its triages.
      VIGIL_DRAIN_SECONDS: '2',
      VIGIL_SHUTDOWN_BUDGET_SECONDS: '20',
      ...settings,
    },
  });
  try {
    const { http_port, admin_port } = await process.said(listening);
    return { url: `http://127.0.0.1:${http_port}`, opsUrl: `http://127.0.0.1:${admin_port}`, token, process };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

interface Listening {
  readonly http_port: number;
  readonly admin_port: number;
}

function listening(line: string): Listening | undefined {
  try {
    const said = JSON.parse(line) as Listening & { msg?: string };
    return said.msg === 'listening' ? said : undefined;
  } catch {
    return undefined;
  }
}

/** The settings of whoever runs the lab are not the lab's. */
function withoutVigilSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('VIGIL_') && name !== 'NODE_OPTIONS'),
  );
}
