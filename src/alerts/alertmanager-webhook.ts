import type { Alert, AlertStatus, Labels } from '../domain/alert';
import { Rejected } from '../domain/errors';
import { cleanText } from '../domain/outside-text';
import { fingerprintOf } from './fingerprint';

/** A webhook body of Alertmanager, version 4. Its alerts are read one by one, so that a bad one does not sink its neighbours. */
export interface AlertmanagerWebhook {
  /** As they came, for `readEntry`: to read ten thousand at once holds everybody else up. */
  readonly alerts: readonly unknown[];
  /** Alerts that Alertmanager cut off (`max_alerts`); above 0 the group's own status says nothing. */
  readonly truncatedAlerts: number;
}

/** Above what 16 MiB of real alerts hold. More of them, and shorter ones, could not be stored in the time of a request. */
const MAX_ALERTS = 25_000;

export type WebhookEntry =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'unreadable'; readonly fingerprint?: string; readonly reason: string; readonly body: string };

/**
 * Looks at a body as a whole. Unknown fields are tolerated, everywhere.
 * @throws Rejected (400) when it is no JSON object with an array `alerts`, names another version than "4", or holds too many alerts
 */
export function parseAlertmanagerWebhook(body: unknown): AlertmanagerWebhook {
  if (!isObject(body)) {
    throw new Rejected(
      400,
      'webhook.not_an_object',
      'The body is not a JSON object. Send what Alertmanager sends: {"version": "4", "alerts": […]}.',
    );
  }
  if (body.version !== undefined && body.version !== null && String(body.version) !== '4') {
    throw new Rejected(
      400,
      'webhook.unknown_version',
      'The field "version" is not "4". Only version 4 of Alertmanager\'s webhook body is understood.',
    );
  }
  if (!Array.isArray(body.alerts)) {
    throw new Rejected(
      400,
      'webhook.no_alerts',
      'The field "alerts" is not an array. Send what Alertmanager sends: {"version": "4", "alerts": […]}.',
    );
  }
  if (body.alerts.length > MAX_ALERTS) {
    throw new Rejected(
      400,
      'webhook.too_many_alerts',
      `The body holds more than ${MAX_ALERTS} alerts: send less at once.`,
    );
  }
  return {
    alerts: body.alerts,
    truncatedAlerts: readCount(body.truncatedAlerts),
  };
}

/** What a column of Postgres holds (`integer`). */
const MAX_COUNT = 2_147_483_647;

/** No number, or none above 0, is 0: nothing else depends on it. */
function readCount(raw: unknown): number {
  return typeof raw === 'number' && raw > 0 ? Math.min(Math.trunc(raw), MAX_COUNT) : 0;
}

/** Reads one alert of a body. */
export function readEntry(raw: unknown): WebhookEntry {
  const alert = readAlert(raw);
  if (typeof alert !== 'string') return { kind: 'alert', alert };
  const fingerprint = isObject(raw) ? readFingerprint(raw.fingerprint) : undefined;
  return { kind: 'unreadable', fingerprint, reason: alert, body: cleanText(JSON.stringify(raw)) };
}

/** @returns the alert, or the reason why it cannot be read */
function readAlert(raw: unknown): Alert | string {
  if (!isObject(raw)) return 'it is not an object';

  const labels = readStrings(raw.labels);
  if (!labels) return 'its labels are not an object of strings';
  if (Object.keys(labels).length === 0) return 'it has no labels';

  const annotations = raw.annotations === undefined || raw.annotations === null ? {} : readStrings(raw.annotations);
  if (!annotations) return 'its annotations are not an object of strings';

  if (raw.status !== 'firing' && raw.status !== 'resolved') return 'its status is neither "firing" nor "resolved"';
  const status: AlertStatus = raw.status;

  const startsAt = readTime(raw.startsAt);
  if (startsAt === 'unreadable') return 'its startsAt is not an RFC 3339 time';
  const endsAt = readTime(raw.endsAt);
  if (endsAt === 'unreadable') return 'its endsAt is not an RFC 3339 time';

  return {
    fingerprint: readFingerprint(raw.fingerprint) ?? fingerprintOf(labels),
    status,
    labels,
    annotations,
    startsAt,
    // Alertmanager gives a firing alert the time at which it will count as resolved: it is no end.
    endsAt: status === 'resolved' ? endsAt : undefined,
    generatorUrl: typeof raw.generatorURL === 'string' ? cleanText(raw.generatorURL) : undefined,
  };
}

function readFingerprint(raw: unknown): string | undefined {
  return typeof raw === 'string' && raw !== '' && raw.length <= 256 ? cleanText(raw) || undefined : undefined;
}

function readStrings(raw: unknown): Labels | undefined {
  if (!isObject(raw)) return undefined;
  // A null prototype: a label may be called `__proto__`.
  const strings: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value !== 'string') return undefined;
    strings[cleanText(name)] = cleanText(value);
  }
  return strings;
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Absent, null and Go's zero time (`0001-01-01T00:00:00Z`) are no time. */
function readTime(raw: unknown): Date | undefined | 'unreadable' {
  if (raw === undefined || raw === null || raw === '') return undefined;
  if (typeof raw !== 'string' || !RFC_3339.test(raw)) return 'unreadable';
  const time = new Date(raw);
  if (Number.isNaN(time.getTime())) return 'unreadable';
  return time.getUTCFullYear() <= 1 ? undefined : time;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
