import { join } from 'node:path';
import { runDemo } from './demo.ts';
import type { DemoOptions } from './demo.ts';
import { bundledPlan } from './incident-plan.ts';
import { incident } from './incident.ts';
import { DemoStopped } from './vigil-process.ts';

/* `npm run demo [-- --once]`: the main job from alert to report, on one's own machine. */

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    /* the second one does not wait for the orderly end */
    if (ended.signal.aborted) process.exit(1);
    ended.abort();
  });
}

/** A key in the environment means: the real model, and real money. */
function claudeOf(env: NodeJS.ProcessEnv): DemoOptions['claude'] {
  const apiKey = env.VIGIL_CLAUDE_API_KEY;
  if (!apiKey) return undefined;
  const kept = ['VIGIL_CLAUDE_MODEL', 'VIGIL_CLAUDE_BASE_URL'].flatMap((name) =>
    env[name] ? [[name, env[name]]] : [],
  );
  return { apiKey, settings: Object.fromEntries(kept) as Record<string, string> };
}

function introduce(claude: DemoOptions['claude']): void {
  print('');
  if (claude) {
    print('Vigil investigates a bundled incident with the real model (VIGIL_CLAUDE_API_KEY is set: this costs money).');
  } else {
    print('*'.repeat(80));
    print('**  THE MODEL IS SCRIPTED: no language model is asked.                        **');
    print('**  A script asks fixed questions and composes its report from the answers.   **');
    print('**  Set VIGIL_CLAUDE_API_KEY to have Claude investigate instead.              **');
    print('*'.repeat(80));
  }
  print(
    'The incident is bundled: Prometheus and Loki are stand-ins over generated data. All the rest is the real program.',
  );
  print('');
}

async function main(): Promise<void> {
  const once = process.argv.includes('--once');
  const claude = claudeOf(process.env);
  introduce(claude);
  const until = (): Promise<void> => {
    if (once || ended.signal.aborted) return Promise.resolve();
    print('The report stays readable there until Ctrl-C.');
    return new Promise((resolve) => ended.signal.addEventListener('abort', () => resolve(), { once: true }));
  };
  const program = join(import.meta.dirname, '..', 'dist', 'main.js');
  await runDemo({
    incident: incident(bundledPlan(new Date())),
    program,
    claude,
    print,
    until,
    signal: ended.signal,
  });
  if (!claude) print('(The model was scripted. Everything else was the real program.)');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (ended.signal.aborted) process.exit(0);
    const known = error instanceof DemoStopped;
    process.stderr.write(
      `\nThe demo stopped. ${known ? error.message : `Unexpected: ${String((error as Error).stack ?? error)}`}\n`,
    );
    process.exit(1);
  },
);
