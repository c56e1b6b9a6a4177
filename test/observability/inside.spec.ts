import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthModule } from '../../src/auth/auth.module';
import { VigilConfigModule } from '../../src/config/config.module';
import { loadSettings } from '../../src/config/load-settings';
import { LogConfig, OpsConfig } from '../../src/config/slices';
import { Clock } from '../../src/domain/clock';
import { EventsModule } from '../../src/events/events.module';
import { VigilEventEmitter } from '../../src/events/vigil-event-emitter';
import { HealthModule } from '../../src/health/health.module';
import { DatabasePing } from '../../src/health/ports/database-ping';
import { WorkerPulse } from '../../src/health/ports/worker-pulse';
import { Readiness } from '../../src/health/readiness';
import { configureHttp, HTTP_OPTIONS } from '../../src/http/http-app';
import { VigilHttpAdapter } from '../../src/http/vigil-http-adapter';
import { createLog } from '../../src/observability/logs';
import { LogsModule } from '../../src/observability/logs.module';
import { MetricsModule } from '../../src/observability/metrics.module';
import { NestLog } from '../../src/observability/nest-log';
import { type OpsServer, startOpsServer } from '../../src/observability/ops-server';
import { QueueDepth } from '../../src/observability/ports/queue-depth';

/** What the inside is asked about, held in hand: each answers as the test says. */
const world = {
  ping: async (): Promise<void> => undefined,
  nowMs: 100_000,
  lastBeatMs: 99_000 as number | undefined,
  queueDepth: async (): Promise<{ queued: number; waiting: number }> => ({ queued: 3, waiting: 1 }),
};

class Database extends DatabasePing {
  ping = (): Promise<void> => world.ping();
}
class Worker extends WorkerPulse {
  lastBeatMs = (): number | undefined => world.lastBeatMs;
}
class Queue extends QueueDepth {
  queueDepth = (): Promise<{ queued: number; waiting: number }> => world.queueDepth();
}
class FixedClock extends Clock {
  now = (): Date => new Date(0);
  monotonicMs = (): number => world.nowMs;
  sleep = async (): Promise<void> => undefined;
}

@Global()
@Module({
  providers: [
    { provide: Clock, useClass: FixedClock },
    { provide: DatabasePing, useClass: Database },
    { provide: WorkerPulse, useClass: Worker },
    { provide: QueueDepth, useClass: Queue },
  ],
  exports: [Clock, DatabasePing, WorkerPulse, QueueDepth],
})
class PortsModule {}

let app: INestApplication;
let ops: OpsServer;
let readiness: Readiness | undefined;
let api: string;
const logged: string[] = [];

beforeAll(async () => {
  const loaded = loadSettings(
    [
      '--api-token=t',
      '--claude-api-key=k',
      '--prometheus-endpoint=http://p',
      '--admin-port=0',
      '--admin-address=127.0.0.1',
    ],
    {},
    () => '',
  );
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  const log = createLog(new LogConfig(loaded.settings), { write: (line) => void logged.push(line) });
  ops = await startOpsServer(new OpsConfig(loaded.settings), async () => readiness?.check() ?? { status: 'starting' });
  expect(await get(`http://127.0.0.1:${ops.port}/-/ready`)).toEqual([503, { status: 'starting' }]);

  class InsideModule {}
  Module({
    imports: [
      VigilConfigModule.forRoot(loaded.settings),
      LogsModule,
      AuthModule,
      EventsModule,
      PortsModule,
      HealthModule,
      MetricsModule,
    ],
  })(InsideModule);
  app = await NestFactory.create(InsideModule, new VigilHttpAdapter(), { ...HTTP_OPTIONS, logger: new NestLog(log) });
  await configureHttp(app);
  readiness = app.get(Readiness);
  await app.listen(0, '127.0.0.1');
  api = await app.getUrl();
});

beforeEach(() => {
  Object.assign(world, {
    ping: async () => undefined,
    lastBeatMs: 99_000,
    queueDepth: async () => ({ queued: 3, waiting: 1 }),
  });
});

afterAll(async () => {
  await app.close();
  await ops.close();
});

async function get(url: string): Promise<[number, unknown]> {
  const answer = await fetch(url);
  const text = await answer.text();
  return [answer.status, answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text];
}

const readyOnBoth = async (): Promise<unknown[]> => [
  await get(`${api}/-/ready`),
  await get(`http://127.0.0.1:${ops.port}/-/ready`),
];
const figures = async (): Promise<string> => (await get(`http://127.0.0.1:${ops.port}/metrics`))[1] as string;

