import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALERT_RULES_YAML } from './alert-rules.ts';
import { alertmanagerYaml, prometheusYaml } from './server-configuration.ts';
import { findProgram, ServerProcess } from './server-process.ts';

/** The real programs, found before anything is started. */
export interface MonitoringPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** @throws LabStopped naming the one that is missing, and how to get it */
export function findMonitoring(): MonitoringPrograms {
  return {
    prometheus: findProgram(['prometheus']),
    alertmanager: findProgram(['prometheus-alertmanager', 'alertmanager']),
  };
}

/** @param at where it listens: Vigil is told before */
export async function startAlertmanager(
  program: string,
  at: { readonly url: string; readonly folder: string },
  vigil: { readonly url: string; readonly token: string },
): Promise<ServerProcess> {
  const config = join(at.folder, 'alertmanager.yml');
  await writeFile(config, alertmanagerYaml(vigil), { mode: 0o600 }); // it holds the token
  return ready('Alertmanager', program, at.url, [
    `--config.file=${config}`,
    `--storage.path=${join(at.folder, 'alertmanager')}`,
    '--cluster.listen-address=',
  ]);
}

/** @param targets service → its address */
export async function startPrometheus(
  program: string,
  at: { readonly url: string; readonly folder: string },
  targets: Readonly<Record<string, string>>,
  alertmanagerUrl: string,
): Promise<ServerProcess> {
  const [rules, config] = [join(at.folder, 'rules.yml'), join(at.folder, 'prometheus.yml')];
  await writeFile(rules, ALERT_RULES_YAML);
  const hosts = Object.fromEntries(Object.entries(targets).map(([service, url]) => [service, new URL(url).host]));
  await writeFile(config, prometheusYaml({ targets: hosts, alertmanager: new URL(alertmanagerUrl).host, rules }));
  return ready('Prometheus', program, at.url, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(at.folder, 'prometheus')}`,
  ]);
}

async function ready(name: string, program: string, url: string, args: readonly string[]): Promise<ServerProcess> {
  const common = [`--web.listen-address=${new URL(url).host}`, `--web.external-url=${url}`, '--log.level=warn'];
  const process = new ServerProcess({ name, program, args: [...args, ...common] });
  try {
    await process.answers(`${url}/-/ready`);
  } catch (error) {
    await process.stop();
    throw error;
  }
  return process;
}
