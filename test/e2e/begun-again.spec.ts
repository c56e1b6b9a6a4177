import { calls } from '../stand-ins/anthropic-answer.ts';
import { openingText } from '../stand-ins/anthropic-request.ts';
import { violations } from '../invariants/invariants';
import { BOUND, query, queryCall, REPORT, reportCall, when } from './endings-script';
import { EndingsWorld, type Seen } from './endings-world';
import { askedByModel } from './stand-ins';

interface WithEvidence extends Seen {
  readonly report: { readonly headline: string; readonly evidence: readonly { readonly verified: string }[] };
  readonly tokens_in: number;
}

describe('A conversation that is taken for another one', () => {
  let world: EndingsWorld;
  beforeAll(async () => {
    world = await EndingsWorld.start({ max_tool_calls: '4' });
  });
  afterAll(() => world.stop());

  it('is begun again once from its results: they are cited and not fetched again, and the budget goes on (F28)', async () => {
    const told: string[] = [];
    const id = await world.alert('bound', [
      query(),
      query('other'),
      BOUND,
      (request) => {
        told.push(openingText(request));
        return calls(queryCall('payments'), queryCall('third'), queryCall('fourth'));
      },
      when(
        [/made before[^]*\[r1\] query_metrics/, /up\{|no/i, /budget of tool calls/],
        calls(
          reportCall({
            headline: 'payments is up',
            root_cause: { ...REPORT.root_cause, statement: 'Not known.', confidence: 'low' },
            evidence: [{ claim: 'payments is asked for', source: 'r1', quote: 'service="payments"' }],
          }),
        ),
      ),
    ]);
    const seen = (await world.inStatus(id, 'finished')) as WithEvidence;

    expect(seen).toMatchObject({ outcome: 'partial', ended_by: 'tool_budget', attempts: 1, tool_calls: 4 });
    expect(seen.report.evidence).toMatchObject([{ verified: 'quoted' }]);
    expect(told[0]).toMatch(/^label alertname: bound$/m);
    expect(told[0]).toMatch(
      /2 of your 4 tool calls are used[^]*query_metrics \{"query":"up\{service=\\"payments[^]*\n\[r1\] /,
    );
    expect(told[0]).toMatch(/\n\[r2\] query_metrics/);
    expect(askedByModel(world.standIns.prometheus)).toHaveLength(3);

    const handles = seen.conversations.map(({ turns }) =>
      turns.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_use').map(({ handle }) => handle)),
    );
    expect(handles).toEqual([
      ['r1', 'r2'],
      ['r3', 'r4', 'r5', 's1'],
    ]);
    const { rows } = await world.sql.query<{ input: string; recorded: string }>(
      `SELECT input_tokens + cache_read_tokens + cache_write_tokens AS input, requested_model AS recorded FROM triages`,
    );
    expect(Number(rows[0]!.input)).toBe(seen.tokens_in);
    const ids = [...(await world.page(id)).matchAll(/ id="([^"]+)"/g)].map(([, place]) => place);
    expect(ids).toEqual(expect.arrayContaining(['o1', 'r1', 'r3']));
    expect(new Set(ids).size).toBe(ids.length);
    const { anthropic: model, slack } = world.standIns;
    expect(await violations(world.sql, { model, slack, leaseSeconds: 3 })).toEqual([]);
    expect(model.faults).toEqual([]);
  });
});
