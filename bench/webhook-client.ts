import { Agent, request } from 'node:http';
import { BenchStopped } from './bench.ts';

export interface WebhookTarget {
  /** Base URL. */
  readonly url: string;
  readonly token: string;
  readonly connections: number;
}

/** Posts webhook bodies as Alertmanager does, over connections that stay open. */
export class WebhookClient {
  private readonly target: WebhookTarget;
  private readonly agent: Agent;

  constructor(target: WebhookTarget) {
    this.target = target;
    this.agent = new Agent({ keepAlive: true, maxSockets: target.connections });
  }

  /** @returns the answer's text */
  post(body: Buffer): Promise<string> {
    const headers = {
      authorization: `Bearer ${this.target.token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const url = `${this.target.url}/api/v1/alerts`;
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: this.agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          if (response.statusCode === 202) resolve(text);
          else reject(new BenchStopped(`a webhook was answered with ${response.statusCode}: ${text}`));
        });
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Posts all of them, one after the other on each connection. */
  async postAll(bodies: readonly Buffer[]): Promise<void> {
    const left = bodies.values();
    const sender = async (): Promise<void> => {
      for (const body of left) await this.post(body);
    };
    await Promise.all(Array.from({ length: this.target.connections }, sender));
  }

  close(): void {
    this.agent.destroy();
  }
}
