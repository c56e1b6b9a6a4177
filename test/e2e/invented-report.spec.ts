import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { blocksOf, type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { webhookOf } from './stand-ins';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

interface Seen {
  readonly id: string;
  readonly status: string;
  readonly outcome: string;
  readonly analysis: string;
  readonly report: {
    readonly root_cause: { readonly confidence: string };
    readonly evidence: readonly { readonly verified: string; readonly doubts?: readonly string[] }[];
    readonly flags: readonly { readonly source: string; readonly text: string }[];
    readonly check: {
      readonly figures: readonly { readonly field: string; readonly text: string; readonly verified: string }[];
      readonly claimed_confidence?: string;
      readonly change?: string;
      readonly faults: readonly string[];
    };
  };
}

/** A headline with a made-up number, a quote that stands nowhere, a change that nobody made, and no doubt at all. */
const INVENTED = {
  headline: 'payments fails 97.3 % of its requests',
  what_is_happening: 'Since the deploy 4711 customers could not pay.',
  root_cause: { statement: 'The deploy of deadbee1.', component: 'payments', change: 'deadbee1', confidence: 'high' },
  affected: ['payments'],
  evidence: [
    { claim: 'payments fails 97.3 % of its requests', source: 'r1', quote: '{service="payments"} 0.973' },
    { claim: 'it names the cause', source: 'r7', quote: 'panic: runtime error' },
  ],
  ruled_out: ['the network'],
  actions: [{ action: 'Roll back', urgency: 'now' }],
  could_not_check: [],
  flags: [],
};
const query = (what: string): Answer => calls({ name: 'query_metrics', input: { query: `up{service="${what}"}` } });
const submit = (over: object = {}): Answer => calls({ name: 'submit_report', input: { ...INVENTED, ...over } });

describe('A report that is invented', () => {
  let vigil: VigilWithWorld;
  beforeAll(async () => {
    vigil = await startVigilWithWorld();
  });
  afterAll(() => vigil.stop());

  const triage = async (name: string, script: (request: ParsedRequest) => Answer): Promise<Seen> => {
    vigil.world.anthropic.play(script);
    const { accepted } = await vigil.post(webhookOf(name));
    return vigil.inStatus<Seen>(accepted[0]!, 'finished');
  };

  it('is asked for once more, then stands with marks: nobody can take it for a fact', async () => {
    const requests: ParsedRequest[] = [];
    const seen = await triage('invented', (request) => {
      requests.push(request);
      return toolResults(request).length === 0 ? query('payments') : submit();
    });
    expect(requests).toHaveLength(3);
    const told = toolResults(requests[2]!).at(-1)!;
    expect(told).toMatchObject({ name: 'submit_report', isError: true });
    for (const fault of [
      'headline: "97.3 %" stands nowhere',
      'what_is_happening: "4711"',
      'root_cause.change: "deadbee1"',
      'evidence.0 (r1): Its quote does not stand in r1',
      'evidence.1 (r7): Nothing was sent under the handle',
      'Call submit_report once more',
    ]) {
      expect(told.text).toContain(fault);
    }

    expect(seen).toMatchObject({ outcome: 'complete', report: { root_cause: { confidence: 'low' } } });
    const { evidence, check } = seen.report;
    expect(evidence.map(({ verified }) => verified)).toEqual(['unverified', 'unverified']);
    expect(evidence[0]!.doubts).toContain('Its quote does not stand in r1.');
    expect(check).toMatchObject({ claimed_confidence: 'high', change: 'not_recorded' });
    expect(check.figures).toContainEqual(
      expect.objectContaining({ field: 'headline', text: '97.3 %', at: 15, verified: 'unverified' }),
    );
    expect(check.faults[0]).toMatch(/^Confidence "high" is lowered to "low"/);
    expect(seen.analysis).toContain('low confidence: a hypothesis, not a finding (Vigil lowered it from high');
    expect(seen.analysis).toContain('NOT verified');

    const message = await until('the message', () =>
      vigil.world.slack.channel.map((one) => JSON.stringify(one)).find((one) => one.includes('payments fails')),
    );
    expect(message).toContain('Possible cause');
    expect(message).not.toContain('Cause found');

    const doubted = 'payments fails 97.3 % [unverified] of its requests';
    const [preview = '', ...blocks] = textsOf(JSON.parse(message) as object);
    expect(preview).toBe(`Possible cause: HighErrorRate: Hypothesis, not verified: ${doubted}`);
    for (const text of blocks.filter((one) => one.includes('payments fails'))) expect(text).toContain(doubted);
    expect(seen.analysis).toMatch(new RegExp(`^# Hypothesis, not verified: ${doubted.replace(/[[\]]/g, '.')}\n`));

    const page = await (await fetch(vigil.url + (await vigil.link(seen.id)))).text();
    expect(/<h1>([^]*?)<\/h1>/.exec(page)?.[1]?.replace(/<[^>]*>/g, '')).toBe(
      'Hypothesis: payments fails 97.3 % unverified of its requests',
    );
    expect(page).toContain('Root cause not established');

    const { triages } = await vigil.get<{ triages: { id: string; report?: object }[] }>('/api/v1/triage');
    expect(triages.find(({ id }) => id === seen.id)?.report).toMatchObject({
      headline_unverified: ['97.3 %'],
      root_cause: { confidence: 'low' },
    });
  });

  it('may be set right: the corrected one has no marks, and no third is asked for', async () => {
    const corrected = {
      headline: 'payments is up',
      what_is_happening: 'Nothing that can be seen.',
      root_cause: { statement: 'Not known.', component: 'unknown', change: null, confidence: 'unknown' },
      evidence: [{ claim: 'payments is up', source: 'r1', quote: '{service="payments"} 1' }],
    };
    let requests = 0;
    const seen = await triage('corrected', (request) => {
      requests += 1;
      const results = toolResults(request);
      if (results.length === 0) return query('payments');
      return submit(results.length === 1 ? {} : corrected);
    });
    expect(requests).toBe(3);
    expect(seen.report.evidence).toMatchObject([{ verified: 'quoted' }]);
    expect(seen.report.check).toMatchObject({ figures: [], faults: [] });
    expect(seen.report.check).not.toHaveProperty('claimed_confidence');
  });

  it('costs no second request where nothing is wrong with it', async () => {
    let requests = 0;
    const seen = await triage('plain', () => {
      requests += 1;
      return submit({
        headline: 'payments fails',
        what_is_happening: 'It fails.',
        root_cause: { ...INVENTED.root_cause, statement: 'Not known.', change: null },
        evidence: [{ claim: 'it fires', source: 'o1', quote: 'status: firing' }],
      });
    });
    expect(requests).toBe(1);
    expect(seen.report).toMatchObject({ root_cause: { confidence: 'medium' }, check: { claimed_confidence: 'high' } });
  });
});

describe('The requests of one conversation', () => {
  it('are each the one before and more: all of that one is read from the cache, a report that goes back included', async () => {
    const vigil = await startVigilWithWorld();
    try {
      const answers = [query('a'), calls(queryOf('b'), queryOf('c')), submit(), query('d'), submit()];
      let n = 0;
      vigil.world.anthropic.play(() => answers[n++]!);
      const { accepted } = await vigil.post(webhookOf('cached'));
      await vigil.inStatus(accepted[0]!, 'finished');

      const { journal, faults } = vigil.world.anthropic;
      expect(faults).toEqual([]);
      expect(journal).toHaveLength(answers.length);
      const bodies = journal.map((entry) => plain(entry.body!));
      const usages = journal.map((entry) => entry.usage!);
      for (let k = 1; k < journal.length; k += 1) {
        const [before, now] = [bodies[k - 1]!, bodies[k]!];
        expect(now.prefix).toBe(before.prefix);
        expect(now.messages.slice(0, before.messages.length)).toEqual(before.messages);
        expect(now.messages.length).toBe(before.messages.length + 2);
        const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usages[k - 1]!;
        const prompt = input_tokens + cache_creation_input_tokens + cache_read_input_tokens;
        expect(usages[k]!.cache_read_input_tokens).toBeGreaterThanOrEqual(prompt);
      }
      expect(usages[0]!.cache_read_input_tokens).toBe(0);
    } finally {
      await vigil.stop();
    }
  });
});

/** Every text of a message, the preview first. */
function textsOf(message: object): string[] {
  return Object.values(message).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? textsOf(value) : [];
  });
}

function queryOf(what: string): { name: string; input: object } {
  return { name: 'query_metrics', input: { query: `up{service="${what}"}` } };
}

/** Without cache marks: they may move. */
function plain(body: ParsedRequest): { readonly prefix: string; readonly messages: readonly string[] } {
  const text = (value: unknown): string =>
    JSON.stringify(value, (name, member: unknown) => (name === 'cache_control' ? undefined : member));
  return {
    prefix: text([body.model, body.system, body.tools]),
    messages: body.messages.map((message) => text([message.role, blocksOf(message)])),
  };
}
