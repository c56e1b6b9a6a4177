import { Gauge, register } from 'prom-client';
import type { Logger } from 'pino';
import { buildInfo, type BuildInfo } from '../config/build-info';
import type { Settings } from '../config/settings';
import { ProfilingConfig, TracingConfig } from '../config/slices';

/** What runs beside the program to watch it, by name; each is ended once, by whoever started it. */
export interface Telemetry {
  readonly name: string;
  stop(): Promise<void>;
}

/**
 * Starts what the settings ask for, and tells the metrics which program this is. What is off is not even loaded: it
 * would cost a part of every start.
 */
export async function startTelemetry(settings: Settings, log: Logger): Promise<Telemetry[]> {
  const build = buildInfo();
  const started: Telemetry[] = [];
  const { endpoint, ...tracing } = new TracingConfig(settings);
  if (endpoint !== undefined) {
    const { startTracing } = await import('./tracing.js');
    started.push({ name: 'tracing', ...startTracing({ endpoint, ...tracing }, build, log) });
  }
  const { server, ...profiling } = new ProfilingConfig(settings);
  let profiles;
  if (server !== undefined) {
    const { startProfiling } = await import('./profiling.js');
    profiles = await startProfiling({ server, ...profiling }, build, log);
    if (profiles) started.push({ name: 'profiling', ...profiles });
  }
  showProgram(build, profiles !== undefined);
  return started;
}

function showProgram({ version, commit, node }: BuildInfo, profiling: boolean): void {
  gauge('build_info', 'Which Vigil this is; always 1.', ['version', 'commit', 'node']).set(
    { version, commit, node },
    1,
  );
  gauge('profiling_active', '1 while profiles are collected, else 0.', []).set(profiling ? 1 : 0);
}

/** A program that is started twice in one process, in tests, shows the later one. */
function gauge(name: string, help: string, labelNames: string[]): Gauge {
  register.removeSingleMetric(name);
  return new Gauge({ name, help, labelNames });
}
