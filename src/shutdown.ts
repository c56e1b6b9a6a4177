import type { Logger } from 'pino';
import type { RunningVigil } from './vigil';

/** What the handler needs of the process; a test brings its own. */
export interface SignalledProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): unknown;
}

/** By the shell's custom: 128 and the signal's number. */
const EXIT_BY_SIGNAL = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Nest's own shutdown hooks raise the signal again and end with 143; an orderly end is 0.
 *
 * - First signal: drain and stop; exit 0, or 1 when something failed or it took longer than `budgetMs`.
 * - Second signal: exit at once with 143 or 130. Nothing is lost: what is recorded stays, another process goes on with
 *   running triages when their lease ends, and the next start adopts the embedded database.
 *
 * @param starting also before it is up: a signal during the start ends it as soon as it stands
 */
export function exitOnSignals(
  starting: Promise<RunningVigil>,
  budgetMs: number,
  log: Logger,
  host: SignalledProcess = process,
): void {
  let stopping = false;
  const onSignal = (signal: keyof typeof EXIT_BY_SIGNAL): void => {
    if (stopping) {
      log.warn({ signal }, 'second signal: exit without waiting; running triages go on when their lease ends');
      host.exit(EXIT_BY_SIGNAL[signal]);
      return;
    }
    stopping = true;
    log.info({ signal }, 'stopping: running triages may end; a second signal exits at once');
    const budget = setTimeout(() => {
      log.error({ budget_ms: budgetMs }, 'the shutdown took longer than its budget: exit');
      host.exit(1);
    }, budgetMs);
    budget.unref();
    void stop(starting, log).then((code) => {
      clearTimeout(budget);
      host.exit(code);
    });
  };
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  host.on('SIGINT', () => onSignal('SIGINT'));
}

async function stop(starting: Promise<RunningVigil>, log: Logger): Promise<number> {
  const vigil = await starting.catch(() => undefined);
  // The start failed, and whoever waits for it says so.
  if (!vigil) return 1;
  try {
    await vigil.stop();
    log.info('stopped');
    return 0;
  } catch (err) {
    log.error({ err }, 'the shutdown failed');
    return 1;
  }
}
