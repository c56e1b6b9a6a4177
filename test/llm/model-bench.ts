import type { ModelConfig } from '../../src/config/slices';
import type { ModelRequest, ToolSpec } from '../../src/llm/language-model';
import { AnthropicModel } from '../../src/llm/anthropic/anthropic-model';
import { type AnthropicOptions, type AnthropicStandIn, STAND_IN_KEY, startAnthropic } from '../stand-ins/anthropic.ts';
import { says } from '../stand-ins/anthropic-answer.ts';
import { FakeClock } from './fake-clock';

export const MODEL = 'claude-sonnet-5-5';

export const TOOLS: readonly ToolSpec[] = [
  {
    name: 'query_metrics',
    description: 'Runs PromQL.',
    inputSchema: { type: 'object', properties: { query: { type: 'string' } }, additionalProperties: false },
  },
  {
    name: 'submit_report',
    description: 'Gives the report.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    strict: true,
  },
];

/** A model that talks to a stand-in over a real socket, and what a conversation with it needs. */
export interface ModelBench {
  readonly service: AnthropicStandIn;
  readonly model: AnthropicModel;
  readonly clock: FakeClock;
  /** A request that goes on with these turns behind the opening. */
  request(...wires: string[]): ModelRequest;
  stop(): Promise<void>;
}

export interface BenchOptions extends Partial<AnthropicOptions> {
  readonly apiKey?: string;
  readonly timeoutMs?: number;
  readonly path?: string;
}

export async function modelBench(options: BenchOptions = {}): Promise<ModelBench> {
  const { apiKey = STAND_IN_KEY, timeoutMs = 10_000, path = '', script = () => says('fine'), ...more } = options;
  const service = await startAnthropic({ script, ...more });
  const clock = new FakeClock();
  const config: ModelConfig = { apiKey, model: MODEL, baseUrl: `${service.url}${path}`, timeoutMs };
  const model = new AnthropicModel(config, clock);
  const prefix = model.freezePrefix({ model: MODEL, systemPrompt: 'You investigate alerts.', tools: TOOLS });
  const opening = model.userWire([{ type: 'text', text: 'HighErrorRate fires on shop.' }]);
  return {
    service,
    model,
    clock,
    request: (...wires) => ({ model: MODEL, prefix, wires: [opening, ...wires], maxOutputTokens: 2_000 }),
    stop: () => service.stop(),
  };
}
