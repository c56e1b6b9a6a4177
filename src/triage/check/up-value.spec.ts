import type { SentText } from '../../domain/sent-texts';
import { upBears } from './up-value';

const ONE = '{instance="a:1", job="shop"} 1';
const ZERO = '{instance="b:1", job="shop"} 0';
const up = (lines: readonly string[]): SentText => ({
  handle: 'r1',
  source: 'query_metrics',
  status: 'ok',
  input: { query: 'up{job="shop"}' },
  text: `query: up{job="shop"}\ntime: t\nresult: vector, ${lines.length} series\n${lines.join('\n')}`,
});

describe('What the values of up bear out', () => {
  it.each<[string, string, readonly string[], boolean | undefined]>([
    ['a is up', ONE, [ONE, ZERO], true],
    ['b is up', ZERO, [ONE, ZERO], false],
    ['b is down', ZERO, [ONE, ZERO], true],
    ['a is down', ONE, [ONE, ZERO], false],
    ['a is not down', ONE, [ONE, ZERO], true],
    ['b is not up', ZERO, [ONE, ZERO], true],
    ['No target is down', ONE, [ONE, ZERO], false],
    ['No target is down', ONE, [ONE], true],
    ['All targets are up', ONE, [ONE, ZERO], false],
    ['All targets are up', ONE, [ONE], true],
    ['Every target is down', ZERO, [ONE, ZERO], false],
    ['None is up', ZERO, [ZERO], true],
    ['a was down for a while', '{instance="a:1"} first=1 last=1 min=0 max=1', [ONE], true],
    ['Prometheus scrapes it', ONE, [ONE], undefined],
  ])('%s, by %s', (claim, line, all, borne) => expect(upBears(claim, [line], up(all))).toBe(borne));

  it('is nothing where something else was asked', () => {
    expect(upBears('a is up', [ONE], { ...up([ONE]), input: { query: 'errors' } })).toBeUndefined();
  });
});
