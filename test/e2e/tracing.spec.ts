import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { startSink, type Sink, type SunkSpan } from '../stand-ins/otlp-sink.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';

jest.setTimeout(60_000);

const KIND = { internal: 1, server: 2, client: 3 };
const SAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UNSAMPLED = SAMPLED.replace(/01$/, '00');

let world: StandIns;
let sink: Sink;
let database: TestDatabase;
let vigil: VigilProcess;

beforeEach(async () => {
  world = await startStandIns();
  sink = await startSink();
  database = await createTestDatabase();
});
afterEach(async () => {
  await vigil.signal('SIGKILL');
  await Promise.all([world.stop(), sink.stop()]);
  await database.drop();
});

const start = async (over: Readonly<Record<string, string>> = {}): Promise<void> => {
  const tracing = { enable_tracing: 'true', otlp_endpoint: `${sink.url}/`, otlp_protocol: 'http/json' };
  vigil = await startVigilProcess({ ...world.settings, database_url: database.url, ...tracing, ...over });
};

/** Posts an alert and waits for its report. */
async function triage(fingerprint: string, traceparent?: string): Promise<{ posted: Response; id: string }> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const posted = await fetch(`${vigil.url}/api/v1/alerts`, {
    method: 'POST',
    body: webhookOf(fingerprint),
    headers: { ...headers, ...(traceparent && { traceparent }) },
  });
  const [id] = ((await posted.json()) as { accepted: string[] }).accepted;
  await until('the report', async () => {
    const seen = (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as { status: string };
    return seen.status === 'finished' ? seen : undefined;
  });
  return { posted, id: id! };
}
const named = (name: string): SunkSpan[] => sink.spans().filter((span) => span.name === name);
const logged = (): Record<string, unknown>[] =>
  vigil.log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);

it('takes an alert’s trace from the request, by a link, to the attempt and its calls, whatever runs between (GV-69)', async () => {
  await start();
  const { posted, id } = await triage('whole', SAMPLED);
  expect(await vigil.signal('SIGTERM')).toBe(0);

  const [request] = named('POST /api/v1/alerts');
  expect(request).toMatchObject({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    parentSpanId: '00f067aa0ba902b7',
    kind: KIND.server,
    attributes: { 'http.route': '/api/v1/alerts', 'http.response.status_code': 202, 'client.address': '127.0.0.1' },
  });
  expect(posted.headers.get('x-trace-id')).toBe(request!.traceId);

  const [attempt] = named('invoke_agent vigil');
  expect(attempt).toMatchObject({
    kind: KIND.internal,
    links: [{ traceId: request!.traceId, spanId: request!.spanId }],
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.conversation.id': id,
      'vigil.triage.id': id,
      'vigil.alert.name': 'HighErrorRate',
      'vigil.alert.fingerprint': 'whole',
      'vigil.triage.outcome': 'complete',
    },
  });
  expect(attempt!.parentSpanId).toBeFalsy();
  expect(attempt!.traceId).not.toBe(request!.traceId);

  const below = { traceId: attempt!.traceId, parentSpanId: attempt!.spanId, events: [] };
  expect(named('chat claude-sonnet-5-5')).toEqual([
    expect.objectContaining({ ...below, kind: KIND.client }),
    expect.objectContaining({ ...below, kind: KIND.client }),
  ]);
  expect(named('chat claude-sonnet-5-5')[0]!.attributes).toMatchObject({ 'gen_ai.provider.name': 'anthropic' });
  expect(named('execute_tool query_metrics')).toEqual([expect.objectContaining({ ...below, kind: KIND.internal })]);

  const lines = logged();
  expect(lines.find(({ msg, path }) => msg === 'request' && path === '/api/v1/alerts')).toMatchObject({
    trace_id: request!.traceId,
    span_id: request!.spanId,
  });
  expect(lines.find(({ msg }) => msg === 'the model answered')).toMatchObject({ trace_id: attempt!.traceId });
  expect(lines.find(({ msg }) => msg === 'listening')).not.toHaveProperty('trace_id');
});

