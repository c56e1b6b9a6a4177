import { EventEmitter } from 'node:events';
import { LogConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import { nodeTooOld } from '../../src/node-version';
import { createLog } from '../../src/observability/logs';
import { exitOnSignals } from '../../src/shutdown';
import { UndoStack } from '../../src/undo-stack';
import type { RunningVigil } from '../../src/vigil';

const BUDGET_MS = 60_000;
const log = createLog(new LogConfig({ logLevel: 'info', logFormat: 'json' } as Settings), { write: () => undefined });

/** Where signals come from and where the exit code goes. */
class Host extends EventEmitter {
  readonly exited: Promise<number>;
  exit!: (code: number) => void;
  constructor() {
    super();
    this.exited = new Promise((resolve) => (this.exit = resolve));
  }
}

const running = (stop: () => Promise<void>): Promise<RunningVigil> =>
  Promise.resolve({ httpPort: 1, adminPort: 2, stop });
const never = (): Promise<void> => new Promise(() => undefined);

describe('a signal', () => {
  it('ends the program with 0 when it stopped in order', async () => {
    const host = new Host();
    let stopped = false;
    exitOnSignals(
      running(async () => void (stopped = true)),
      BUDGET_MS,
      log,
      host,
    );
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    expect(stopped).toBe(true);
  });

  it('ends it with 1 when a part could not be stopped', async () => {
    const host = new Host();
    exitOnSignals(
      running(() => Promise.reject(new Error('x'))),
      BUDGET_MS,
      log,
      host,
    );
    host.emit('SIGINT');
    expect(await host.exited).toBe(1);
  });

  it('ends it with 1 when the budget is over', async () => {
    const host = new Host();
    const pending = setInterval(() => undefined, 1000);
    exitOnSignals(running(never), 20, log, host);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(1);
    clearInterval(pending);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('that comes second as %s ends it at once with %i', async (signal, code) => {
    const host = new Host();
    exitOnSignals(running(never), BUDGET_MS, log, host);
    host.emit('SIGTERM');
    host.emit(signal);
    expect(await host.exited).toBe(code);
  });

  it('during the start ends it once it stands', async () => {
    const host = new Host();
    let stopped = false;
    let stand!: (vigil: RunningVigil) => void;
    exitOnSignals(new Promise((resolve) => (stand = resolve)), BUDGET_MS, log, host);
    host.emit('SIGTERM');
    expect(stopped).toBe(false);
    stand(await running(async () => void (stopped = true)));
    expect(await host.exited).toBe(0);
    expect(stopped).toBe(true);
  });
});

describe('what was started', () => {
  it('is ended in the opposite order, each part once, also after a failure', async () => {
    const ended: string[] = [];
    const undo = new UndoStack(log);
    undo.push('first', async () => ended.push('first'));
    undo.push('second', async () => {
      ended.push('second');
      throw new Error('second failed');
    });
    undo.push('third', async () => ended.push('third'));
    await expect(undo.run()).rejects.toThrow('second failed');
    await undo.run();
    expect(ended).toEqual(['third', 'second', 'first']);
  });
});

describe('the check of Node', () => {
  it.each(['20.20.2', '22.17.9', '18.0.0'])('refuses %s in one sentence', (version) => {
    expect(nodeTooOld(version)).toBe(
      `Vigil needs Node 22.18 or newer; this is ${version}. Start it with \`npm start\`, which brings its own, or install a newer Node.`,
    );
  });

  it.each(['22.18.0', '24.21.0', '26.0.0-nightly'])('takes %s', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });
});
