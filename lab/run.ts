import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startLab } from './lab.ts';
import type { Lab, LabOptions } from './lab.ts';
import { LabStopped } from './server-process.ts';

/* `npm run lab`: an alert that truly fires, on one's own machine. */

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
  print(`  Vigil         ${lab.vigil.url}/docs   token ${lab.vigil.token}`);
  print(`  its metrics   ${lab.vigil.opsUrl}/metrics`);
  print(`  Prometheus    ${lab.prometheusUrl}/api/v1/alerts`);
  print(`  Alertmanager  ${lab.alertmanagerUrl}/api/v2/alerts`);
  print(`  the shop      ${lab.shop.url}/metrics`);
  print('');
  print('Give it half a minute of good times, then press f + Enter to switch the fault: a bad deploy of payments.');
  print('The alert fires some 10 s later; f + Enter again rolls back. Ctrl-C ends everything.');
}

function switchOnKey(lab: Lab): void {
  let on = false;
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() !== 'f') return;
    on = !on;
    lab.shop.switchFault(on).then(
      () => print(on ? 'The fault is on: payments has a new version.' : 'The fault is off: payments was rolled back.'),
      (error: unknown) => print(`The fault was not switched: ${String(error)}`),
    );
  });
}

/** Shows what would stand in the channel, with the link to the page. */
function showPosts(lab: Lab): NodeJS.Timeout {
  let shown = 0;
  return setInterval(() => {
    for (const message of lab.slack.channel.slice(shown)) {
      shown += 1;
      print(`Posted to Slack: ${message.text ?? '(no text)'}`);
      const link = /https?:\/\/[^\s"|>\\]+\/t\/[^\s"|>\\]+/.exec(JSON.stringify(message.blocks ?? []))?.[0];
      if (link) print(`  the page behind it: ${link.replaceAll('&amp;', '&')}`);
    }
  }, 500);
}

async function main(): Promise<void> {
  const program = join(import.meta.dirname, '..', 'dist', 'main.js');
  if (!existsSync(program)) throw new LabStopped('Vigil is not built: `npm run build` (`npm run lab` does it).');
  print('Starting Vigil with an embedded Postgres, Alertmanager, Prometheus and the shop …');
  const lab = await startLab({ program, claude: claudeOf(process.env) });
  const posts = showPosts(lab);
  try {
    introduce(lab);
    switchOnKey(lab);
    await Promise.race([ended, lab.failed]);
    print('Ending …');
  } finally {
    clearInterval(posts);
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
