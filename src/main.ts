#!/usr/bin/env node
import './check-node';
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { buildInfo, versionText } from './config/build-info';
import { loadSettings } from './config/load-settings';
import type { Outgoing } from './config/outgoing';
import type { Settings } from './config/settings';
import { LogConfig, ShutdownConfig } from './config/slices';
import { createLog } from './observability/logs';
import { DatabaseUnreached } from './persistence/database-unreached';
import { runUnderSignals } from './shutdown';
import { isForTheOperator, StartInterrupted } from './start-refused';
import { useOutgoingConnections } from './system/outgoing-connections';
import { startVigil } from './vigil';

/** The configuration, or this machine as it is, does not allow a start: a person puts it right, a restart does not. */
const EXIT_CONFIGURATION = 2;

function main(): void {
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const loaded = loadSettings(process.argv.slice(2), process.env, readFile, process.stdout.isTTY);
  switch (loaded.kind) {
    case 'help':
      process.stdout.write(loaded.text);
      return;
    case 'version':
      process.stdout.write(versionText(buildInfo()));
      return;
    case 'faults':
      process.stderr.write(`Vigil cannot start:\n${loaded.faults.map((fault) => `- ${fault}\n`).join('')}`);
      process.exitCode = EXIT_CONFIGURATION;
      return;
    case 'settings':
      run(loaded.settings, loaded.outgoing);
  }
}

function run(settings: Settings, outgoing: Outgoing): void {
  const log = createLog(new LogConfig(settings));
  const die = (err: unknown, what: string): void => {
    log.fatal({ err }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => die(error, 'an error that nobody caught'));
  // Whoever did not wait for it has gone on already: eight running triages are not to pay for that.
  process.on('unhandledRejection', (err) => log.error({ err }, 'a rejection that nobody caught: a defect; going on'));

  const { budgetMs } = new ShutdownConfig(settings);
  const start = async (interrupted: AbortSignal): ReturnType<typeof startVigil> => {
    await useOutgoingConnections(outgoing, log);
    return startVigil(settings, log, interrupted);
  };
  runUnderSignals(start, budgetMs, log).catch((error: unknown) => {
    if (error instanceof StartInterrupted) return;
    if (error instanceof DatabaseUnreached) {
      // It may be there at the next start, which is the orchestrator's; where in the code it was missed helps nobody.
      log.fatal(`the start failed. ${error.message}`);
      process.exit(1);
    }
    if (!isForTheOperator(error)) return die(error, 'the start failed');
    process.stderr.write(`Vigil cannot start: ${error.message}.\n`);
    process.exit(EXIT_CONFIGURATION);
  });
}

main();
