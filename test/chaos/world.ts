import { randomBytes } from 'node:crypto';
import { startAnthropic } from '../stand-ins/anthropic.ts';
import type { AnthropicStandIn, JournalEntry } from '../stand-ins/anthropic.ts';
import type { Answer } from '../stand-ins/anthropic-answer.ts';
import type { ParsedRequest } from '../stand-ins/anthropic-request.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { startSlack } from '../stand-ins/slack.ts';
import type { SlackAnswer, SlackPost, SlackStandIn } from '../stand-ins/slack.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { startChaosPrometheus } from './backend.ts';
import type { BackendCall } from './backend.ts';
import { Investigator } from './investigator.ts';
import type { Moments } from './moments.ts';
import type { Life, ReplicaName } from './life.ts';
import type { Seeded } from './seeded.ts';

/** Share of the posts that Slack does not take at first. */
const REFUSED_POSTS = 0.06;

/** One request to the model, and who sent it. */
export interface ModelCall {
  readonly at: number;
  readonly life?: Life;
  /** The first message as it was sent: whose conversation it is. */
  readonly opening: string;
  /** The place that the answer is to have in the conversation. */
  readonly seq: number;
  readonly entry: JournalEntry;
  /** The ids of its calls: an answer that is on record is known by them. */
  ids: readonly string[];
  /** The model's side itself broke it off. */
  isFaulty: boolean;
  /** When the answer was sent, or could have been. */
  endedAt?: number;
}

/** One message in the channel, and who posted it. */
export interface ChaosPost {
  readonly post: SlackPost;
  readonly life?: Life;
}

/** All that Vigil talks to. Each life of a replica has secrets of its own: so it is known who asked. */
export class World {
  readonly modelCalls: ModelCall[] = [];
  readonly backendCalls: BackendCall[] = [];
  readonly posts: ChaosPost[] = [];
  readonly apiToken = secret('token');
  private readonly keys: string[] = [];
  private readonly tokens: string[] = [];
  private readonly lives: readonly Life[];
  private readonly moments: Moments;
  private readonly seeded: Seeded;
  anthropic!: AnthropicStandIn;
  private prometheus!: PrometheusStandIn;
  private slack!: Readonly<Record<ReplicaName, SlackStandIn>>;

  private constructor(lives: readonly Life[], moments: Moments, seeded: Seeded) {
    this.lives = lives;
    this.moments = moments;
    this.seeded = seeded;
  }

  static async start(lives: readonly Life[], moments: Moments, seeded: Seeded): Promise<World> {
    const world = new World(lives, moments, seeded);
    const investigator = new Investigator(seeded.of('model'));
    world.anthropic = await startAnthropic({
      script: (request) => world.answer(request, investigator),
      apiKeys: world.keys,
    });
    world.prometheus = await startChaosPrometheus(
      seeded.of('prometheus'),
      ({ headers }) => lives[world.tokens.indexOf(headers.authorization?.replace('Bearer ', '') ?? '')],
      (call) => {
        world.backendCalls.push(call);
        moments.tell('backend.request', call.life);
      },
    );
    world.slack = { A: await world.channel('A'), B: await world.channel('B') };
    return world;
  }

  /** What a life is told: `VIGIL_*` without the prefix, in lower case. */
  settingsOf(life: number, replica: ReplicaName): Readonly<Record<string, string>> {
    this.keys[life] ??= secret('sk-ant');
    this.tokens[life] ??= secret('bearer');
    return {
      api_token: this.apiToken,
      claude_api_key: this.keys[life],
      claude_base_url: this.anthropic.url,
      prometheus_endpoint: this.prometheus.url,
      prometheus_bearer_token: this.tokens[life],
      slack_webhook_url: this.slack[replica].url,
    };
  }

  /** What may stand in no table, log line, request to the model, or post. */
  secrets(): string[] {
    const paths = Object.values(this.slack).map(({ url }) => new URL(url).pathname);
    return [this.apiToken, ...this.keys, ...this.tokens, ...paths];
  }

  async stop(): Promise<void> {
    await Promise.all([this.anthropic, this.prometheus, this.slack.A, this.slack.B].map((one) => one.stop()));
  }

  private async answer(request: ParsedRequest, investigator: Investigator): Promise<Answer> {
    const entry = this.anthropic.journal.findLast(({ body }) => body === request)!;
    const life = typeof entry.key === 'number' ? this.lives[entry.key] : undefined;
    const { answer, afterMs } = investigator.answer(request);
    const isFaulty = 'fault' in answer;
    const call: ModelCall = {
      at: Date.now(),
      life,
      opening: JSON.stringify(request.messages[0]),
      seq: request.messages.length,
      entry,
      ids: [],
      isFaulty,
    };
    this.modelCalls.push(call);
    this.moments.tell('model.request', life);
    await delay(afterMs);
    call.endedAt = Date.now();
    if (isFaulty) return answer;
    // Once the answer has been written; an id of its own tells it from the other answers to the same request.
    setImmediate(() => this.moments.tell('model.answered', life));
    const content = answer.content.map((block, i) =>
      block.type === 'tool_use' ? { ...block, id: `toolu_${this.modelCalls.indexOf(call)}_${i}` } : block,
    );
    call.ids = content.flatMap((block) => (block.type === 'tool_use' ? [block.id!] : []));
    return { ...answer, content };
  }

  private async channel(replica: ReplicaName): Promise<SlackStandIn> {
    const slack = await startSlack();
    const chance = this.seeded.of(`slack ${replica}`);
    slack.answer((post): SlackAnswer => {
      const life = this.lives.findLast((one) => one.replica === replica);
      this.posts.push({ post, life });
      this.moments.tell('slack.post', life);
      if (!chance.chance(REFUSED_POSTS)) return 'ok';
      return chance.pick<SlackAnswer>(['server_error', 'reset', { retryAfterSeconds: 1 }]);
    });
    return slack;
  }
}

function secret(of: string): string {
  return `${of}-canary-${randomBytes(12).toString('hex')}`;
}
