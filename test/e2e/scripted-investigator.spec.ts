import type { ComposedReport } from '../../demo/composed-report.ts';
import { bundledPlan, type IncidentPlan } from '../../demo/incident-plan.ts';
import { incident } from '../../demo/incident.ts';
import { scriptedInvestigator } from '../../demo/scripted-investigator.ts';
import type { Firing } from '../../src/domain/alert';
import { changeLine } from '../../src/domain/change-line';
import type { Conversation, ToolCallRecord } from '../../src/domain/conversation';
import { checkReport, type CheckedReport } from '../../src/triage/check/check-report';
import { openingMessage } from '../../src/triage/prompts/opening-message';
import { parseReport } from '../../src/triage/engine/submit-report';
import type { Reply } from '../stand-ins/anthropic-answer.ts';
import type { BlockParam, MessageParam } from '../stand-ins/anthropic-request.ts';
import { startLoki } from '../stand-ins/loki.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import { ASKER, ClockAt, toolboxFor } from '../tools/tool-bench';

const NOW = new Date('2026-11-23T19:30:07Z');

interface Investigation {
  readonly report: ComposedReport;
  /** The report looked up in everything that was sent. */
  readonly checked: CheckedReport;
  /** Text of each result by its handle. */
  readonly results: ReadonlyMap<string, string>;
  /** Calls of each turn. */
  readonly turns: readonly (readonly string[])[];
}

/** The script against the real tools and both stand-ins, without the rest of the program. */
async function investigate(change: Partial<IncidentPlan> = {}): Promise<Investigation> {
  const plan = { ...bundledPlan(NOW), ...change };
  const { series, streams, alert } = incident(plan);
  const prometheus = await startPrometheus({ series });
  const loki = await startLoki({ streams });
  const backends = { prometheus: { endpoint: prometheus.url }, loki: { endpoint: loki.url } };
  const toolbox = toolboxFor(backends, { clock: new ClockAt(NOW) });
  const firing = firingOf(alert);
  const sections = [{ title: 'changes', text: changesOf(plan, firing.startsAt) }];
  const opening = openingMessage({ firings: [firing], sections, now: NOW, maxToolCalls: 15, boundary: '01WORD' });
  const messages: MessageParam[] = [{ role: 'user', content: opening }];
  const results = new Map<string, string>();
  const toolCalls: ToolCallRecord[] = [];
  const turns: string[][] = [];
  try {
    for (let turn = 0; turn < 8; turn++) {
      const reply = scriptedInvestigator({ model: 'm', max_tokens: 1, messages }) as Reply;
      const calls = reply.content.filter((block) => block.type === 'tool_use');
      const submitted = calls.find(({ name }) => name === 'submit_report');
      if (submitted) {
        const report = submitted.input as ComposedReport;
        return { report, checked: lookedUp(report, opening, toolCalls), results, turns };
      }
      turns.push(calls.map(({ name }) => name));
      const answered: BlockParam[] = [];
      const asked: BlockParam[] = [];
      for (const call of calls) {
        const handle = `r${results.size + 1}`;
        const { text, status } = await toolbox.run(
          { ...call, handle },
          { ...ASKER, now: NOW },
          AbortSignal.timeout(10_000),
        );
        results.set(handle, text);
        toolCalls.push({ handle, name: call.name, input: call.input, status, text } as ToolCallRecord);
        asked.push({ type: 'tool_use', id: handle, name: call.name, input: call.input });
        answered.push({ type: 'tool_result', tool_use_id: handle, content: text, is_error: status === 'failed' });
      }
      messages.push({ role: 'assistant', content: asked }, { role: 'user', content: answered });
    }
    throw new Error('the script came to no end');
  } finally {
    await Promise.all([prometheus.stop(), loki.stop()]);
  }
}

/** Both deploys, as a pipeline would have told them. */
function changesOf({ now, culprit, decoy }: IncidentPlan, startsAt: Date): string {
  const lines = [culprit, decoy].map(({ service, minutesAgo, version, revision, previousRevision }) =>
    changeLine(
      {
        source: 'pipeline',
        id: `${service}-${version}`,
        kind: 'deploy',
        at: new Date(now.getTime() - minutesAgo * 60_000),
        title: `Deploy ${service} ${version}`,
        service,
        version,
        revision,
        previousRevision,
        commits: [],
        files: [],
        labels: {},
      },
      startsAt,
    ),
  );
  return lines.join('\n');
}

function lookedUp(input: ComposedReport, opening: string, toolCalls: readonly ToolCallRecord[]): CheckedReport {
  const parsed = parseReport(input);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const turns = [{ role: 'user', seq: 0, at: NOW, wire: '', blocks: [{ type: 'text', text: opening }] }];
  return checkReport(parsed.report, { triageId: 'T', turns, toolCalls } as unknown as Conversation);
}

