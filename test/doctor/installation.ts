import { Client } from 'pg';
import { loadSettings } from '../../src/config/load-settings';
import type { Settings } from '../../src/config/settings';
import { examine, type Instruments } from '../../src/doctor/examine';
import type { Finding } from '../../src/doctor/finding';
import { PostgresInstallationRecords } from '../../src/persistence/doctor/postgres-installation-records';
import { freeBytesAt, lookAtEmbedded } from '../../src/persistence/embedded/look-at-server';

/** What must stand in nothing that the doctor says. */
export const CANARIES = ['canary-token', 'canary-bearer', 'canary-user:canary-password', 'canary-webhook'];

/** Settings with a secret in each place that has one. */
function settingsOf(given: Readonly<Record<string, string>>): Settings {
  const all = {
    api_token: 'canary-token',
    prometheus_bearer_token: 'canary-bearer',
    loki_basic_auth: 'canary-user:canary-password',
    public_url: 'https://vigil.test',
    admin_port: '0',
    ...given,
  };
  const env = Object.fromEntries(Object.entries(all).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]));
  const loaded = loadSettings([], env, () => '');
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  return loaded.settings;
}

const INSTRUMENTS: Instruments = {
  records: (url) => new PostgresInstallationRecords(url),
  embedded: lookAtEmbedded,
  freeBytes: freeBytesAt,
};

export function examined(given: Readonly<Record<string, string>>): Promise<Finding[]> {
  return examine(settingsOf(given), { version: '0', commit: 'c', node: '24' }, INSTRUMENTS);
}

/** Their names, with the marks: `bad triages-stuck`. */
export function troublesIn(findings: readonly Finding[]): string[] {
  return findings.filter(({ mark }) => mark !== 'ok').map(({ mark, about }) => `${mark} ${about}`);
}

/** Connections such as a running Vigil has. */
export async function connectAsVigil(url: string, isDeaf: boolean): Promise<Client[]> {
  const pool = new Client({ connectionString: url, application_name: 'vigil' });
  await pool.connect();
  if (isDeaf) return [pool];
  const doorbell = new Client({ connectionString: url, application_name: 'vigil doorbell' });
  await doorbell.connect();
  await doorbell.query('LISTEN vigil');
  return [pool, doorbell];
}
