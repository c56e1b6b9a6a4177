import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newAlerts, webhookBody } from '../alert-bodies.ts';
import { BenchStopped } from '../bench.ts';
import type { BenchContext, Figure } from '../bench.ts';
import type { ContextBackends } from './context-backends.ts';
import { says } from './context-case.ts';
import type { ContextCase, Fact, Plan } from './context-case.ts';
import type { Call, SeenRequest } from './context-model.ts';
import type { VigilApi } from './vigil-api.ts';

/** What the default model's input costs, November 2026. */
export const MODEL = 'claude-sonnet-5-5';
export const USD_PER_TOKEN = 2 / 1_000_000;
const CHARS_PER_TOKEN = 4;

/** One running program, asked one case after the other. */
export class ContextRun {
  api!: VigilApi;
  call: Call = { name: 'query_metrics', input: { query: 'up' } };
  private opening: SeenRequest | undefined;
  private openingRawChars = 0;
  private readonly context: BenchContext;
  private readonly plan: Plan;
  private readonly backends: ContextBackends;

  constructor(context: BenchContext, plan: Plan, backends: ContextBackends) {
    this.context = context;
    this.plan = plan;
    this.backends = backends;
  }

  /** The first request of a triage: what was answered until now stands in its opening message. */
  sees(request: SeenRequest): void {
    this.opening = request;
    this.openingRawChars = this.backends.answeredChars();
  }

  /** @returns what the model was sent for its question */
  async answer({
    figure,
    tool,
    input,
    world,
  }: Pick<ContextCase, 'figure' | 'tool' | 'input' | 'world'>): Promise<string> {
    this.context.note(figure);
    this.backends.show(world);
    if (world.changes) await this.api.post('/api/v1/changes', world.changes);
    this.call = { name: tool, input };
    this.backends.answeredChars();
    const triage = await this.api.triageOf(webhook(this.plan));
    if (triage.model !== MODEL) throw new BenchStopped(`the prices are those of ${MODEL}, not of ${triage.model}`);
    const blocks = triage.conversations.flatMap(({ turns }) => turns.flatMap(({ content }) => content));
    const text = blocks.find(({ type }) => type === 'tool_result')?.text;
    if (text === undefined) throw new BenchStopped(`${figure}: the triage has no result of ${tool}`);
    return text;
  }

  async figureOf({ figure, tool, raw, facts, targetTokens }: ContextCase, text: string): Promise<Figure> {
    const answers = await Promise.all(raw.map(({ from, path }) => this.rawAnswer(from, path)));
    const rawChars = answers.reduce((sum, { length }) => sum + length, 0);
    const measured = await this.measured({ figure, rawChars, text, lost: lostOf(facts, text) });
    if (targetTokens !== undefined && measured.value > targetTokens) {
      this.context.note(`${figure}: ${tool} took ${measured.value} tokens, more than its ${targetTokens}`);
    }
    return measured;
  }

  /** The opening message in a large system, and what stands before every request: its raw text is itself. */
  async openingFigures(lists: readonly ContextCase[], toolNames: ReadonlySet<string>): Promise<Figure[]> {
    const series = lists.flatMap(({ world }) => world.series ?? []).filter(({ labels }) => labels.__name__ === 'up');
    const world = { ...lists.find(({ tool }) => tool === 'list_alerts')!.world, series };
    await this.answer({ figure: 'opening', tool: 'query_metrics', input: { query: 'up' }, world });
    const { system, tools, messages } = this.opening!;
    const opening = textOf(messages[0]!.content);
    const prefix = textOf(system) + JSON.stringify(tools);
    const known = ['HighErrorRate', 'DatabaseDown', '9f3c2e1'].map(says);
    const offered = [...toolNames].map((name) => says(`"name":"${name}"`));
    return [
      await this.measured({
        figure: 'opening',
        rawChars: this.openingRawChars,
        text: opening,
        lost: lostOf(known, opening),
      }),
      await this.measured({ figure: 'prefix', rawChars: prefix.length, text: prefix, lost: lostOf(offered, prefix) }),
    ];
  }

  private async measured({ figure, rawChars, text, lost }: Measured): Promise<Figure> {
    if (lost.length > 0) this.context.note(`${figure}: lost: ${lost.join('; ')}`);
    const { textsDir } = this.context;
    if (textsDir !== undefined) await writeFile(join(textsDir, `${figure}.txt`), text);
    const [rawTokens, tokens] = [Math.ceil(rawChars / CHARS_PER_TOKEN), Math.ceil(text.length / CHARS_PER_TOKEN)];
    const prices = { raw_usd: usd(rawTokens), usd: usd(tokens) };
    const more = { raw_tokens: rawTokens, tokens, kept: lost.length === 0, ...prices };
    return { figure, value: tokens, unit: 'tokens', calibration: rawTokens, ratio: tokens / rawTokens, more };
  }

  private async rawAnswer(from: ContextCase['raw'][number]['from'], path: string): Promise<string> {
    if (from === 'vigil') return this.api.get(path);
    const response = await fetch(this.backends.urls[from] + path);
    const text = await response.text();
    if (!response.ok) throw new BenchStopped(`${from}: ${path} was answered with ${response.status}: ${text}`);
    return text;
  }
}

interface Measured {
  readonly figure: string;
  readonly rawChars: number;
  readonly text: string;
  /** What should stand in the text and does not. */
  readonly lost: readonly string[];
}

function lostOf(facts: readonly Fact[], text: string): string[] {
  return facts.filter((fact) => !fact.holds(text)).map(({ name }) => name);
}

/** To a millionth of a dollar. */
function usd(tokens: number): number {
  return Number((tokens * USD_PER_TOKEN).toFixed(6));
}

/** An alert that nobody has seen before, of the service that has the fault. */
function webhook({ startsAt }: Plan): string {
  const alerts = newAlerts(1).map((alert) => ({
    ...alert,
    startsAt: startsAt.toISOString(),
    labels: { ...alert.labels, service: 'payments' },
  }));
  return webhookBody(alerts).toString();
}

/** A string, or blocks of text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as readonly { readonly text?: string }[]).map(({ text = '' }) => text).join('\n');
}
