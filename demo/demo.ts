import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAnthropic, STAND_IN_KEY } from '../test/stand-ins/anthropic.ts';
import { startLoki } from '../test/stand-ins/loki.ts';
import { startPrometheus } from '../test/stand-ins/prometheus.ts';
import type { Incident } from './incident.ts';
import { scriptedInvestigator } from './scripted-investigator.ts';
import { TriageProgress } from './triage-progress.ts';
import type { SeenTriage } from './triage-progress.ts';
import { DemoStopped, startVigilProcess } from './vigil-process.ts';
import type { VigilProcess } from './vigil-process.ts';

export interface DemoOptions {
  readonly incident: Incident;
  /** The built service: its main.js. */
  readonly program: string;
  /** A real key: then the real model investigates. */
  readonly claude?: { readonly apiKey: string; readonly settings: Readonly<Record<string, string>> };
  readonly print: (line: string) => void;
  /** Called when the report is out, while everything still runs; the demo ends when it resolves. */
  readonly until: (triage: SeenTriage) => Promise<void>;
  /** Aborts it. */
  readonly signal: AbortSignal;
}

const POLL_MS = 250;
const SCRIPTED_TRIAGE_MS = 60_000;
const REAL_TRIAGE_MS = 16 * 60_000;

/**
 * The main job, whole: the real service with its own database, an alert by HTTP, tools that query what stands in for
 * Prometheus and Loki, a report. Leaves nothing behind.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { incident, print, claude } = options;
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const prometheus = await startPrometheus({ series: incident.series, ruleGroups: incident.ruleGroups });
    undo.push(() => prometheus.stop());
    const loki = await startLoki({ streams: incident.streams });
    undo.push(() => loki.stop());
    const model = claude ?? (await scriptedModel(undo));
    const dataDir = await mkdtemp(join(tmpdir(), 'vigil-demo-'));
    undo.push(() => rm(dataDir, { recursive: true, force: true }));
    const token = randomBytes(16).toString('hex');
    print('Starting Vigil with an embedded Postgres …');
    const vigil = await startVigilProcess(options.program, {
      VIGIL_API_TOKEN: token,
      VIGIL_CLAUDE_API_KEY: model.apiKey,
      VIGIL_PROMETHEUS_ENDPOINT: prometheus.url,
      VIGIL_LOKI_ENDPOINT: loki.url,
      VIGIL_DATA_DIR: join(dataDir, 'vigil'),
      VIGIL_ALLOW_EMBEDDED_DATABASE: 'true',
      VIGIL_HTTP_ADDRESS: '127.0.0.1',
      VIGIL_HTTP_PORT: '0',
      VIGIL_ADMIN_ADDRESS: '127.0.0.1',
      VIGIL_ADMIN_PORT: '0',
      VIGIL_LOG_FORMAT: 'json',
      ...model.settings,
    });
    undo.push(() => vigil.stop());
    const triage = await Promise.race([
      tellChanges(vigil, token, options).then(() => investigate(vigil, token, options)),
      vigil.ended.then((said) => {
        throw new DemoStopped(`Vigil ended while it worked. Its last words:\n${said}`);
      }),
    ]);
    showReport(triage, print);
    await options.until(triage);
  } finally {
    for (const step of undo.reverse()) await step().catch(() => undefined);
  }
}

/** The scripted model behind the wire format of the real one. */
async function scriptedModel(undo: (() => Promise<unknown>)[]): Promise<NonNullable<DemoOptions['claude']>> {
  const anthropic = await startAnthropic({ script: scriptedInvestigator });
  undo.push(() => anthropic.stop());
  return {
    apiKey: STAND_IN_KEY,
    settings: { VIGIL_CLAUDE_BASE_URL: anthropic.url, VIGIL_CLAUDE_MODEL: 'scripted-demo' },
  };
}

/** Posts the changes as the shop's pipelines would. */
async function tellChanges(
  vigil: VigilProcess,
  token: string,
  { incident, print, signal }: DemoOptions,
): Promise<void> {
  const posted = await fetch(`${vigil.url}/api/v1/changes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(incident.changes),
    signal,
  });
  if (posted.status !== 202) {
    throw new DemoStopped(`Vigil answered ${posted.status} to the changes: ${await posted.text()}`);
  }
  print(`Changes posted (deploys and their commits, with diffs): 202, ${incident.changes.length} stored.`);
}

/** Posts the alert as Alertmanager would, and watches until its triage is finished. */
async function investigate(vigil: VigilProcess, token: string, options: DemoOptions): Promise<SeenTriage> {
  const { incident, print, signal } = options;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'Alertmanager/0.25.0',
  };
  const url = `${vigil.url}/api/v1/alerts`;
  const posted = await fetch(url, { method: 'POST', headers, body: JSON.stringify(incident.alert), signal });
  const answer = (await posted.json()) as { accepted?: readonly string[] };
  const id = answer.accepted?.[0];
  if (posted.status !== 202 || !id) {
    throw new DemoStopped(
      `Vigil answered ${posted.status} to the alert instead of taking it: ${JSON.stringify(answer)}`,
    );
  }
  print(`Alert posted (HighErrorRate on checkout): 202, triage ${id}. Its tool calls:`);
  const progress = new TriageProgress();
  const deadline = Date.now() + (options.claude ? REAL_TRIAGE_MS : SCRIPTED_TRIAGE_MS);
  while (Date.now() < deadline) {
    const response = await fetch(`${vigil.url}/api/v1/triage/${id}`, { headers, signal });
    const triage = (await response.json()) as SeenTriage;
    for (const line of progress.linesOf(triage)) print(line);
    if (triage.status === 'finished') return triage;
    if (triage.status === 'waiting') {
      throw new DemoStopped(
        "The triage waits: the model's side does not answer. Check the key and the way to the API.",
      );
    }
    await delay(POLL_MS, undefined, { signal });
  }
  throw new DemoStopped(`The triage was not finished in time (${id}).`);
}

function showReport(triage: SeenTriage, print: (line: string) => void): void {
  print('');
  print('─'.repeat(80));
  print(triage.analysis ?? '(no analysis)');
  print('─'.repeat(80));
  const cost = typeof triage.cost_usd === 'number' ? `, ${triage.cost_usd.toFixed(4)} US dollars` : '';
  print(
    `Outcome: ${triage.outcome} (${triage.ended_by}) in ${triage.duration_seconds ?? '?'} s, ${triage.tool_calls ?? 0} tool calls, ` +
      `${triage.tokens_in ?? '?'} tokens in, ${triage.tokens_out ?? '?'} out${cost}; model ${triage.model}.`,
  );
  if (triage.link) print(`In a browser: ${triage.link}`);
}
