import { onlySeries, seriesOfAlert, tellingLabels } from './series-of-alert';
import { splitExpression } from './split-expression';

const series = (...all: readonly Record<string, string>[]) => all.map((labels) => ({ labels }));
const comparison = (text: string) => splitExpression(text)[0]!.comparison!;

describe('the series of an answer that are the alert’s', () => {
  it('agree with it in every label that both have, whatever else either has', () => {
    const all = series({ __name__: 'x', job: 'a', mode: 'idle' }, { job: 'b' });
    expect(seriesOfAlert(all, { job: 'a', cluster: 'c1' })).toEqual([all[0]]);
    expect(seriesOfAlert(all, { job: 'c' })).toEqual([]);
    expect(seriesOfAlert([], { job: 'a' })).toEqual([]);
  });

  it('share as many labels with it as any', () => {
    const all = series({}, { job: 'a' }, { job: 'a', instance: '1' });
    expect(seriesOfAlert(all, { job: 'a', instance: '1' })).toEqual([all[2]]);
  });

  it('are known though the alert’s labels were cleaned on their way in', () => {
    const all = series({ job: 'a\u200bb' });
    expect(seriesOfAlert(all, { job: 'ab' })).toEqual(all);
  });

  it('are on the one side of a comparison those that are matched, whatever other labels they have', () => {
    const limits = series({ node: '1', job: 'limits' }, { node: '2', job: 'limits' });
    const alert = { node: '2', job: 'nodes', zone: 'z' };
    const on = comparison('usage{job="nodes"} > on (node) group_left (zone) limit');
    expect(seriesOfAlert(limits, alert, tellingLabels(on, 'right'))).toEqual([limits[1]]);
    const ignoring = comparison('usage > ignoring (job) limit');
    expect(seriesOfAlert(limits, alert, tellingLabels(ignoring, 'right'))).toEqual([limits[1]]);
    /* zone came to the result from the other side */
    const many = series({ node: '2', job: 'nodes', zone: 'its own' });
    expect(seriesOfAlert(many, alert, tellingLabels(on, 'left'))).toEqual(many);
  });

  it('are asked for alone by their labels, whose text cannot leave its quotes or be filled in', () => {
    expect(onlySeries('a / b', { path: '/"$1\\', __name__: 'x', 'odd-name': 'y' })).toBe(
      '(a / b) and on (path) label_replace(vector(1), "path", "/\\"$$1\\\\", "", "")',
    );
    expect(onlySeries('sum(a)', {})).toBe('sum(a)');
  });
});
