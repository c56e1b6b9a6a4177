import { setTimeout as delay } from 'node:timers/promises';
import { BenchStopped } from '../bench.ts';
import { TOKEN } from '../vigil-process.ts';

const POLL_MS = 20;
const LIMIT_MS = 120_000;

/** A triage as the API tells it, as far as it is looked at. */
export interface ToldTriage {
  readonly status: string;
  readonly outcome?: string;
  readonly model: string;
  readonly conversations: readonly { readonly turns: readonly { readonly content: readonly ToldBlock[] }[] }[];
}

export interface ToldBlock {
  readonly type: string;
  readonly status?: string;
  readonly text?: string;
}

/** Vigil's API, with the bench's token. */
export class VigilApi {
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async get(path: string): Promise<string> {
    return this.ask(path, {});
  }

  async post(path: string, body: unknown): Promise<string> {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Waits until the triage of this alert has its report. */
  async triageOf(webhook: string): Promise<ToldTriage> {
    const { accepted } = JSON.parse(await this.post('/api/v1/alerts', webhook)) as { accepted: readonly string[] };
    for (const deadline = performance.now() + LIMIT_MS; performance.now() < deadline; await delay(POLL_MS)) {
      const triage = JSON.parse(await this.get(`/api/v1/triage/${accepted[0]}`)) as ToldTriage;
      if (triage.status !== 'finished') continue;
      if (triage.outcome === 'complete') return triage;
      throw new BenchStopped(`a triage ended as ${triage.outcome}`);
    }
    throw new BenchStopped('a triage did not end within two minutes');
  }

  private async ask(path: string, options: RequestInit): Promise<string> {
    const headers = { ...(options.headers as Record<string, string>), authorization: `Bearer ${TOKEN}` };
    const response = await fetch(this.url + path, { ...options, headers });
    const text = await response.text();
    if (!response.ok) throw new BenchStopped(`${path} was answered with ${response.status}: ${text.slice(0, 500)}`);
    return text;
  }
}
