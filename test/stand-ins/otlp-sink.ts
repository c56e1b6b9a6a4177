import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** A span as OTLP's JSON has it, with its attributes as a record. */
export interface SunkSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number };
}

export interface SunkBody {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** What takes traces and profiles in. */
export interface Sink {
  readonly url: string;
  readonly bodies: readonly SunkBody[];
  /** Of all bodies that came as `http/json`. */
  spans(): SunkSpan[];
  /** Answers with this status from now on; 0 never answers. */
  answerWith(status: number): void;
  stop(): Promise<void>;
}

/** Serves an OTLP receiver, or a Pyroscope, on a free port of 127.0.0.1: it keeps whatever is posted. */
export async function startSink(): Promise<Sink> {
  const bodies: SunkBody[] = [];
  let status = 200;
  const answer = (response: ServerResponse): void => {
    if (status !== 0) response.writeHead(status).end();
  };
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      bodies.push({ path: request.url ?? '', headers: request.headers, bytes });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => bodies.filter(({ headers }) => headers['content-type'] === 'application/json').flatMap(spansOf),
    answerWith: (next) => {
      status = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
interface WireSpan extends Omit<SunkSpan, 'attributes' | 'events' | 'links'> {
  readonly attributes: Attributes;
  readonly events?: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links?: SunkSpan['links'];
}
interface WireBody {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[] }[];
}

function spansOf({ headers, bytes }: SunkBody): SunkSpan[] {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const { resourceSpans } = JSON.parse(text) as WireBody;
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => ({
      ...span,
      attributes: record(span.attributes),
      links: span.links ?? [],
      events: (span.events ?? []).map((event) => ({ ...event, attributes: record(event.attributes) })),
    }));
}

function record(attributes: Attributes = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
