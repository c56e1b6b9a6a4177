import type { Labels } from '../domain/alert';
import { bestMatch, matchesFor } from './best-match';
import { targetLabels } from './target-labels';

describe('The label sets that fit an alert best', () => {
  it('share the most labels with it and contradict none', () => {
    const sets: Labels[] = [
      { job: 'shop', service: 'payments' },
      { job: 'shop', service: 'payments', instance: 'a' },
      { job: 'shop', service: 'payments', instance: 'b' },
      { job: 'shop', service: 'orders', instance: 'a' },
    ];
    expect(bestMatch(sets, { service: 'payments', job: 'shop', instance: 'a' })).toEqual({
      shared: { service: 'payments', job: 'shop', instance: 'a' },
      sets: [sets[1]],
    });
    expect(bestMatch(sets, { service: 'payments' })?.sets).toHaveLength(3);
    expect(bestMatch(sets, { service: 'users', job: 'shop' })).toBeUndefined();
  });

  it('are none where only a wide label is shared', () => {
    expect(bestMatch([{ namespace: 'shop', job: 'x' }], { service: 'payments', namespace: 'shop' })).toBeUndefined();
  });

  it('are of the more telling kind where two kinds share as many, whatever the order of the sets', () => {
    const sets: Labels[] = [{ job: 'shop' }, { service: 'payments' }];
    for (const given of [sets, sets.toReversed()]) {
      expect(bestMatch(given, { service: 'payments', job: 'shop' })?.shared).toEqual({ service: 'payments' });
    }
  });

  it('are two where an exporter tells of something else', () => {
    const sets: Labels[] = [
      { job: 'exporter', instance: 'e:1', namespace: 'monitoring' },
      { job: 'payments', pod: 'p-1', namespace: 'shop' },
    ];
    const target = targetLabels({ job: 'exporter', instance: 'e:1', namespace: 'shop', pod: 'p-1', severity: 'x' });
    expect(matchesFor(sets, target).map(({ shared }) => shared)).toEqual([
      { pod: 'p-1', namespace: 'shop' },
      { job: 'exporter', instance: 'e:1' },
    ]);
  });
});

describe('The labels that name a target', () => {
  it('are told the most telling first; what a selector cannot name is none', () => {
    const { all, principal } = targetLabels({
      namespace: 'n',
      instance: 'i',
      service: '',
      app: 'a',
      'p.od': 'x',
      team: 't',
    });
    expect(Object.keys(all)).toEqual(['app', 'instance', 'namespace']);
    expect(principal).toEqual({ name: 'app', value: 'a' });
    expect(targetLabels({ namespace: 'n' }).principal).toBeUndefined();
  });
});
