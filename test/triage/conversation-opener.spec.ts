import { Briefing } from '../../src/briefing/briefing';
import type { ModelConfig, TriageConfig } from '../../src/config/slices';
import { ConversationOpener } from '../../src/triage/conversation-opener';
import { OpeningWriter } from '../../src/triage/opening-writer';
import type { ClaimedTriage } from '../../src/triage/ports/triage-queue';
import { modelBench } from '../llm/model-bench';
import { ClockAt, toolboxFor } from '../tools/tool-bench';
import { TOOL_NAMES } from '../tools/tool-names';

describe('The beginning of a conversation', () => {
  it('holds the same system prompt and tools, byte for byte, each of 100 times, whenever it begins', async () => {
    const bench = await modelBench();
    try {
      const backend = { endpoint: 'http://backend.example' };
      const build = async (n: number): Promise<string> => {
        const clock = new ClockAt(new Date(Date.UTC(2026, 10, 24, 0, n, 7)));
        const opening = new OpeningWriter(new Briefing([]), { maxToolCalls: n } as TriageConfig, clock);
        const toolbox = toolboxFor({ prometheus: backend, loki: backend, alertmanager: backend }, { clock });
        const opener = new ConversationOpener(opening, bench.model, toolbox, { model: 'm' } as ModelConfig);
        const claimed = { lease: { triageId: `01TRIAGE${n}` }, alertName: `a${n}`, firings: [] };
        const { conversation } = await opener.begin(claimed as unknown as ClaimedTriage, AbortSignal.timeout(5_000));
        return conversation.prefix;
      };
      const built = await Promise.all(Array.from({ length: 100 }, (_, n) => build(n)));
      expect(new Set(built).size).toBe(1);
      expect(built[0]!.match(/"name":"\w+"/g)).toEqual(
        [...TOOL_NAMES, 'submit_report'].map((name) => `"name":"${name}"`),
      );
    } finally {
      await bench.stop();
    }
  });
});
