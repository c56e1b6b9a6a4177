import type { Labels } from '../../domain/alert';
import { labelsKey } from '../../domain/labels-key';
import type { RuleAlert } from '../prometheus/prometheus-client';
import { asOneLine } from '../fit';
import { formatTime } from '../time-input';
import type { HeldAlert, Silence } from './alertmanager-client';

/** An alert that is held now, once, whoever holds it. */
export interface MergedAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'firing' | 'pending' | 'silenced' | 'inhibited';
  /** How the state is said: `silenced by kim until … (moving)`. */
  readonly said: string;
  /** RFC 3339; in Alertmanager when it began to fire, in Prometheus alone since when its expression holds. */
  readonly since: string;
}

export interface Held {
  readonly alerts: readonly HeldAlert[];
  readonly silences: readonly Silence[];
}

/**
 * What both hold, each alert once: Alertmanager's labels are those of Prometheus and what was added on the way. Linear:
 * a storm has thousands on either side.
 * @param held absent: Alertmanager was not asked, or did not tell
 * @param isComplete whether Alertmanager would have told of every alert that Prometheus tells of
 */
export function mergedAlerts(ruled: readonly RuleAlert[], held: Held | undefined, isComplete: boolean): MergedAlert[] {
  const byKey = new Map(ruled.map((alert) => [labelsKey(alert.labels), alert]));
  const shapes = shapesOf(ruled);
  const known = new Set<RuleAlert>();
  const muting = held && mutingOf(held);
  const merged = (held?.alerts ?? []).map((alert): MergedAlert => {
    const same = counterpart(alert.labels, shapes, byKey);
    if (same) known.add(same);
    const { labels, annotations, startsAt } = alert;
    return { labels, annotations, since: timeOf(startsAt), ...muting!(alert) };
  });
  const others = ruled.filter((alert) => !known.has(alert));
  return [...merged, ...others.map((alert) => fromRule(alert, held !== undefined && isComplete))];
}

function fromRule({ labels, annotations, state, activeAt }: RuleAlert, isMissing: boolean): MergedAlert {
  const said = state === 'firing' && isMissing ? 'firing (Alertmanager does not hold it)' : state;
  return { labels, annotations, state, said, since: timeOf(activeAt) };
}

/** To the millisecond; a time that cannot be read stays empty. */
function timeOf(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? '' : formatTime(at);
}

/** For each name of an alert, which names of labels its alerts have: few, however many alerts there are. */
function shapesOf(ruled: readonly RuleAlert[]): ReadonlyMap<string, readonly (readonly string[])[]> {
  const shapes = new Map<string, Map<string, readonly string[]>>();
  for (const { labels } of ruled) {
    const names = Object.keys(labels).sort();
    const of = shapes.get(labels.alertname ?? '') ?? new Map<string, readonly string[]>();
    shapes.set(labels.alertname ?? '', of.set(names.join(','), names));
  }
  return new Map([...shapes].map(([name, of]) => [name, [...of.values()]]));
}

function counterpart(
  labels: Labels,
  shapes: ReadonlyMap<string, readonly (readonly string[])[]>,
  byKey: ReadonlyMap<string, RuleAlert>,
): RuleAlert | undefined {
  for (const names of shapes.get(labels.alertname ?? '') ?? []) {
    if (!names.every((name) => name in labels)) continue;
    const same = byKey.get(labelsKey(Object.fromEntries(names.map((name) => [name, labels[name]!]))));
    if (same) return same;
  }
  return undefined;
}

const MAX_COMMENT_CHARS = 160;

function mutingOf({ alerts, silences }: Held): (alert: HeldAlert) => Pick<MergedAlert, 'state' | 'said'> {
  const silenceOf = new Map(silences.map((silence) => [silence.id, silence]));
  const nameOf = new Map(alerts.map(({ fingerprint, labels }) => [fingerprint, labels.alertname]));
  return ({ silencedBy: [silenceId], inhibitedBy: [inhibitor] }) => {
    if (silenceId !== undefined) return { state: 'silenced', said: silencedBy(silenceOf.get(silenceId)) };
    if (inhibitor === undefined) return { state: 'firing', said: 'firing' };
    const by = nameOf.get(inhibitor) ?? `the alert ${inhibitor}`;
    return { state: 'inhibited', said: `inhibited by ${asOneLine(by, 100)}` };
  };
}

function silencedBy(silence: Silence | undefined): string {
  if (!silence) return 'silenced';
  const { createdBy, endsAt, comment } = silence;
  return `silenced by ${asOneLine(createdBy, 60)} until ${asOneLine(endsAt, 40)} (${asOneLine(comment, MAX_COMMENT_CHARS)})`;
}
