import { createInterface } from 'node:readline';
import { startLab } from './lab.ts';
import type { Lab, LabOptions } from './lab.ts';
import { LabStopped } from './server-process.ts';

/* `npm run lab`: alerts that truly fire, on one's own machine. */

/** A fault that is switched twice within this time is cooling down; long enough to see that, short enough to see its end. */
const COOLDOWN_SECONDS = 120;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const ended = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    let signals = 0;
    process.on(signal, () => {
      signals += 1;
      /* the second one does not wait for the orderly end */
      if (signals > 1) process.exit(1);
      resolve();
    });
  }
});

/** A key in the environment means: the real model, and real money. */
function claudeOf(env: NodeJS.ProcessEnv): LabOptions['claude'] {
  if (!env.VIGIL_CLAUDE_API_KEY) return undefined;
  const names = ['VIGIL_CLAUDE_API_KEY', 'VIGIL_CLAUDE_MODEL', 'VIGIL_CLAUDE_BASE_URL'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function introduce(lab: Lab): void {
  print('');
  print(lab.model ? 'THE MODEL IS SCRIPTED (set VIGIL_CLAUDE_API_KEY for Claude).' : 'The model is real: this costs.');
  print(`Logs are kept by ${lab.loki.what}.`);
  print('');
  print(`  Vigil         ${lab.vigil.url}/docs   token ${lab.vigil.token}`);
  print(`  its metrics   ${lab.vigil.opsUrl}/metrics`);
  print(`  Prometheus    ${lab.prometheusUrl}/api/v1/alerts`);
  print(`  Alertmanager  ${lab.alertmanagerUrl}/api/v2/alerts`);
  print(`  Loki          ${lab.loki.url}/loki/api/v1/labels`);
  for (const [name, { url }] of Object.entries(lab.shop.services)) print(`  ${name.padEnd(13)} ${url}/metrics`);
  print('');
  print(
    'Give it half a minute of good times, then switch a fault on by its number and Enter; the same again switches it off.',
  );
  lab.shop.faults.forEach(({ name, alert, means }, i) => {
    print(`  ${i + 1}  ${name.padEnd(14)} ${means} → ${alert}`);
  });
  print('An alert fires 6 to 15 s after its fault. Ctrl-C ends everything.');
  print('');
}

function switchOnKey(lab: Lab): void {
  const on = new Set<string>();
  createInterface({ input: process.stdin }).on('line', (line) => {
    const fault = lab.shop.faults[Number(line.trim()) - 1];
    if (!fault) return;
    const { name } = fault;
    if (!on.delete(name)) on.add(name);
    const now = on.has(name) ? 'on' : 'off';
    fault.switch(on.has(name)).then(
      () => print(`${clock()}  ${name} is ${now}`),
      (error: unknown) => print(`${clock()}  ${name} was not switched ${now}: ${String(error)}`),
    );
  });
}

/** Shows what Alertmanager sends and what Vigil makes of it, and what would stand in the channel, with the link to the page. */
function showNews(lab: Lab): NodeJS.Timeout {
  const alerts = onlyNew(() => lab.witness.seen);
  const posts = onlyNew(() => lab.slack.channel);
  /* every repeat of a firing is answered alike: told once */
  const told = new Set<string>();
  return setInterval(() => {
    for (const { alertname, service, status, startsAt, decision } of alerts()) {
      const news = `${alertname} of ${service} is ${status} → ${decision}`;
      if (told.has(news + startsAt)) continue;
      told.add(news + startsAt);
      print(`${clock()}  ${news}`);
    }
    for (const message of posts()) {
      print(`${clock()}  posted to Slack: ${message.text ?? '(no text)'}`);
      const link = /https?:\/\/[^\s"|>\\]+\/t\/[^\s"|>\\]+/.exec(JSON.stringify(message.blocks ?? []))?.[0];
      if (link) print(`          the page behind it: ${link.replaceAll('&amp;', '&')}`);
    }
  }, 250);
}

/** @returns gives, at each call, what the list has got since the last one */
function onlyNew<T>(list: () => readonly T[]): () => readonly T[] {
  let shown = 0;
  return () => {
    const news = list().slice(shown);
    shown += news.length;
    return news;
  };
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

async function main(): Promise<void> {
  print('Starting the shop and its Postgres, Loki, Vigil and its Postgres, Alertmanager and Prometheus …');
  const lab = await startLab({ claude: claudeOf(process.env), cooldownSeconds: COOLDOWN_SECONDS });
  const news = showNews(lab);
  try {
    introduce(lab);
    switchOnKey(lab);
    await Promise.race([ended, lab.failed]);
    print('Ending …');
  } finally {
    clearInterval(news);
    await lab.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const known = error instanceof LabStopped;
    process.stderr.write(`\nThe lab stopped. ${known ? error.message : String((error as Error).stack ?? error)}\n`);
    process.exit(1);
  },
);