it('keeps what was said out of spans, unless trace-content asks for it: then what is new in each call, clipped (GV-59)', async () => {
  await start();
  await triage('quiet');
  await vigil.signal('SIGTERM');
  const quiet = JSON.stringify(sink.bodies.map(({ bytes }) => bytes.toString()));
  expect(quiet).toContain('invoke_agent vigil');
  for (const said of ['too many errors', 'payments is up', 'up{service=']) expect(quiet).not.toContain(said);

  const already = sink.spans().length;
  await start({ trace_content: 'true' });
  await triage('loud');
  await vigil.signal('SIGTERM');
  const spans = sink.spans().slice(already);
  const content = spans.flatMap(({ name, events }) => events.map((event) => ({ name, ...event.attributes })));
  expect(content.map(({ name }) => name).sort()).toEqual([
    'chat claude-sonnet-5-5',
    'chat claude-sonnet-5-5',
    'execute_tool query_metrics',
  ]);
  const text = JSON.stringify(content);
  expect(text).toContain('payments is up');
  // The alert went into the first call; the second one repeats none of it.
  expect(content.filter((event) => JSON.stringify(event).includes('too many errors'))).toHaveLength(1);
  for (const value of content.flatMap((event) => Object.values(event))) {
    expect(String(value).length).toBeLessThanOrEqual(8_000 + '… (1000000 more characters)'.length);
  }
  expect(JSON.stringify(sink.spans())).not.toContain(world.settings.claude_api_key);
});

it('records the share that is asked for, and follows a caller who decided already', async () => {
  await start({ trace_sample: '0' });
  const { posted } = await triage('none');
  expect(posted.headers.get('x-trace-id')).toBeNull();
  expect((await triage('followed', SAMPLED)).posted.headers.get('x-trace-id')).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(await vigil.signal('SIGTERM')).toBe(0);
  expect(new Set(sink.spans().map(({ name }) => name))).toEqual(new Set(['POST /api/v1/alerts']));

  const already = sink.spans().length;
  await start({ trace_sample: '1' });
  expect((await triage('declined', UNSAMPLED)).posted.headers.get('x-trace-id')).toBeNull();
  expect(await vigil.signal('SIGTERM')).toBe(0);
  const names = sink
    .spans()
    .slice(already)
    .map(({ name }) => name);
  expect(names).toContain('invoke_agent vigil');
  expect(names).not.toContain('POST /api/v1/alerts');
});

it('speaks protobuf unless told otherwise, and records nothing of callers without a token', async () => {
  await start({ otlp_protocol: '' });
  const refused = await fetch(`${vigil.url}/api/v1/triage/x`, { headers: { traceparent: SAMPLED } });
  expect([refused.status, refused.headers.get('x-trace-id')]).toEqual([401, null]);
  await triage('binary');
  expect(await vigil.signal('SIGTERM')).toBe(0);
  expect(sink.bodies).not.toHaveLength(0);
  for (const { path, headers, bytes } of sink.bodies) {
    expect([path, headers['content-type']]).toEqual(['/v1/traces', 'application/x-protobuf']);
    expect(bytes.toString('latin1')).not.toContain('/api/v1/triage/x');
  }
  expect(sink.bodies.map(({ bytes }) => bytes.toString('latin1')).join()).toContain('invoke_agent vigil');
});

describe('a collector', () => {
  it.each([
    ['that never answers', 0],
    ['that fails', 503],
  ])('%s has no effect on triages, and none on the end but seconds (F73)', async (_what, status) => {
    sink.answerWith(status);
    await start();
    for (const fingerprint of ['a', 'b', 'c']) await triage(fingerprint);
    const begun = performance.now();
    expect(await vigil.signal('SIGTERM')).toBe(0);
    expect(performance.now() - begun).toBeLessThan(8_000);
    const complaints = logged().filter(({ msg }) => String(msg).startsWith('spans could not be sent'));
    expect(complaints).toHaveLength(1);
    expect(sink.bodies).not.toHaveLength(0);
  });
});
