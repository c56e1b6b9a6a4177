import { ServerProcess } from '../server-process.ts';
import { SETTINGS_VARIABLE } from './service-settings.ts';

/** Which build of a service runs. */
export interface Build {
  readonly version: string;
  readonly revision: string;
}

export interface ShopServiceOptions {
  readonly name: string;
  /** The file that the process runs. */
  readonly program: string;
  readonly port: number;
  readonly build: Build;
  readonly settings: object;
}

/** One service of the shop: a process that can be deployed, killed and started again at the same address. */
export class ShopService {
  readonly url: string;
  /** Rejects when the process ends though nobody ended it; never resolves. */
  readonly failed: Promise<never>;
  private fail!: (error: unknown) => void;
  private readonly options: ShopServiceOptions;
  private build: Build;
  private process?: ServerProcess;

  constructor(options: ShopServiceOptions) {
    this.options = options;
    this.build = options.build;
    this.url = `http://127.0.0.1:${options.port}`;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined); // whoever waits for it is told
  }

  async start(): Promise<void> {
    const { name, program, port, settings } = this.options;
    this.process = new ServerProcess({
      name,
      program: process.execPath,
      args: [program],
      env: { PATH: process.env.PATH, [SETTINGS_VARIABLE]: JSON.stringify({ name, port, ...this.build, ...settings }) },
    });
    await this.process.answers(`${this.url}/metrics`);
    this.process.failed().catch(this.fail);
  }

  /** Another build in the place of the one that runs. */
  async deploy(build: Build): Promise<void> {
    this.build = build;
    await this.stop();
    await this.start();
  }

  async flag(name: string, on: boolean): Promise<void> {
    const response = await fetch(`${this.url}/flags/${name}`, { method: 'PUT', body: on ? 'on' : 'off' });
    if (!response.ok) throw new Error(`${this.options.name} answered ${response.status}`);
  }

  /** SIGKILL: it has no last words. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }
}
