import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STAND_IN_KEY, startAnthropic } from '../test/stand-ins/anthropic.ts';
import type { AnthropicStandIn } from '../test/stand-ins/anthropic.ts';
import { startSlack } from '../test/stand-ins/slack.ts';
import type { SlackStandIn } from '../test/stand-ins/slack.ts';
import { labInvestigator } from './lab-investigator.ts';
import { startLabLoki } from './loki.ts';
import type { LabLoki } from './loki.ts';
import { findMonitoring, startAlertmanager, startPrometheus } from './monitoring.ts';
import { freePort, LabStopped } from './server-process.ts';
import { startShop } from './shop/shop.ts';
import type { Shop } from './shop/shop.ts';
import { toldFaults } from './told-faults.ts';
import { PROGRAM, startVigil } from './vigil.ts';
import type { LabVigil } from './vigil.ts';
import { startWitness } from './witness.ts';
import type { Witness } from './witness.ts';

export interface LabOptions {
  /** VIGIL_CLAUDE_… settings of a real model; without them a scripted one answers. */
  readonly claude?: Readonly<Record<string, string>>;
  /** How long another firing of an alert waits after a report. */
  readonly cooldownSeconds: number;
}

/** Vigil at work: real Prometheus, Alertmanager and (where it was built) Loki, a shop with faults to switch, stand-ins for Slack and the model. */
export interface Lab {
  readonly vigil: LabVigil;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** What Alertmanager sent, and what became of it. */
  readonly witness: Witness;
  readonly loki: LabLoki;
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
  const { claude, cooldownSeconds } = options;
  if (!existsSync(PROGRAM)) throw new LabStopped('Vigil is not built: run `npm run build`.');
  const programs = findMonitoring();
  const folder = await mkdtemp(join(tmpdir(), 'vigil-lab-'));
  undo(() => rm(folder, { recursive: true, force: true }));
  const slack = await startSlack();
  undo(() => slack.stop());
  const model = claude ? undefined : await startAnthropic({ script: labInvestigator });
  if (model) undo(() => model.stop());
  const loki = await startLabLoki(folder);
  undo(() => loki.stop());
  const shop = await startShop({ folder, lokiPushUrl: loki.pushUrl });
  undo(() => shop.stop());

  const prometheusUrl = `http://127.0.0.1:${await freePort()}`;
  const alertmanagerUrl = `http://127.0.0.1:${await freePort()}`;
  const vigil = await startVigil({
    VIGIL_PROMETHEUS_ENDPOINT: prometheusUrl,
    VIGIL_ALERTMANAGER_ENDPOINT: alertmanagerUrl,
    VIGIL_LOKI_ENDPOINT: loki.url,
    VIGIL_SLACK_WEBHOOK_URL: slack.url,
    VIGIL_DATA_DIR: join(folder, 'vigil'),
    VIGIL_RETRIAGE_COOLDOWN_SECONDS: String(cooldownSeconds),
    ...(claude ?? {
      VIGIL_CLAUDE_API_KEY: STAND_IN_KEY,
      VIGIL_CLAUDE_BASE_URL: model!.url,
      VIGIL_CLAUDE_MODEL: 'scripted-lab',
    }),
  });
  undo(() => vigil.process.stop());
  const witness = await startWitness(vigil.url);
  undo(() => witness.stop());
  const receiver = { url: witness.url, token: vigil.token };
  const alertmanager = await startAlertmanager(programs.alertmanager, { folder, url: alertmanagerUrl }, receiver);
  undo(() => alertmanager.stop());
  const targets = Object.fromEntries(Object.entries(shop.services).map(([name, { url }]) => [name, url]));
  const prometheus = await startPrometheus(
    programs.prometheus,
    { folder, url: prometheusUrl },
    targets,
    alertmanagerUrl,
  );
  undo(() => prometheus.stop());
  const programsEnd = [vigil.process, alertmanager, prometheus].map((process) => process.failed());
  const failed = Promise.race([loki.failed, shop.failed, ...programsEnd]);
  failed.catch(() => undefined); // whoever waits for it is told; nobody need wait
  const told = { ...shop, faults: toldFaults(shop.faults, vigil) };
  return { vigil, prometheusUrl, alertmanagerUrl, witness, loki, shop: told, slack, model, failed };
}
