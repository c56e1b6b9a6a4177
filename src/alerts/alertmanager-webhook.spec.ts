import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rejected } from '../domain/errors';
import { parseAlertmanagerWebhook, readEntry, type WebhookEntry } from './alertmanager-webhook';
import { fingerprintOf } from './fingerprint';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../../test/fixtures/alertmanager', `${name}.json`), 'utf8'));

const FIXTURES = [
  'am025-firing-single',
  'am025-firing-two-series-one-group',
  'am025-firing-and-resolved-mixed',
  'am025-resolved-single',
  'am025-target-down-no-service-label',
  'am025-truncated-firing',
  'am025-truncated-says-resolved-while-others-fire',
];

const alert = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  status: 'firing',
  labels: { alertname: 'A' },
  ...over,
});
const parsed = (...alerts: unknown[]): WebhookEntry[] =>
  parseAlertmanagerWebhook({ version: '4', alerts }).alerts.map(readEntry);

describe("Alertmanager's webhook body", () => {
  it.each(FIXTURES)('is read whole: %s', (name) => {
    const body = fixture(name) as {
      alerts: { fingerprint: string; status: string; startsAt: string }[];
      truncatedAlerts: number;
    };
    const webhook = parseAlertmanagerWebhook(body);
    expect(webhook.truncatedAlerts).toBe(body.truncatedAlerts);
    expect(
      webhook.alerts
        .map(readEntry)
        .map((e) => e.kind === 'alert' && [e.alert.fingerprint, e.alert.status, e.alert.startsAt]),
    ).toEqual(body.alerts.map((a) => [a.fingerprint, a.status, new Date(a.startsAt)]));
  });

  it.each(FIXTURES)('gets the fingerprints that Alertmanager itself computes: %s (F56)', (name) => {
    const { alerts } = fixture(name) as { alerts: { fingerprint: string; labels: Record<string, string> }[] };
    for (const { labels, fingerprint } of alerts) expect(fingerprintOf(labels)).toBe(fingerprint);
  });

  it.each([
    ['null', null, 'webhook.not_an_object'],
    ['an array', [], 'webhook.not_an_object'],
    ['a text', 'alerts', 'webhook.not_an_object'],
    ['an object without alerts', {}, 'webhook.no_alerts'],
    ['alerts that are no array', { alerts: {} }, 'webhook.no_alerts'],
    ['another version', { version: '5', alerts: [] }, 'webhook.unknown_version'],
    ['another version as a number', { version: 5, alerts: [] }, 'webhook.unknown_version'],
    ['more than 25,000 alerts', { alerts: Array(25_001).fill(0) }, 'webhook.too_many_alerts'],
  ])('is refused whole when it is %s', (_, body, code) => {
    expect(() => parseAlertmanagerWebhook(body)).toThrow(expect.objectContaining({ code, status: 400 }) as Rejected);
  });

  it('may lack the version and hold unknown fields', () => {
    const webhook = parseAlertmanagerWebhook({ alerts: [alert({ new_field: 1 })], other: [] });
    expect(readEntry(webhook.alerts[0]).kind).toBe('alert');
  });

  it.each([
    ['no object', 7, /not an object/],
    ['no labels', { status: 'firing' }, /labels/],
    ['empty labels', alert({ labels: {} }), /no labels/],
    ['a label that is a number', alert({ labels: { a: 1 } }), /labels/],
    ['an annotation that is an object', alert({ annotations: { a: {} } }), /annotations/],
    ['an unknown status', alert({ status: 'pending' }), /status/],
    ['an unreadable start', alert({ startsAt: 'yesterday' }), /startsAt/],
    ['a start that is no string', alert({ startsAt: 5 }), /startsAt/],
    ['an unreadable end', alert({ status: 'resolved', endsAt: '25:00' }), /endsAt/],
  ])('sets one alert aside for %s, and not its neighbours', (_, bad, reason) => {
    const [first, second, third] = parsed(alert(), bad, alert({ labels: { alertname: 'B' } }));
    expect([first!.kind, second!.kind, third!.kind]).toEqual(['alert', 'unreadable', 'alert']);
    expect(second).toMatchObject({ reason: expect.stringMatching(reason) as string, body: JSON.stringify(bad) });
  });

  it('keeps the fingerprint of an alert that it cannot read', () => {
    expect(parsed(alert({ status: 'x', fingerprint: 'f1' }))[0]).toMatchObject({
      kind: 'unreadable',
      fingerprint: 'f1',
    });
  });

  it('takes the zero time, an empty one and null for no time', () => {
    for (const time of ['0001-01-01T00:00:00Z', '', null, undefined]) {
      expect(parsed(alert({ startsAt: time, endsAt: time }))[0]).toMatchObject({
        alert: { startsAt: undefined, endsAt: undefined },
      });
    }
  });

  it('does not take the end that Alertmanager expects for a firing alert as its end', () => {
    expect(parsed(alert({ endsAt: '2026-11-23T19:05:34Z' }))[0]).toMatchObject({ alert: { endsAt: undefined } });
  });

  it('computes a missing or empty fingerprint from the labels, whatever their order (GV-14)', () => {
    const [a, b] = parsed(
      alert({ labels: { x: '1', y: '2' } }),
      alert({ labels: { y: '2', x: '1' }, fingerprint: '' }),
    );
    expect(a).toMatchObject({ alert: { fingerprint: fingerprintOf({ x: '1', y: '2' }) } });
    expect(b).toMatchObject({ alert: { fingerprint: fingerprintOf({ x: '1', y: '2' }) } });
  });

  it.each([
    [37, 37],
    [0, 0],
    [-1, 0],
    [1e300, 2_147_483_647],
    ['37', 0],
    [undefined, 0],
  ])('that says truncatedAlerts %p counts %i (F69)', (given, counted) => {
    expect(parseAlertmanagerWebhook({ alerts: [], truncatedAlerts: given }).truncatedAlerts).toBe(counted);
  });

  it('replaces what no database stores: NUL and lone surrogates (F55)', () => {
    const [entry] = parsed(alert({ labels: { alertname: 'a\u0000b\ud800c' } }));
    expect(entry).toMatchObject({ alert: { labels: { alertname: 'a\ufffdb\ufffdc' } } });
  });

  it('keeps a label called __proto__ as a label', () => {
    const [entry] = parsed(alert({ labels: JSON.parse('{"__proto__":"x","alertname":"A"}') }));
    expect(entry?.kind === 'alert' && JSON.stringify(entry.alert.labels)).toBe('{"__proto__":"x","alertname":"A"}');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
