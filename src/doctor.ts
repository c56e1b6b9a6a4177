#!/usr/bin/env node
import './check-node';
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { buildInfo, versionText } from './config/build-info';
import { loadSettings } from './config/load-settings';
import type { Outgoing } from './config/outgoing';
import type { Settings } from './config/settings';
import { LogConfig } from './config/slices';
import { examinationJson, examinationText } from './doctor/examination-text';
import { examine } from './doctor/examine';
import { createLog } from './observability/logs';
import { PostgresInstallationRecords } from './persistence/doctor/postgres-installation-records';
import { freeBytesAt, lookAtEmbedded } from './persistence/embedded/look-at-server';
import { useOutgoingConnections } from './system/outgoing-connections';

const HELP = `Reads an installation of Vigil and says what is stuck, waiting, dead, deaf or unreachable, and what to do.
It only reads: it starts, migrates and posts nothing, and asks the model nothing that costs money.

Usage: npm run doctor -- [--json] [Vigil's own flags]
       node dist/doctor.js [the same]

Give it the settings of the Vigil in question (flags, VIGIL_*, VIGIL_<NAME>_FILE): node dist/main.js --help lists them.
Run it where that Vigil runs, as the same user.

  --json       One finding a line, as JSON
  --help       This text
  --version    Version, commit and Node's version

Exit code: 0 nothing is bad, 1 something is bad, 2 the configuration cannot be used.
`;

const EXIT_BAD = 1;
const EXIT_CONFIGURATION = 2;

function main(): void {
  const argv = process.argv.slice(2);
  const asJson = argv.includes('--json');
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const loaded = loadSettings(
    argv.filter((argument) => argument !== '--json'),
    process.env,
    readFile,
  );
  switch (loaded.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(versionText(buildInfo()));
      return;
    case 'faults':
      process.stderr.write(
        `Vigil cannot start with this configuration:\n${loaded.faults.map((fault) => `- ${fault}\n`).join('')}`,
      );
      process.exitCode = EXIT_CONFIGURATION;
      return;
    case 'settings':
      void run(loaded.settings, loaded.outgoing, asJson);
  }
}

async function run(settings: Settings, outgoing: Outgoing, asJson: boolean): Promise<void> {
  await useOutgoingConnections(outgoing, createLog(new LogConfig({ ...settings, logLevel: 'silent' })));
  const findings = await examine(settings, buildInfo(), {
    records: (url) => new PostgresInstallationRecords(url),
    embedded: lookAtEmbedded,
    freeBytes: freeBytesAt,
  });
  const text = asJson ? examinationJson(findings) : examinationText(findings);
  const code = findings.some(({ mark }) => mark === 'bad') ? EXIT_BAD : 0;
  // Whoever was asked and never answered would keep the process.
  process.stdout.write(text, () => process.exit(code));
}

main();
