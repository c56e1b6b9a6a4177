import { MemoryDeliveryLedger } from './memory-delivery-ledger';
import { sampleTriage } from './sample-triage';

describe('The ledger in memory', () => {
  it('shares nothing with those who give to it and take from it (GV-51)', async () => {
    const ledger = new MemoryDeliveryLedger();
    const given = sampleTriage();
    ledger.owe(given);
    Object.assign(given.conversations[0]!, { model: 'changed before' });
    const claim = async () => {
      ledger.makeDue();
      const { content } = (await ledger.claim('slack', 1_000, () => 'alone'))!;
      return content.kind === 'report' ? content.triage.conversations[0]! : undefined;
    };
    Object.assign((await claim())!, { model: 'changed after' });
    expect((await claim())!.model).toBe('claude-sonnet-5-5');
    Object.assign(given.conversations[0]!, { model: 'claude-sonnet-5-5' });
  });
});