describe('readiness, on both ports alike,', () => {
  it('says starting until the listeners are open, and ready from then on', async () => {
    const starting = [503, { status: 'starting' }];
    expect(await readyOnBoth()).toEqual([starting, starting]);
    readiness?.started();
    const ready = [200, { status: 'ready' }];
    expect(await readyOnBoth()).toEqual([ready, ready]);
  });

  it('names the database when it refuses', async () => {
    world.ping = async () => {
      throw new Error('connect ECONNREFUSED secret-host:5432');
    };
    const failing = [503, { status: 'failing', failing: ['database'] }];
    expect(await readyOnBoth()).toEqual([failing, failing]);
  });

  it('names the database when it does not answer within a second', async () => {
    world.ping = () => new Promise(() => undefined);
    const begun = performance.now();
    expect(await get(`${api}/-/ready`)).toEqual([503, { status: 'failing', failing: ['database'] }]);
    expect(performance.now() - begun).toBeLessThan(1500);
  });

  it.each([undefined, 80_000])('names the worker when its last beat was at %p of 100,000 ms', async (lastBeatMs) => {
    world.lastBeatMs = lastBeatMs;
    expect(await get(`${api}/-/ready`)).toEqual([503, { status: 'failing', failing: ['worker'] }]);
  });

  it('does not make the process unhealthy', async () => {
    world.lastBeatMs = undefined;
    expect(await get(`${api}/-/healthy`)).toEqual([200, { status: 'healthy' }]);
    expect(await get(`http://127.0.0.1:${ops.port}/-/healthy`)).toEqual([200, { status: 'healthy' }]);
  });
});

describe('metrics', () => {
  it('show every known label value at zero before anything happened', async () => {
    const text = await figures();
    expect(text).toContain('vigil_submits_total{decision="cooling_down"} 0');
    expect(text).toContain('vigil_webhook_rejected_total{reason="unauthorized"} 0');
    expect(text).toContain('vigil_triages_total{outcome="partial"} 0');
    expect(text).toContain('vigil_deliveries_total{channel="slack",outcome="rejected"} 0');
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('stand in the README, each with its labels, and no others do (GV-70)', async () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const said = [...readme.matchAll(/^\| `(vigil_\w+)(?:\{([\w,]+)\})?` \|/gm)].map(([, name, labels]) => [
      name,
      labels,
    ]);
    const shown = new Map(
      [...(await figures()).matchAll(/^(vigil_\w+)(?:\{(.+)\})? /gm)].map(([, name, labels]) => [
        name,
        labels?.replace(/="[^"]*"/g, ''),
      ]),
    );
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(shown));
  });

  it('count what is announced', async () => {
    const events = app.get(VigilEventEmitter);
    events.emit('alerts.admitted', { decisions: ['queued', 'queued', 'duplicate'], truncatedAlerts: 37 });
    events.emit('alerts.refused', { reason: 'too_large' });
    events.emit('triage.finished', { triageId: 't', outcome: 'complete', endedBy: 'answer' });
    events.emit('delivery.attempted', { channel: 'slack', outcome: 'retry' });
    const text = await figures();
    expect(text).toContain('vigil_submits_total{decision="queued"} 2');
    expect(text).toContain('vigil_submits_total{decision="duplicate"} 1');
    expect(text).toContain('vigil_alerts_truncated_total 37');
    expect(text).toContain('vigil_webhook_rejected_total{reason="too_large"} 1');
    expect(text).toContain('vigil_triages_total{outcome="complete"} 1');
    expect(text).toContain('vigil_deliveries_total{channel="slack",outcome="retry"} 1');
  });

  it('ask for the queue depth at each scrape, and leave it out when nobody knows', async () => {
    expect(await figures()).toContain('vigil_queue_depth{status="queued"} 3');
    world.queueDepth = async () => {
      throw new Error('no database');
    };
    const text = await figures();
    expect(text).toContain('vigil_submits_total');
    expect(text).not.toContain('vigil_queue_depth{');
    world.queueDepth = () => new Promise(() => undefined);
    expect(await figures()).not.toContain('vigil_queue_depth{');
  });

  it('stand on the ops port alone', async () => {
    expect((await get(`${api}/metrics`))[0]).toBe(404);
    expect((await get(`http://127.0.0.1:${ops.port}/api/v1/alerts`))[0]).toBe(404);
  });
});

it('writes neither probes nor the framework’s start to the log', () => {
  const lines = logged.map((line) => JSON.parse(line) as { msg: string; path?: string; context?: string });
  expect(lines.filter(({ path, context }) => path?.startsWith('/-/') || context === 'InstanceLoader')).toEqual([]);
});

it('says draining for good once the end has begun', async () => {
  readiness?.draining();
  readiness?.started();
  const draining = [503, { status: 'draining' }];
  expect(await readyOnBoth()).toEqual([draining, draining]);
});
