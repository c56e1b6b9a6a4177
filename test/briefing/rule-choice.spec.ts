import { Briefing } from '../../src/briefing/briefing';
import { RuleSection } from '../../src/briefing/rule-section';
import { PrometheusClient } from '../../src/tools/prometheus/prometheus-client';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import { captured, capturedBody } from '../tools/captured';
import { endWorlds, firing, group, lineOf, linkTo, NOW, risen, textOf, usage, world } from './usage-world';

describe("the section on the alert's rule", () => {
  afterEach(endWorlds);

  describe('the rule is chosen', () => {
    const both = [
      group(
        { query: 'usage > 0.5', labels: { severity: 'warning' } },
        { query: 'usage > 0.8', labels: { severity: 'critical', team: '{{ $labels.job }}' } },
      ),
    ];

    it('among several of its name by the labels that it adds', async () => {
      const text = await textOf(
        await world([usage('a', risen)], both),
        firing({ instance: 'a', severity: 'critical' }),
      );
      expect(lineOf(text, 'expression')).toBe('expression: usage > 0.8');
      expect(text).not.toContain('fit the alert');
    });

    it('by the expression that the alert came with', async () => {
      const alert = firing({ instance: 'a' }, { generatorUrl: linkTo('usage  > 0.8') });
      expect(lineOf(await textOf(await world([usage('a', risen)], both), alert), 'expression')).toBe(
        'expression: usage > 0.8',
      );
    });

    it('though nothing tells them apart: that is said', async () => {
      const text = await textOf(await world([usage('a', risen)], both), firing({ instance: 'a' }));
      expect(text).toContain("2 rules have this name and fit the alert's labels equally well; this is the first.");
    });

    it('by its name, where an old server gives every rule whatever was asked', async () => {
      const prometheus = await world([usage('a', risen)]);
      const all = {
        status: 'success',
        data: { groups: [group({ query: 'up == 0', name: 'Down' }, { query: 'usage > 0.5' })] },
      };
      prometheus.fault(({ path }) =>
        path === '/api/v1/rules'
          ? { kind: 'answer', status: 200, contentType: 'application/json', body: JSON.stringify(all) }
          : undefined,
      );
      expect(await textOf(prometheus, firing({ instance: 'a' }))).toContain('\nexpression: usage > 0.5\n');
    });

    it('and what the alert came with is looked at when the rule was changed since', async () => {
      const alert = firing({ instance: 'a' }, { generatorUrl: linkTo('usage > 0.4') });
      const text = await textOf(await world([usage('a', risen)], [group({ query: 'usage > 0.97' })]), alert);
      expect(lineOf(text, 'expression:')).toBe('expression: usage > 0.97');
      expect(lineOf(text, 'expression that')).toMatch(/is looked at below: usage > 0\.4$/);
      expect(lineOf(text, 'at the start')).toContain('0.9 > 0.4');
    });

    it('in the shape that a real server gives', async () => {
      const prometheus = await world([]);
      const answer = captured('prometheus-3.5/rules_alert');
      prometheus.fault(({ path }) =>
        path === '/api/v1/rules'
          ? { kind: 'answer', status: 200, contentType: 'application/json', body: capturedBody(answer) }
          : undefined,
      );
      const text = await textOf(prometheus, firing({ alertname: 'HighErrorRate', service: 'gateway' }));
      expect(text.split('\n').slice(0, 4)).toEqual([
        'rule: HighErrorRate, group shop-alerts in rules.yml, evaluated every 5s',
        'expression: service:http_errors:ratio1m > 0.05',
        'for: 15s',
        'state of the alert now: inactive',
      ]);
      expect(text).toContain("series: none with the alert's labels; the expression has 0 series at the start");
      expect(text).toContain('on the data as it is stored now the expression does not hold there');
    });
  });

  it('names the rule as it is called, on one line, and says no more of its state than is known', async () => {
    const other = {
      labels: { alertname: 'Disk # 1', instance: 'b' },
      state: 'firing',
      activeAt: '2026-11-23T19:00:00Z',
    };
    const rules = group({ query: 'usage > 0.5', name: 'Disk # 1', alerts: [other] });
    const groups = [{ ...rules, name: `disks # and\nalive: metrics of a ${'x'.repeat(900)}` }];
    const text = await textOf(
      await world([usage('a', risen)], groups),
      firing({ alertname: 'Disk # 1', instance: 'a' }),
    );
    expect(lineOf(text, 'rule: ')).toMatch(/^rule: Disk # 1, group disks # and alive: metrics of a x{10,80}… \(/);
    expect(lineOf(text, 'state')).toBe(
      'state of the alert now: not among those that the rule holds (1 alert, of other labels)',
    );
    expect(lineOf(text, 'crossed')).toBeDefined();
  });

  describe('what is missing is said with its reason', () => {
    it('at once when nobody listens', async () => {
      const prometheus = await startPrometheus();
      await prometheus.stop();
      const before = performance.now();
      const text = await textOf(prometheus, firing({ instance: 'a' }, { generatorUrl: linkTo('usage > 0.5') }));
      expect(performance.now() - before).toBeLessThan(1_000);
      expect(text.split('\n')).toEqual([
        'not known: the rule, its `for` and its state: Prometheus gave no answer: the connection was refused.',
        'expression (from the link that came with the alert): usage > 0.5',
        'not known: the value at the start, whether the expression holds now, the course of the expression, the course of the left side: Prometheus gave no answer: the connection was refused.',
        'compared: left side usage > 0.5',
      ]);
    });

    it('and what came in time is shown when the values are slow', async () => {
      const prometheus = await world([usage('a', risen)], [group({ query: 'usage > 0.5' })]);
      prometheus.fault(({ path }) => (path === '/api/v1/query_range' ? { kind: 'hang' } : undefined));
      const section = new RuleSection(new PrometheusClient({ endpoint: prometheus.url }));
      const subject = {
        triageId: '01T',
        alertName: 'UsageHigh',
        firing: firing({ instance: 'a' }),
        now: new Date(NOW * 1000),
      };
      const [{ text } = { text: '' }] = await new Briefing([section]).gather(subject, AbortSignal.timeout(5_000));
      expect(text).toContain('rule: UsageHigh');
      expect(lineOf(text, 'not known')).toBe(
        'not known: the course of the expression, the course of the left side: Prometheus did not answer in the time that the opening message has.',
      );
      expect(lineOf(text, 'now')).toContain('0.95 > 0.5, the expression holds');
      expect(lineOf(text, 'at the start')).toMatch(/: 0\.9 > 0\.5$/);
      expect(text).not.toContain('does not hold');
    });

    it('and a value that was not told is not said to be absent', async () => {
      const prometheus = await world([usage('a', risen)], [group({ query: 'usage > 0.5' })]);
      const late = (params: URLSearchParams): boolean => params.get('query') === 'usage' && !params.has('step');
      prometheus.fault(({ params }) => (late(params) ? { kind: 'hang' } : undefined));
      const text = await textOf(prometheus, firing({ instance: 'a' }));
      expect(lineOf(text, 'now:')).toBe('now: the expression holds');
    });

    it('when every answer hangs, in less than the time of a section', async () => {
      const prometheus = await world([]);
      prometheus.fault(() => ({ kind: 'hang' }));
      const before = performance.now();
      const text = await textOf(prometheus, firing({}, { generatorUrl: linkTo('usage > 0.5') }));
      expect(performance.now() - before).toBeLessThan(2_500);
      expect(text.match(/^not known: /gm)).toHaveLength(2);
    });

    it('without a rule and without a link', async () => {
      expect(await textOf(await world([]), firing({}, { generatorUrl: 'http://elsewhere.example/d/1' }))).toBe(
        'not known: the rule, its `for` and its state: Prometheus has no alerting rule of this name.\n' +
          'not known: the expression: the alert came without a link that holds it.',
      );
    });

    it('by the server itself for an expression that it cannot read', async () => {
      const alert = firing({ instance: 'a' }, { generatorUrl: linkTo('usage >') });
      const text = await textOf(await world([usage('a', risen)]), alert);
      expect(lineOf(text, 'not known: the value at the start')).toContain('Prometheus answered 400 bad_data:');
    });

    it('and nothing is lost of an abort: whoever ends the triage is obeyed', async () => {
      const prometheus = await world([]);
      prometheus.fault(() => ({ kind: 'hang' }));
      const abort = new AbortController();
      const section = new RuleSection(new PrometheusClient({ endpoint: prometheus.url }));
      const subject = { triageId: '01T', alertName: 'UsageHigh', firing: firing({}), now: new Date(NOW * 1000) };
      const gathered = section.gather(subject, abort.signal);
      abort.abort(new Error('the lease is lost'));
      await expect(gathered).rejects.toThrow('the lease is lost');
    });
  });

  it('shows an expression of many lines whole, and none of its lines passes for one of ours', async () => {
    const query = 'usage\n> 0.5\nor absent(x) == 2 # a comment\nor up{a="\nnot known: the database"} > 3';
    const alert = firing({ instance: 'a' }, { generatorUrl: linkTo(query) });
    const text = await textOf(await world([usage('a', risen)]), alert);
    expect(text).toContain(
      '\n  usage\n  > 0.5\n  or absent(x) == 2 # a comment\n  or up{a="\n  not known: the database"} > 3\n',
    );
    expect(text.match(/^not known: the database/m)).toBeNull();
  });

  it('never fetches the address that the alert came with', async () => {
    const [prometheus, elsewhere] = [await world([usage('a', risen)]), await world([])];
    const generatorUrl = `${elsewhere.url}/graph?g0.expr=usage+%3E+0.5`;
    expect(await textOf(prometheus, firing({ instance: 'a' }, { generatorUrl }))).toContain('0.9 > 0.5');
    expect(elsewhere.journal).toEqual([]);
  });
});
