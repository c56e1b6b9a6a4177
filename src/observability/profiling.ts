import type { Logger } from 'pino';
import type { BuildInfo } from '../config/build-info';
import type { ProfilingConfig } from '../config/slices';

/** How long the last profiles may take at shutdown: their upload knows no time limit. */
const FLUSH_TIMEOUT_MS = 3_000;

export interface Profiling {
  /** Sends what was collected, and ends. Never throws. */
  stop(): Promise<void>;
}

/**
 * Collects CPU, wall and heap profiles and sends them to Pyroscope once a minute. The package brings a binary for each
 * platform and Node; where it has none Vigil runs without profiles and says so.
 * @returns undefined where this platform cannot be profiled
 */
export async function startProfiling(
  config: ProfilingConfig & { server: string },
  build: BuildInfo,
  log: Logger,
): Promise<Profiling | undefined> {
  try {
    const { default: pyroscope } = await import('@pyroscope/nodejs');
    pyroscope.init({
      appName: 'vigil',
      serverAddress: config.server,
      tenantID: config.tenant,
      tags: { service_version: build.version },
      wall: { collectCpuTime: true },
    });
    pyroscope.start();
    return {
      stop: async () => {
        let late: NodeJS.Timeout | undefined;
        const timeout = new Promise<void>((resolve) => (late = setTimeout(resolve, FLUSH_TIMEOUT_MS)));
        await Promise.race([pyroscope.stop(), timeout]).catch((err: unknown) =>
          log.warn({ err }, 'the last profiles could not be sent'),
        );
        clearTimeout(late);
      },
    };
  } catch (err) {
    log.warn(
      { err },
      'profiles are off: @pyroscope/nodejs cannot run on this platform. Everything else works; unset enable-pyroscope to silence this',
    );
    return undefined;
  }
}
