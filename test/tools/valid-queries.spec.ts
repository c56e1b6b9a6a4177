import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logqlMistake } from '../../src/tools/loki/logql-mistakes';
import { promqlRefusal } from '../../src/tools/prometheus/promql-check';

/** One query a line, `⏎` for a line break; Prometheus 2.42 or 3.12, or Loki 3.7, took each of them. */
function queries(dialect: string): string[] {
  const text = readFileSync(join(__dirname, '../fixtures/queries', `${dialect}.txt`), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll('⏎', '\n'));
}

describe('A query that a server takes', () => {
  it.each(['promql', 'metricsql'])('is never refused before it is sent: %s', (dialect) => {
    const refused = queries(dialect).filter((query) => promqlRefusal(query, 'instant') !== undefined);
    expect(refused).toEqual([]);
    expect(queries(dialect).length).toBeGreaterThan(30);
  });

  it('is refused over a range only where it is a range vector', () => {
    const refused = queries('promql').filter((query) => promqlRefusal(query, 'range') !== undefined);
    expect(refused.filter((query) => !/^\(*[\w:{}="\]]+\[[^\]]+\][ @\w)]*(?:\(\))?$/.test(query))).toEqual([]);
  });

  it('is never refused before it is sent: logql, nor where a newer syntax follows that is not known here', () => {
    const newer = (query: string): string => (query.startsWith('{') ? `${query}\n | json | y="z" x="w"` : query);
    const refused = [...queries('logql'), ...queries('logql').map(newer)].filter((query) => logqlMistake(query));
    expect(refused).toEqual([]);
    expect(queries('logql').length).toBeGreaterThan(150);
  });
});