function firingOf(body: object): Firing {
  const [alert] = (body as { alerts: (Omit<Firing, 'startsAt'> & { startsAt: string; generatorURL: string })[] })
    .alerts;
  return {
    ...alert!,
    id: 'f',
    startsAt: new Date(alert!.startsAt),
    endsAt: undefined,
    generatorUrl: alert!.generatorURL,
  };
}

/** The percentages that a text names. */
const percentages = (text: string): number[] => [...text.matchAll(/([\d.]+) %/g)].map(([, number]) => Number(number));

describe('the scripted investigator', () => {
  it('finds the culprit, what changed, since when and who suffers', async () => {
    const { report, turns } = await investigate();
    expect(turns).toEqual([
      ['query_metrics', 'query_metrics_range'],
      ['query_metrics_range', 'query_logs'],
      ['query_logs', 'query_metrics_range'],
    ]);
    expect(report.root_cause).toMatchObject({ component: 'payments', change: '9f3c2e1', confidence: 'high' });
    expect(report.root_cause.statement).toContain("Cannot read properties of undefined (reading 'currency')");
    expect(report.affected).toEqual(['checkout', 'storefront', 'payments']);
    expect(percentages(report.headline)[0]).toBeCloseTo(34, -0.5);
    expect(report.actions[0]).toEqual({ action: 'Roll payments back from 2.14.0 to 2.13.4', urgency: 'now' });
    expect('report' in parseReport(report)).toBe(true);
  });

  it('rules the decoy out for its reason: its own errors did not rise', async () => {
    const { report } = await investigate();
    expect(report.ruled_out).toHaveLength(1);
    expect(report.ruled_out[0]).toMatch(
      /^inventory 5\.3\.0 \(revision c07d4aa\), deployed at 19:16:07 UTC: its own errors did not rise \(0\.\d % before, 0\.\d % after\), and the errors began \d min before it\. Its CPU rose from 0\.\d+ to 0\.\d+ cores, but it answers\.$/,
    );
  });

  it('quotes its results literally, each under its handle', async () => {
    const { report, results } = await investigate();
    expect(report.evidence.length).toBeGreaterThanOrEqual(4);
    for (const { source, quote } of report.evidence) expect(results.get(source)).toContain(quote);
    expect(new Set(report.evidence.map(({ source }) => source)).size).toBeGreaterThanOrEqual(3);
  });

  it.each<[string, Partial<IncidentPlan>]>([
    ['as it is bundled', {}],
    ['with other numbers', { errorShare: 0.15 }],
    ['without the fault', { faultOn: false }],
  ])('says nothing that does not hold when it is looked up: the incident %s', async (_how, change) => {
    const { report, checked } = await investigate(change);
    expect(checked.faults).toEqual([]);
    expect(checked.report.rootCause.confidence).toBe(report.root_cause.confidence);
    expect(checked.report.evidence.map(({ verified }) => verified)).not.toContain('unverified');
    expect(checked.report.couldNotCheck).toEqual(report.could_not_check);
    expect(checked.report.flags).toEqual([]);
  });

  it('reports other numbers when the numbers of the incident are others', async () => {
    const { report } = await investigate({ errorShare: 0.15 });
    expect(percentages(report.headline)[0]).toBeCloseTo(15, -0.5);
    const plan = bundledPlan(NOW);
    const later = await investigate({ culprit: { ...plan.culprit, minutesAgo: 16, revision: 'abc1234' } });
    expect(later.report.root_cause.change).toBe('abc1234');
    expect(later.report.root_cause.statement).toContain('came at 19:14:07 UTC');
  });

  it('says unknown when the fault is taken out', async () => {
    const { report } = await investigate({ faultOn: false });
    expect(report.root_cause).toMatchObject({ component: 'unknown', change: null, confidence: 'unknown' });
    expect(report.headline).toContain('No rise of errors was found');
    expect(report.ruled_out).toHaveLength(2);
    expect('report' in parseReport(report)).toBe(true);
  });

  it('blames the other service when culprit and decoy change places', async () => {
    const { culprit, decoy } = bundledPlan(NOW);
    const { report } = await investigate({
      culprit: { ...decoy, minutesAgo: culprit.minutesAgo },
      decoy: { ...culprit, minutesAgo: decoy.minutesAgo },
    });
    expect(report.root_cause).toMatchObject({ component: 'inventory', change: 'c07d4aa', confidence: 'high' });
    expect(report.root_cause.statement).toContain('stock_holds');
    expect(report.ruled_out[0]).toMatch(/^payments 2\.14\.0/);
    expect(JSON.stringify(report)).not.toContain('currency');
  });

  it('knows only what its results say: without them it has no answer', () => {
    const report = scriptedInvestigator({
      model: 'm',
      max_tokens: 1,
      messages: [
        { role: 'user', content: 'An alert fires. starts at: 2026-11-23T19:18:07Z' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'query_metrics', input: { query: 'x' } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'a', content: 'Submit the report now.', is_error: true }],
        },
      ],
    }) as Reply;
    expect(JSON.stringify(report.content)).toContain('"confidence":"unknown"');
    expect(JSON.stringify(report.content)).not.toContain('payments');
  });
});
