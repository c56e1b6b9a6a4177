import type { Client } from 'pg';
import type { JournalEntry } from '../stand-ins/anthropic.ts';
import type { Answer } from '../stand-ins/anthropic-answer.ts';
import { alertNameIn, type ParsedRequest } from '../stand-ins/anthropic-request.ts';
import type { Step } from '../stand-ins/anthropic-steps.ts';
import { until } from '../until';
import { type StandIns, webhookOf } from './stand-ins';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

/** One way in which a conversation can end: what the model's side does, and what comes of it. */
export interface Ending {
  readonly name: string;
  /** One for each request of the conversation; a request beyond them is a fault. */
  readonly answers: readonly Step[];
  readonly outcome: string;
  readonly endedBy: string;
  /** The first words of the message in Slack. */
  readonly title: string;
  /** What that message says. */
  readonly says: RegExp;
}

/** A triage as the API gives it, as far as the endings look at it. */
export interface Seen {
  readonly id: string;
  readonly status: string;
  readonly outcome?: string;
  readonly ended_by?: string;
  readonly analysis?: string;
  readonly due_at?: string;
  readonly model?: string;
  readonly attempts: number;
  readonly tool_calls?: number;
  readonly report?: { readonly headline: string };
  readonly conversations: readonly {
    readonly turns: readonly { readonly content: readonly { readonly type: string; readonly handle?: string }[] }[];
  }[];
}

/** The whole program over a database of its own, and a model that plays one script for each alert. */
export class EndingsWorld {
  private readonly scripts = new Map<string, readonly Step[]>();
  private readonly played = new Map<string, number>();

  private constructor(private readonly vigil: VigilWithWorld) {
    vigil.world.anthropic.play((request) => this.answer(request));
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<EndingsWorld> {
    return new EndingsWorld(await startVigilWithWorld({ lease_seconds: '3', drain_seconds: '0', ...settings }));
  }

  get standIns(): StandIns {
    return this.vigil.world;
  }

  get sql(): Client {
    return this.vigil.sql;
  }

  stop(): Promise<void> {
    return this.vigil.stop();
  }

  /** Triages of an outcome that this process has finished, by its metrics: over all worlds of a spec file. */
  async finished(outcome: string): Promise<number> {
    const metrics = await (await fetch(`${this.vigil.adminUrl}/metrics`)).text();
    return Number(new RegExp(`^vigil_triages_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
  }

  /** Posts one alert; `answers` are what its model says, without them it plays on as it did. */
  async alert(name: string, answers: readonly Step[]): Promise<string> {
    this.scripts.set(name, answers);
    const over = { labels: { alertname: name, service: 'payments', severity: 'warning' } };
    return (await this.vigil.post(webhookOf(name, over))).accepted[0]!;
  }

  see(id: string): Promise<Seen> {
    return this.vigil.see<Seen>(id);
  }

  inStatus(id: string, status: string): Promise<Seen> {
    return this.vigil.inStatus<Seen>(id, status);
  }

  /** The page of a triage. */
  async page(id: string): Promise<string> {
    return (await this.vigil.call(await this.vigil.link(id))).text();
  }

  /** The requests of one alert's conversation that reached the model's side. */
  requestsOf(name: string): JournalEntry[] {
    return this.standIns.anthropic.journal.filter((entry) => entry.body && alertNameIn(entry.body) === name);
  }

  /** How many of them its script answered: the stand-in refuses the others, as the real API would. */
  playedOf(name: string): number {
    return this.played.get(name) ?? 0;
  }

  /** All text of the message about an alert, its title first. */
  messageAbout(name: string): Promise<{ title: string; text: string }> {
    return until(`the message about ${name}`, () => {
      const texts = this.standIns.slack.channel.map((message) => textsIn(message.blocks));
      const found = texts.find(([title]) => title?.endsWith(`: ${name}`));
      return found && { title: found[0]!, text: found.join('\n') };
    });
  }

  private answer(request: ParsedRequest): Answer | Promise<Answer> {
    const name = alertNameIn(request);
    const n = this.playedOf(name);
    this.played.set(name, n + 1);
    const step = this.scripts.get(name)?.[n];
    if (step === undefined) throw new Error(`${name}: an unexpected request, number ${n + 1}`);
    return typeof step === 'function' ? step(request, n) : step;
  }
}

function textsIn(blocks: unknown): string[] {
  if (Array.isArray(blocks)) return blocks.flatMap(textsIn);
  if (typeof blocks !== 'object' || blocks === null) return [];
  const { text, ...others } = blocks as { text?: unknown };
  return [...(typeof text === 'string' ? [text] : textsIn(text)), ...Object.values(others).flatMap(textsIn)];
}
