import type { LogLine, LogStream } from '../test/stand-ins/loki.ts';
import { chance, deployOf, secondsAt, SERVICES, servedBy, TAKEOVER_SECONDS } from './incident-plan.ts';
import type { Behind, IncidentPlan, Service } from './incident-plan.ts';

const HISTORY_MINUTES = 45;

/** What each service logs when its own new version is at fault. */
const FAULTS: Readonly<Record<Behind, { msg: string; error: string; route: string }>> = {
  payments: {
    msg: "charge failed: Cannot read properties of undefined (reading 'currency')",
    error: 'TypeError at toMinorUnits (amount.js:31)',
    route: 'POST /charge',
  },
  inventory: {
    msg: 'reservation failed: relation "stock_holds" does not exist',
    error: 'QueryError 42P01 at reserve (holds.js:18)',
    route: 'POST /reserve',
  },
};

/** What the services wrote: one JSON object a line, a stream each. */
export function logStreams(plan: IncidentPlan): LogStream[] {
  return SERVICES.map((service) => ({
    labels: { env: 'prod', service },
    lines: [
      ...ordinary(plan, service),
      ...starts(plan, service),
      ...failures(plan, service),
      ...noise(plan, service),
    ].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)),
  }));
}

/** Requests that went well, and now and then a client that went away. */
function ordinary(plan: IncidentPlan, service: Service): LogLine[] {
  return every(plan, HISTORY_MINUTES, 12).map((at, i) => {
    if (i % 40 === 39) {
      return line(plan, service, at, { level: 'error', msg: 'client closed the connection', status: 499 });
    }
    const duration = 20 + Math.round(180 * chance('duration', service, at));
    return line(plan, service, at, { level: 'info', msg: 'request', status: 200, duration_ms: duration });
  });
}

function starts(plan: IncidentPlan, service: Service): LogLine[] {
  const deploy = deployOf(plan, service);
  if (!deploy) return [];
  const at = secondsAt(plan, deploy.minutesAgo);
  return [
    line(plan, service, at - 2, { level: 'info', msg: 'shutting down', reason: 'SIGTERM' }),
    line(plan, service, at, { level: 'info', msg: 'started', revision: deploy.revision }),
  ];
}

/** The culprit names its own fault; the checkout, under the same trace id, names the service that failed it. */
function failures(plan: IncidentPlan, service: Service): LogLine[] {
  const { culprit } = plan;
  if (!plan.faultOn || (service !== culprit.service && service !== 'checkout')) return [];
  const { msg, error, route } = FAULTS[culprit.service];
  const since = culprit.minutesAgo - TAKEOVER_SECONDS / 60;
  return every(plan, since, 6).map((at) => {
    const trace = { trace_id: traceId(culprit.service, at) };
    if (service === culprit.service) {
      return line(plan, service, at, { level: 'error', msg, error, route, status: 500, ...trace });
    }
    const failed = `order failed: ${culprit.service} answered 500 to ${route}`;
    return line(plan, service, at, { level: 'error', msg: failed, upstream: culprit.service, status: 502, ...trace });
  });
}

/** Much written, nothing broken. */
function noise(plan: IncidentPlan, service: Service): LogLine[] {
  if (service !== plan.decoy.service) return [];
  return every(plan, plan.decoy.minutesAgo, 5).map((at) => {
    const lag = 800 + Math.round(900 * chance('lag', at));
    return line(plan, service, at, { level: 'warn', msg: 'cache is cold: reading from the database', lag_ms: lag });
  });
}

/** Moments from `minutesAgo` until now, every so many seconds. */
function every(plan: IncidentPlan, minutesAgo: number, seconds: number): number[] {
  const count = Math.floor((minutesAgo * 60) / seconds);
  return Array.from({ length: count }, (_, i) => secondsAt(plan, minutesAgo) + i * seconds);
}

function line(plan: IncidentPlan, service: Service, at: number, fields: Readonly<Record<string, unknown>>): LogLine {
  const { level, msg, ...rest } = fields;
  const { version } = servedBy(plan, service, at);
  const ms = Math.floor(at * 1000 + 999 * chance('ms', service, at, String(msg)));
  const ofRequest = 'status' in rest && !('trace_id' in rest);
  const trace = ofRequest ? { trace_id: traceId(service, at) } : {};
  return [`${ms}000000`, JSON.stringify({ level, msg, service, version, ...rest, ...trace })];
}

function traceId(service: string, at: number): string {
  const part = (n: number): string =>
    Math.floor(chance('trace', service, at, n) * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return [1, 2, 3, 4].map(part).join('');
}
