import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STAND_IN_KEY, startAnthropic } from '../test/stand-ins/anthropic.ts';
import type { AnthropicStandIn } from '../test/stand-ins/anthropic.ts';
import { startLoki } from '../test/stand-ins/loki.ts';
import { startSlack } from '../test/stand-ins/slack.ts';
import type { SlackStandIn } from '../test/stand-ins/slack.ts';
import { labInvestigator } from './lab-investigator.ts';
import { alertmanagerYaml, prometheusYaml, RULES_YAML } from './server-configuration.ts';
import { findProgram, freePort, ServerProcess } from './server-process.ts';
import { startShop } from './shop.ts';
import type { Shop } from './shop.ts';

export interface LabOptions {
  /** The built service: its main.js. */
  readonly program: string;
  /** VIGIL_CLAUDE_… settings of a real model; without them a scripted one answers. */
  readonly claude?: Readonly<Record<string, string>>;
}

/** Vigil at work: real Prometheus and Alertmanager, a shop with a fault to switch, stand-ins for Loki, Slack and the model. */
export interface Lab {
  readonly vigil: { readonly url: string; readonly opsUrl: string; readonly token: string };
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly shop: Shop;
  readonly slack: SlackStandIn;
  /** Absent with a real model. */
  readonly model?: AnthropicStandIn;
  /** Rejects when one of the programs ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

type Undo = (step: () => Promise<unknown>) => void;

/** @throws LabStopped when something that it needs is missing or does not start */
export async function startLab(options: LabOptions): Promise<Lab> {
  const steps: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, (step) => void steps.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: LabOptions, undo: Undo): Promise<Omit<Lab, 'stop'>> {
  const programs = {
    prometheus: findProgram(['prometheus']),
    alertmanager: findProgram(['prometheus-alertmanager', 'alertmanager']),
  };
  const folder = await mkdtemp(join(tmpdir(), 'vigil-lab-'));
  undo(() => rm(folder, { recursive: true, force: true }));
  const loki = await startLoki();
  undo(() => loki.stop());
  const slack = await startSlack();
  undo(() => slack.stop());
  const model = options.claude ? undefined : await startAnthropic({ script: labInvestigator });
  if (model) undo(() => model.stop());
  const shop = await startShop({ log: (labels, line) => loki.append(labels, [nanosNow(), line]) });
  undo(() => shop.stop());

  const prometheusUrl = `http://127.0.0.1:${await freePort()}`;
  const alertmanagerUrl = `http://127.0.0.1:${await freePort()}`;
  const { vigil, process: vigilProcess } = await startVigil(options.program, undo, {
    VIGIL_PROMETHEUS_ENDPOINT: prometheusUrl,
    VIGIL_LOKI_ENDPOINT: loki.url,
    VIGIL_SLACK_WEBHOOK_URL: slack.url,
    VIGIL_DATA_DIR: join(folder, 'vigil'),
    ...(options.claude ?? {
      VIGIL_CLAUDE_API_KEY: STAND_IN_KEY,
      VIGIL_CLAUDE_BASE_URL: model!.url,
      VIGIL_CLAUDE_MODEL: 'scripted-lab',
    }),
  });
  const alertmanager = await startAlertmanager(programs.alertmanager, { folder, url: alertmanagerUrl, vigil }, undo);
  const prometheus = await startPrometheus(
    programs.prometheus,
    { folder, url: prometheusUrl, shop: shop.url, alertmanager: alertmanagerUrl },
    undo,
  );
  const failed = Promise.race([vigilProcess.failed(), alertmanager.failed(), prometheus.failed()]);
  failed.catch(() => undefined); // whoever waits for it is told; nobody need wait
  return { vigil, prometheusUrl, alertmanagerUrl, shop, slack, model, failed };
}

async function startVigil(program: string, undo: Undo, settings: Readonly<Record<string, string>>) {
  const token = randomBytes(16).toString('hex');
  const process = new ServerProcess({
    name: 'Vigil',
    program: globalThis.process.execPath,
    args: [program],
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
  undo(() => process.stop());
  const { http_port, admin_port } = await process.said(listening);
  return {
    process,
    vigil: { url: `http://127.0.0.1:${http_port}`, opsUrl: `http://127.0.0.1:${admin_port}`, token },
  };
}

async function startPrometheus(
  program: string,
  at: { folder: string; url: string; shop: string; alertmanager: string },
  undo: Undo,
): Promise<ServerProcess> {
  const [rules, config] = [join(at.folder, 'rules.yml'), join(at.folder, 'prometheus.yml')];
  await writeFile(rules, RULES_YAML);
  const hosts = { shop: new URL(at.shop).host, alertmanager: new URL(at.alertmanager).host };
  await writeFile(config, prometheusYaml({ ...hosts, rules }));
  const process = new ServerProcess({
    name: 'Prometheus',
    program,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(at.folder, 'prometheus')}`,
      `--web.listen-address=${new URL(at.url).host}`,
      `--web.external-url=${at.url}`,
      '--log.level=warn',
    ],
  });
  undo(() => process.stop());
  await process.answers(`${at.url}/-/ready`);
  return process;
}

async function startAlertmanager(
  program: string,
  at: { folder: string; url: string; vigil: Lab['vigil'] },
  undo: Undo,
): Promise<ServerProcess> {
  const config = join(at.folder, 'alertmanager.yml');
  await writeFile(config, alertmanagerYaml(at.vigil), { mode: 0o600 }); // it holds the token
  const process = new ServerProcess({
    name: 'Alertmanager',
    program,
    args: [
      `--config.file=${config}`,
      `--storage.path=${join(at.folder, 'alertmanager')}`,
      `--web.listen-address=${new URL(at.url).host}`,
      `--web.external-url=${at.url}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
  });
  undo(() => process.stop());
  await process.answers(`${at.url}/-/ready`);
  return process;
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

function nanosNow(): string {
  return `${Date.now()}000000`;
}
