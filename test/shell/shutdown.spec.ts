import { EventEmitter } from 'node:events';
import { LogConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import { nodeTooOld } from '../../src/node-version';
import { createLog } from '../../src/observability/logs';
import { runUnderSignals } from '../../src/shutdown';
import { StartInterrupted } from '../../src/start-refused';
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

/** A program that has started, and what was asked of it. */
class Running implements RunningVigil {
  readonly httpPort = 1;
  readonly adminPort = 2;
  readonly asked: string[] = [];
  constructor(
    private readonly end: () => Promise<void> = () => Promise.resolve(),
    private readonly cut: () => void = () => undefined,
  ) {}
  stop(): Promise<void> {
    this.asked.push('stop');
    return this.end();
  }
  skipDrain(): void {
    this.asked.push('skip the drain');
    this.cut();
  }
}

const never = (): Promise<void> => new Promise(() => undefined);
const run = (vigil: Promise<RunningVigil>, host: Host, budgetMs = BUDGET_MS): void =>
  void runUnderSignals(() => vigil, budgetMs, log, host);

describe('a signal', () => {
  let host: Host;
  let pending: NodeJS.Timeout;
  beforeEach(() => {
    host = new Host();
    pending = setInterval(() => undefined, 1000); // the timers under test do not keep a process alive
  });
  afterEach(() => clearInterval(pending));

  it('ends the program with 0 when it stopped in order', async () => {
    const vigil = new Running();
    run(Promise.resolve(vigil), host);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(0);
    expect(vigil.asked).toEqual(['stop']);
  });

  it('ends it with 1 when a part could not be stopped', async () => {
    run(Promise.resolve(new Running(() => Promise.reject(new Error('x')))), host);
    host.emit('SIGINT');
    expect(await host.exited).toBe(1);
  });

  it('ends it with 1 when the budget, which the first signal began, is over (GV-64)', async () => {
    run(Promise.resolve(new Running(never)), host, 20);
    host.emit('SIGTERM');
    expect(await host.exited).toBe(1);
  });

  it.each([
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGTERM'],
  ])('%s and then %s cuts the drain, and the orderly end goes on to its 0 (F60)', async (first, second) => {
    let drained!: () => void;
    const drain = new Promise<void>((resolve) => (drained = resolve));
    const vigil = new Running(
      () => drain,
      () => drained(),
    );
    run(Promise.resolve(vigil), host);
    host.emit(first);
    host.emit(second);
    expect(await host.exited).toBe(0);
    expect(vigil.asked.sort()).toEqual(['skip the drain', 'stop']);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('that comes second as %s ends with %i what is not over a second later (F60)', async (signal, code) => {
    run(Promise.resolve(new Running(never)), host);
    host.emit('SIGTERM');
    const sentMs = performance.now();
    host.emit(signal);
    expect(await host.exited).toBe(code);
    expect(performance.now() - sentMs).toBeLessThan(1_500);
  });

  it('during the start breaks it off, and that is no failure', async () => {
    const starting = runUnderSignals(
      (interrupted) =>
        new Promise((_resolve, reject) => interrupted.addEventListener('abort', () => reject(interrupted.reason))),
      BUDGET_MS,
      log,
      host,
    );
    host.emit('SIGTERM');
    await expect(starting).rejects.toThrow(StartInterrupted);
    expect(await host.exited).toBe(0);
  });

  it('during the last step of the start ends the program as soon as it stands', async () => {
    const vigil = new Running();
    let stand!: (vigil: RunningVigil) => void;
    run(new Promise((resolve) => (stand = resolve)), host);
    host.emit('SIGTERM');
    expect(vigil.asked).toEqual([]);
    stand(vigil);
    expect(await host.exited).toBe(0);
    expect(vigil.asked).toEqual(['stop']);
  });

  it('after a start that failed ends with 1', async () => {
    const starting = runUnderSignals(() => Promise.reject(new Error('no database')), BUDGET_MS, log, host);
    await expect(starting).rejects.toThrow('no database');
    host.emit('SIGTERM');
    host.emit('SIGTERM');
    expect(await host.exited).toBe(1);
  });
});

describe('what was started', () => {
  it('is ended in the opposite order, each part once, also after a failure (GV-63)', async () => {
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
