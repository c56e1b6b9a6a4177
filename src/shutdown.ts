import type { Logger } from 'pino';
import { StartInterrupted } from './start-refused';
import type { RunningVigil } from './vigil';

/** What the handler needs of the process; a test brings its own. */
export interface SignalledProcess {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): unknown;
}

type Signal = 'SIGTERM' | 'SIGINT';

/** By the shell's custom: 128 and the signal's number. */
const EXIT_BY_SIGNAL: Record<Signal, number> = { SIGTERM: 143, SIGINT: 130 };

/** How long after a second signal the orderly end may still take; the whole is to be over within a second. */
const HURRIED_MS = 900;

/**
 * Starts the program and ends it when a signal says so. Nest's own shutdown hooks raise the signal again and end with
 * 143; an orderly end is 0.
 *
 * - First signal: drain and stop; exit 0, or 1 when something failed or it took longer than `budgetMs`. A start that is
 *   under way is broken off at its next step.
 * - Second signal: the drain is skipped and the orderly end goes on; what is not over then within a second is left, with
 *   143 or 130. Nothing is lost: what is recorded stays, a lease that was not given back runs out, and the next start
 *   adopts the embedded database.
 *
 * @param start gets a signal that aborts with the first one
 * @returns what `start` returned; its failure is the caller's to tell
 */
export function runUnderSignals(
  start: (interrupted: AbortSignal) => Promise<RunningVigil>,
  budgetMs: number,
  log: Logger,
  host: SignalledProcess = process,
): Promise<RunningVigil> {
  const interrupt = new AbortController();
  let signals = 0;
  const onSignal = (signal: Signal): void => {
    signals += 1;
    if (signals === 1) first(signal);
    if (signals === 2) second(signal);
  };
  // Before the start: it lasts a second or more, and by default a signal would kill it half-way.
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  host.on('SIGINT', () => onSignal('SIGINT'));
  const starting = start(interrupt.signal);

  const first = (signal: Signal): void => {
    log.info({ signal }, 'stopping: running triages may end; a second signal skips that');
    exitAfter(budgetMs, 1, host, () =>
      log.error({ budget_ms: budgetMs }, 'the shutdown took longer than its budget: exit'),
    );
    interrupt.abort(new StartInterrupted());
    void stop(starting, log).then((code) => host.exit(code));
  };
  const second = (signal: Signal): void => {
    log.warn({ signal }, 'second signal: running triages are cut and given back');
    exitAfter(HURRIED_MS, EXIT_BY_SIGNAL[signal], host, () =>
      log.warn('not over within a second: exit; what was not given back goes on when its lease ends'),
    );
    void starting.then(
      (vigil) => vigil.skipDrain(),
      () => undefined, // a start that failed has nothing to drain
    );
  };
  return starting;
}

function exitAfter(ms: number, code: number, host: SignalledProcess, say: () => void): void {
  setTimeout(() => {
    say();
    host.exit(code);
  }, ms).unref();
}

async function stop(starting: Promise<RunningVigil>, log: Logger): Promise<number> {
  try {
    const vigil = await starting.catch((error: unknown) => {
      if (error instanceof StartInterrupted) return undefined;
      throw error;
    });
    await vigil?.stop();
    log.info('stopped');
    return 0;
  } catch (err) {
    log.error({ err }, 'the shutdown failed');
    return 1;
  }
}
