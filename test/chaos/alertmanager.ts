import { setTimeout as delay } from 'node:timers/promises';
import type { Moments } from './moments.ts';
import type { Replica } from './replica.ts';
import type { Seeded } from './seeded.ts';

/** Alertmanager gives up on an answer after this; in milliseconds. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = [80, 500] as const;
/** Of an answer whose body was lost it is known that the alert was taken, and not what was promised. */
const NOT_PROMISED = 'not_firing';

export interface ChaosAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly status: 'firing' | 'resolved';
  readonly [member: string]: unknown;
}

/** What a 2xx said of one alert. */
export interface Acknowledged {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly status: ChaosAlert['status'];
  readonly decision: string;
  readonly triageId?: string;
}

interface Admitted {
  readonly alerts: readonly { readonly decision: string; readonly triage_id?: string }[];
}

/** Sends alerts as Alertmanager does: again and again, to the replicas in turn, until one takes them. */
export class Alertmanager {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that no alert of ours should get. */
  readonly refusals: string[] = [];
  private readonly replicas: readonly Replica[];
  private readonly token: string;
  private readonly moments: Moments;
  private sent = 0;

  constructor(replicas: readonly Replica[], token: string, moments: Moments) {
    this.replicas = replicas;
    this.token = token;
    this.moments = moments;
  }

  /** @returns when it has been taken */
  async send(alerts: readonly ChaosAlert[], chance: Seeded, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ version: '4', groupKey: '{}', status: alerts[0]!.status, alerts });
    while (!signal.aborted) {
      const { current } = this.replicas[(this.sent += 1) % this.replicas.length]!;
      if (current?.url !== undefined && (await this.isTaken(current.url, body, alerts))) return;
      await delay(chance.whole(...AGAIN_MS));
    }
  }

  private async isTaken(url: string, body: string, alerts: readonly ChaosAlert[]): Promise<boolean> {
    try {
      const answering = fetch(`${url}/api/v1/alerts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      this.moments.tell('alerts.sent', this.replicas.find(({ current }) => current?.url === url)?.current);
      const answer = await answering;
      if (answer.ok) return await this.note(answer, alerts);
      if (answer.status < 500) this.refusals.push(`${answer.status}: ${await answer.text()}`);
      return answer.status < 500; // Alertmanager does not send it again
    } catch {
      return false;
    }
  }

  private async note(answer: Response, alerts: readonly ChaosAlert[]): Promise<true> {
    const body = (await answer.json().catch(() => undefined)) as Admitted | undefined;
    alerts.forEach(({ fingerprint, startsAt, status }, i) => {
      const said = body?.alerts[i];
      const { decision = NOT_PROMISED, triage_id: triageId } = said ?? {};
      this.acknowledged.push({ fingerprint, startsAt, status, decision, triageId });
    });
    const life = this.replicas.find(({ current }) => answer.url.startsWith(`${current?.url}/`))?.current;
    this.moments.tell('alerts.acknowledged', life);
    return true;
  }
}
