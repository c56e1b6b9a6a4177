import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { startLoki as startStandIn } from '../test/stand-ins/loki.ts';
import { findLoki, LOKI_VERSION } from './loki-program.ts';
import { lokiYaml } from './server-configuration.ts';
import { freePort, ServerProcess } from './server-process.ts';

/** The store of the shop's logs: a real Loki where one was built, else the stand-in. */
export interface LabLoki {
  /** For people: which of the two it is. */
  readonly what: string;
  readonly real: boolean;
  /** Where it is asked. */
  readonly url: string;
  /** Where lines are pushed. */
  readonly pushUrl: string;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const PUSH_PATH = '/loki/api/v1/push';

export async function startLabLoki(folder: string): Promise<LabLoki> {
  const program = findLoki();
  return program ? startReal(program, folder) : startInstead();
}

async function startReal(program: string, folder: string): Promise<LabLoki> {
  const [port, grpcPort, data] = [await freePort(), await freePort(), join(folder, 'loki')];
  const [url, config] = [`http://127.0.0.1:${port}`, join(data, 'loki.yml')];
  await mkdir(data);
  await writeFile(config, lokiYaml({ port, grpcPort, folder: data }));
  const process = new ServerProcess({ name: 'Loki', program, args: [`-config.file=${config}`] });
  try {
    await process.answers(`${url}/ready`);
  } catch (error) {
    await process.stop();
    throw error;
  }
  const what = `a real Loki ${LOKI_VERSION}`;
  return { what, real: true, url, pushUrl: url + PUSH_PATH, failed: process.failed(), stop: () => process.stop() };
}

interface Push {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly [nanos: string, line: string, beside?: Readonly<Record<string, string>>][];
  }[];
}

/** The stand-in reads the same queries, as far as it goes; what is pushed is given to it here, without what stands beside the lines. */
async function startInstead(): Promise<LabLoki> {
  const standIn = await startStandIn();
  const intake = createServer((request, response) => {
    (json(request) as Promise<Push>).then(
      ({ streams }) => {
        for (const { stream, values } of streams)
          for (const [nanos, line] of values) standIn.append(stream, [nanos, line]);
        response.writeHead(204).end();
      },
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => intake.listen(0, '127.0.0.1', resolve));
  return {
    what: 'A STAND-IN for Loki (`npm run lab:loki` builds the real one, if Go is installed)',
    real: false,
    url: standIn.url,
    pushUrl: `http://127.0.0.1:${(intake.address() as AddressInfo).port}${PUSH_PATH}`,
    failed: new Promise(() => undefined),
    stop: async () => {
      const closed = new Promise((resolve) => intake.close(resolve));
      intake.closeAllConnections();
      await closed;
      await standIn.stop();
    },
  };
}
