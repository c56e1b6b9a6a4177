import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import type { Fault, FaultName } from '../../lab/shop/shop.ts';
import type { SeenAlert } from '../../lab/witness.ts';

export interface Block {
  readonly type: string;
  readonly handle?: string;
  readonly name?: string;
  readonly input?: { readonly query?: string };
  readonly status?: string;
  readonly text?: string;
}

export interface Evidence {
  readonly claim: string;
  readonly source: string;
  readonly quote: string;
  readonly verified?: string;
}

/** As the API shows it. */
export interface Triage {
  readonly id: string;
  readonly status: string;
  readonly outcome?: string;
  readonly alert_name: string;
  readonly due_at?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly report?: {
    readonly root_cause: { readonly component: string; readonly change: string | null; readonly confidence: string };
    readonly evidence: readonly Evidence[];
    readonly check?: { readonly figures: readonly { readonly text: string; readonly verified: string }[] };
  };
  readonly deliveries: readonly { readonly channel: string; readonly state: string }[];
  readonly conversations: readonly {
    readonly turns: readonly { readonly at: string; readonly content: readonly Block[] }[];
  }[];
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

export interface Course {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [at: number, value: string])[];
}

const DEADLINE_MS = 90_000;

/** The lab as a test looks at it: from outside, by what the servers themselves answer. */
export class WatchedLab {
  readonly lab: Lab;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  /** @returns the first answer that is not undefined; fails at its deadline, and at once when a server of the lab dies */
  async eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const waiting = async (): Promise<T> => {
      for (const deadline = Date.now() + DEADLINE_MS; ; await delay(200)) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`did not happen within ${DEADLINE_MS / 1000} s: ${what}`);
      }
    };
    return Promise.race([waiting(), this.lab.failed]);
  }

  fault(name: FaultName): Fault {
    return this.lab.shop.faults.find((fault) => fault.name === name)!;
  }

  async triage(id: string): Promise<Triage> {
    return (await this.get(`${this.lab.vigil.url}/api/v1/triage/${id}`)) as Triage;
  }

  /** What Vigil was told of a service's changes, newest first. */
  async changes(service: string): Promise<readonly { readonly title: string }[]> {
    const answer = await this.get(`${this.lab.vigil.url}/api/v1/changes?service=${service}`);
    return (answer as { changes: { title: string }[] }).changes;
  }

  /** What Alertmanager sent of this alert, oldest first. */
  seen(alertname: string, which: Partial<SeenAlert> = {}): SeenAlert[] {
    const wanted = Object.entries({ alertname, ...which });
    return this.lab.witness.seen.filter((alert) =>
      wanted.every(([name, value]) => alert[name as keyof SeenAlert] === value),
    );
  }

  /** Waits until Alertmanager has sent it and Vigil has decided so. */
  sent(alertname: string, which: Partial<SeenAlert>): Promise<SeenAlert> {
    const what = `${alertname} with ${JSON.stringify(which)}`;
    return this.eventually(what, () => this.seen(alertname, which)[0]);
  }

  /** Sends an alert that fires, past Alertmanager. @returns the id of its triage */
  async post(labels: Readonly<Record<string, string>>): Promise<string> {
    const { url, token } = this.lab.vigil;
    const response = await fetch(`${url}/api/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        alerts: [{ status: 'firing', startsAt: new Date().toISOString(), labels, annotations: {} }],
      }),
    });
    const { accepted } = (await response.json()) as { accepted: string[] };
    return accepted[0]!;
  }

  /** Waits until it is finished and its post is recorded. */
  posted(id: string): Promise<Triage> {
    return this.eventually(`the triage ${id} is posted`, async () => {
      const triage = await this.triage(id);
      return triage.deliveries[0]?.state === 'delivered' ? triage : undefined;
    });
  }

  /** How many messages in the channel link to this triage. */
  postsOf(id: string): number {
    return this.lab.slack.channel.filter((message) => JSON.stringify(message).includes(`/t/${id}?`)).length;
  }

  /** Asks Prometheus itself. */
  async vector(query: string, time = String(Date.now() / 1000)): Promise<Sample[]> {
    const url = `${this.lab.prometheusUrl}/api/v1/query?${new URLSearchParams({ query, time }).toString()}`;
    const { data } = (await this.get(url)) as { data: { result: Sample[] } };
    return data.result;
  }

  /** Asks Prometheus itself for the moments, in steps of a second, at which an expression gives anything. Unix seconds. */
  async moments(query: string, start: number, end: number): Promise<number[]> {
    const result = await this.matrix(query, start, end);
    return [...new Set(result.flatMap(({ values }) => values.map(([at]) => at)))].sort((a, b) => a - b);
  }

  /** Asks Prometheus itself for a value a second. Unix seconds. */
  async matrix(query: string, start: number, end: number): Promise<Course[]> {
    const asked = { query, start: String(start), end: String(end), step: '1' };
    const url = `${this.lab.prometheusUrl}/api/v1/query_range?${new URLSearchParams(asked).toString()}`;
    const { data } = (await this.get(url)) as { data: { result: Course[] } };
    return data.result;
  }

  /** Waits until nothing has gone wrong in the shop for as long as the scripted model looks back. */
  async quiet(): Promise<void> {
    const good = `
      min(count_over_time(up{job="shop"}[21s])) >= 20
        and min(min_over_time(up{job="shop"}[20s])) == 1
        and sum(increase(http_requests_total{status=~"5.."}[20s])) == 0
        and max(max_over_time(db_pool_in_use[20s])) < 5
        unless on () ALERTS`;
    await this.eventually('the shop has 20 s of good times', async () =>
      (await this.vector(good)).length > 0 ? true : undefined,
    );
  }

  private async get(url: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.lab.vigil.token}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Everything that was said in a triage, in its order. */
export function blocks(triage: Triage): Block[] {
  return triage.conversations.flatMap(({ turns }) => turns.flatMap(({ content }) => content));
}

/** A use of a tool, with what came back. */
export interface ToolUse {
  readonly call: Block;
  readonly result: Block | undefined;
}

/** Each use of a tool; of every tool without a name. */
export function toolUses(triage: Triage, name?: string): ToolUse[] {
  const all = blocks(triage);
  return all
    .filter((block) => block.type === 'tool_use' && (name === undefined || block.name === name))
    .map((call) => ({
      call,
      result: all.find(({ type, handle }) => type === 'tool_result' && handle === call.handle),
    }));
}
