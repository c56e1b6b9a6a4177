import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { startLoki } from '../../test/stand-ins/loki.ts';
import { startPrometheus } from '../../test/stand-ins/prometheus.ts';
import { listen } from '../listen.ts';
import type { Backend, World } from './context-case.ts';

/** Prometheus, Loki and Alertmanager, which hold what one case after the other gives them. */
export interface ContextBackends {
  /** Base URL of each. */
  readonly urls: Readonly<Record<Exclude<Backend, 'vigil'>, string>>;
  show(world: World): void;
  /** Characters that they answered since the last time that this was asked. */
  answeredChars(): number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Headers that change an answer. */
const PASSED_ON = ['content-type', 'x-loki-response-encoding-flags'];

/**
 * A front before the stand-ins that evaluate PromQL and LogQL: it answers what they do not know (metadata, targets,
 * Alertmanager, sizes, captured bodies) and counts.
 */
export async function startContextBackends(): Promise<ContextBackends> {
  const prometheus = await startPrometheus();
  const loki = await startLoki();
  let world: World = {};
  let chars = 0;
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [, name, path] = /^\/(prometheus|loki|alertmanager)(\/.*)$/.exec(request.url!)!;
    const url = new URL(path!, 'http://front');
    const form = await text(request);
    const known = knownAnswer(name as Backend, url, world);
    if (known !== undefined) return { status: 200, contentType: 'application/json', body: JSON.stringify(known) };
    if (name === 'alertmanager') return { status: 404, contentType: 'text/plain', body: '404 page not found\n' };
    const passed = PASSED_ON.flatMap((header) =>
      header in request.headers ? [[header, request.headers[header] as string]] : [],
    );
    const inner = await fetch((name === 'loki' ? loki : prometheus).url + path!, {
      method: request.method!,
      headers: Object.fromEntries(passed) as Record<string, string>,
      ...(request.method === 'POST' && { body: form }),
    });
    return { status: inner.status, contentType: inner.headers.get('content-type') ?? '', body: await inner.text() };
  };
  const front = await listen(
    createServer((request, response) => {
      answer(request).then(
        ({ status, contentType, body }) => {
          chars += body.length;
          response.writeHead(status, { 'content-type': contentType }).end(body);
        },
        (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`stand-in: ${String(error)}`),
      );
    }),
  );
  return {
    urls: {
      prometheus: `${front.url}/prometheus`,
      loki: `${front.url}/loki`,
      alertmanager: `${front.url}/alertmanager`,
    },
    show: (next) => {
      world = next;
      prometheus.set(next.series ?? []);
      loki.set(next.streams ?? []);
    },
    answeredChars: () => {
      const answered = chars;
      chars = 0;
      return answered;
    },
    stop: async () => {
      await front.stop();
      await Promise.all([prometheus.stop(), loki.stop()]);
    },
  };
}

/** What is not evaluated. */
function knownAnswer(name: Backend, { pathname, searchParams }: URL, world: World): unknown {
  if (name === 'alertmanager') return world.alertmanager?.[pathname];
  const captured = world.captured?.[pathname];
  if (captured !== undefined) return captured;
  if (name === 'loki') return pathname === '/loki/api/v1/index/stats' ? sizes(world) : undefined;
  const data = pathname === '/api/v1/status/tsdb' ? cardinality(world) : world.prometheus?.[pathname];
  if (data === undefined) return undefined;
  const metric = searchParams.get('metric');
  if (pathname !== '/api/v1/metadata' || metric === null) return { status: 'success', data };
  const entry = (data as Record<string, unknown>)[metric];
  return { status: 'success', data: entry === undefined ? {} : { [metric]: entry } };
}

/** Without envelope, as Loki's index gives them. */
function sizes({ streams = [] }: World): object {
  const lines = streams.flatMap((stream) => stream.lines);
  const bytes = lines.reduce((sum, [, line]) => sum + line.length, 0);
  return { streams: streams.length, chunks: streams.length, bytes, entries: lines.length };
}

function cardinality({ series = [] }: World): object {
  const counts = new Map<string, number>();
  for (const { labels } of series) counts.set(labels.__name__!, (counts.get(labels.__name__!) ?? 0) + 1);
  const largest = [...counts].sort(([, a], [, b]) => b - a).slice(0, 10);
  return {
    headStats: { numSeries: series.length, numLabelPairs: 0, chunkCount: 0, minTime: 0, maxTime: 0 },
    seriesCountByMetricName: largest.map(([name, value]) => ({ name, value })),
    labelValueCountByLabelName: [],
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: [],
  };
}
