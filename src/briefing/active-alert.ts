import type { Labels } from '../domain/alert';

/** An alert that is held now, whoever says so. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly state: 'firing' | 'pending';
  /** Absent: not known. */
  readonly since?: Date;
  /** `silenced by kim`, `inhibited by HighErrorRate`. */
  readonly muted?: string;
}

/** Another alert, and what it has in common with the one that is looked into. */
export interface RelatedAlert {
  readonly alert: ActiveAlert;
  readonly shared: Labels;
}

/** Labels that say how bad an alert is, or who evaluates it, and nothing of what it is about. */
const SAY_NOTHING = new Set([
  'alertname',
  'alertstate',
  'severity',
  'priority',
  'level',
  'monitor',
  'prometheus',
  'prometheus_replica',
  'replica',
  'receiver',
]);
/** With so few alerts a label that all of them have may well be the cause. */
const MIN_ALERTS_FOR_COMMON = 3;

/** Those that share the most labels first, then those that began closest to `startsAt`. Without any label in common: none. */
export function related(others: readonly ActiveAlert[], labels: Labels, startsAt: Date): RelatedAlert[] {
  const tells = (name: string): boolean =>
    !SAY_NOTHING.has(name) &&
    (others.length < MIN_ALERTS_FOR_COMMON || others.some((other) => other.labels[name] !== labels[name]));
  const names = Object.keys(labels).filter(tells).sort();
  const distance = ({ since }: ActiveAlert): number =>
    since ? Math.abs(since.getTime() - startsAt.getTime()) : Infinity;
  return others
    .map((alert) => ({ alert, shared: pick(labels, (name) => alert.labels[name] === labels[name], names) }))
    .filter(({ shared }) => Object.keys(shared).length > 0)
    .sort(
      (a, b) =>
        Object.keys(b.shared).length - Object.keys(a.shared).length ||
        compare(distance(a.alert), distance(b.alert)) ||
        compare(JSON.stringify(a.alert.labels), JSON.stringify(b.alert.labels)),
    );
}

/** Whether all labels of `inner` are in `outer`: labels are added on the way from Prometheus to Alertmanager. */
export function isWithin(inner: Labels, outer: Labels): boolean {
  return Object.entries(inner).every(([name, value]) => outer[name] === value);
}

function pick(labels: Labels, keep: (name: string) => boolean, names: readonly string[]): Labels {
  return Object.fromEntries(names.filter(keep).map((name) => [name, labels[name]!]));
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
