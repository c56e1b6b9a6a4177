import { LogConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import { Defect, Unavailable } from '../../src/domain/errors';
import { createLog } from '../../src/observability/logs';
import { NestLog } from '../../src/observability/nest-log';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const config = new LogConfig({ logLevel: 'info', logFormat: 'json' } as Settings);
  write(createLog(config, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes one JSON object a line with the time, the level as a word and the message', () => {
  expect(logged((log) => log.warn({ triage_id: '01J' }, 'it waits'))).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'warn',
      triage_id: '01J',
      msg: 'it waits',
    },
  ]);
});

it('leaves out what is below its level', () => {
  expect(logged((log) => log.debug('quiet'))).toEqual([]);
});

it.each([
  [{ authorization: 'hunter2' }],
  [{ headers: { authorization: 'hunter2', cookie: 'hunter2', 'set-cookie': ['hunter2'] } }],
  [{ req: { headers: { authorization: 'hunter2' } } }],
  [{ req: { headers: Object.assign(Object.create(null) as object, { Authorization: 'hunter2' }) } }],
  [{ options: { apiKey: 'hunter2', webhookUrl: 'hunter2' } }],
])('never writes the secret in %j', (what) => {
  expect(JSON.stringify(logged((log) => log.info(what, 'x')))).not.toContain('hunter2');
});

it.each([
  ['the program itself', (log: ReturnType<typeof createLog>, err: Error) => log.error({ err }, 'x')],
  ['a part of it, by Nest’s logger', (log, err) => new NestLog(log).error({ err }, 'x')],
] satisfies [string, (log: ReturnType<typeof createLog>, err: Error) => void][])(
  'writes an error of %s with its cause, but not what clients and drivers hang on it',
  (_, write) => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (a)=(hunter2)' });
    const error = Object.assign(new Error('query failed', { cause }), {
      parameters: ['hunter2'],
      query: 'SELECT hunter2',
    });
    const [line] = logged((log) => write(log, error));
    expect(line?.['err']).toMatchObject({
      message: 'query failed',
      cause: { code: '23505', message: 'duplicate key' },
    });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  },
);

it('says of a dependency that is away why, without a stack; of a defect where it was', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const [away, defect] = logged((log) => {
    log.warn({ err: new Unavailable('db.unavailable', 'It does not answer.', { cause }) }, 'x');
    log.error({ err: new Defect('defect.unreachable', 'unexpected', cause) }, 'x');
  }).map((line) => JSON.stringify(line['err']));
  expect(away).toContain('ECONNREFUSED');
  expect(away).not.toContain('"stack"');
  expect(defect).toContain('log.spec.ts');
});
