import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { gauge, target } from './system';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const LONG = 'a value that is as long as a whole statement in SQL '.repeat(8);
const wide = (i: number): Record<string, string> => ({
  ...Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`label_${n}`, n < 20 ? LONG : `${LONG}${i}`])),
  job: `job-${i % 40}-${'j'.repeat(90)}`,
  instance: `host-${i}`,
});

/* The conversation has little room left, labels are many and long: the toolbox's own cut is never met. */
describe('The tools that find things, with room for 1,000 characters', () => {
  let prometheus: PrometheusStandIn;
  beforeAll(async () => {
    const many = Array.from({ length: 300 }, (_, i) => wide(i));
    prometheus = await startPrometheus({
      series: many.map((labels, i) =>
        gauge({ ...labels, __name__: i < 150 ? 'wide' : `wide_${'n'.repeat(190)}_${i}` }, 1),
      ),
      metadata: { wide: [{ type: 'gauge', help: LONG, unit: LONG }] },
      targets: many.map((labels, i) => target(labels, i < 200 ? `${LONG}${i}` : '')),
      alerts: many.map((labels, i) => ({
        labels: { ...labels, alertname: `Alert${i % 50}${'x'.repeat(80)}` },
        annotations: { summary: LONG },
        state: 'firing',
        activeAt: '2026-11-23T19:19:00Z',
      })),
    });
  });
  afterAll(() => prometheus.stop());

  it.each([
    ['find_metrics', { query: 'wide' }],
    ['find_metrics', { query: 'zebra' }],
    ['find_metrics', { query: 'wide', service: 'nope' }],
    ['describe_metric', { query: 'wide' }],
    ['describe_metric', { query: 'widee' }],
    ['list_targets', {}],
    ['list_targets', { service: 'nope' }],
    ['list_alerts', {}],
    ['list_alerts', { query: 'instance="host-7"' }],
  ])('%s %j fits its text itself', async (name, input) => {
    for (const roomChars of [1_000, 4_000]) {
      const outcome = await toolboxFor({ prometheus: { endpoint: prometheus.url } }).run(
        { name, input, handle: 'r1' },
        { ...ASKER, roomChars },
        AbortSignal.timeout(20_000),
      );
      const text = insideOf(outcome.text);
      /* a text that had to be cut says so behind the cut, and is longer */
      expect(text.length).toBeLessThanOrEqual(roomChars);
    }
  });

  it('an alert and a target are shown however many labels they have', async () => {
    const told = async (name: string, query: string): Promise<string> =>
      insideOf(
        (
          await toolboxFor({ prometheus: { endpoint: prometheus.url } }).run(
            { name, input: { query }, handle: 'r1' },
            ASKER,
            AbortSignal.timeout(20_000),
          )
        ).text,
      );
    expect(await told('list_alerts', 'instance="host-7"')).toMatch(
      /^2026-11-23T19:19:00Z firing Alert7x+ \{instance="host-7"/m,
    );
    const targets = await told('list_targets', 'host-7');
    expect(targets).toMatch(/^common labels: \{.*…="\d+ more labels"\}$/m);
    expect(targets).toMatch(/^\{instance="host-7".*…"\} down/m);
  });
});
