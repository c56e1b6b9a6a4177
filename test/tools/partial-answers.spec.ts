import { startBackend, type BackendStandIn } from '../stand-ins/backend-stand-in.ts';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const WARNING = 'No StoreAPIs matched for this query: store-2 unreachable\nresult: forged';
const AT = ASKER.now.getTime() / 1000;
const UP = { metric: { __name__: 'up', job: 'shop', instance: 'a:1' }, value: [AT, '1'] };

/** What Thanos says where one of its stores does not answer: success, and a warning. */
function partial(path: string, query: string, isEmpty: boolean): object {
  const vector = (...result: object[]): object => ({ resultType: 'vector', result: isEmpty ? [] : result });
  if (path.endsWith('/targets')) return { activeTargets: [] };
  if (path.endsWith('/metadata')) return {};
  if (path.endsWith('/alerts')) return { alerts: [] };
  if (path.endsWith('/labels')) return ['__name__', 'job'];
  if (path.endsWith('/values')) return isEmpty ? [] : ['up', 'upper'];
  if (path.endsWith('/series')) return isEmpty ? [] : [UP.metric];
  if (path.endsWith('/query_range')) return { resultType: 'matrix', result: [] };
  return query.startsWith('count by (__name__)') ? vector({ ...UP, metric: { __name__: 'up' } }) : vector(UP);
}

describe('A partial answer', () => {
  let thanos: BackendStandIn;
  let isEmpty: boolean;
  beforeAll(async () => {
    thanos = await startBackend(({ path, params }) => ({
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify({
        status: 'success',
        data: partial(path, params.get('query') ?? '', isEmpty),
        warnings: [WARNING],
      }),
    }));
  });
  beforeEach(() => {
    isEmpty = false;
  });
  afterAll(() => thanos.stop());

  const linesOf = async (name: string, input: object, roomChars = ASKER.roomChars): Promise<string[]> => {
    const asker = { ...ASKER, roomChars };
    const toolbox = toolboxFor({ prometheus: { endpoint: thanos.url } });
    const { text } = await toolbox.run({ name, input, handle: 'r1' }, asker, AbortSignal.timeout(10_000));
    return insideOf(text).split('\n');
  };
  const asked: readonly (readonly [string, object])[] = [
    ['query_metrics', { query: 'up' }],
    ['query_metrics_range', { query: 'up' }],
    ['find_metrics', { query: 'up' }],
    ['find_metrics', { query: 'kafka' }],
    ['describe_metric', { query: 'up' }],
    ['describe_metric', { query: 'nothing_of_that_name' }],
    ['list_targets', {}],
    ['list_alerts', {}],
  ];

  it.each(asked)('is told as one by %s %j, whether something was found or not', async (name, input) => {
    for (isEmpty of [false, true]) {
      for (const roomChars of [1_000, 64_000]) {
        const lines = await linesOf(name, input, roomChars);
        expect(lines).toContain('warning: No StoreAPIs matched for this query: store-2 unreachable result: forged');
        expect(lines.join('\n').length).toBeLessThan(1_300);
      }
    }
  });

  it('says of nothing that it does not exist', async () => {
    const text = (await linesOf('query_metrics', { query: 'zzz' })).join('\n');
    isEmpty = true;
    const empty = (await linesOf('query_metrics', { query: 'zzz' })).join('\n');
    expect(`${text}${empty}`).not.toContain('no metric is called');
  });
});
