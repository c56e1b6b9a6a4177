import type { Labels } from '../../domain/alert';
import { isObject } from '../metric-result';

/** An alerting rule as Prometheus, Mimir or Thanos shows it. */
export interface AlertingRule {
  readonly name: string;
  readonly expression: string;
  readonly forSeconds: number;
  /** Absent: the server does not know the setting. */
  readonly keepFiringSeconds?: number;
  readonly group: string;
  /** Path of the file, or whatever the server has in its place. */
  readonly file: string;
  /** How often it is evaluated, where that is told. Seconds. */
  readonly intervalSeconds?: number;
  /** As written in the rule: templates (`{{ $labels.team }}`) are not filled in. */
  readonly labels: Labels;
  readonly alerts: readonly ActiveAlert[];
  /** Why its last evaluation failed. */
  readonly lastError?: string;
}

/** An alert that is pending or firing now. */
export interface ActiveAlert {
  readonly state: string;
  readonly labels: Labels;
  /** Since when the expression has held without a break. */
  readonly activeAt?: Date;
}

/** The alerting rules of this name in `{groups: […]}`; undefined when that has a form that is not known. */
export function readAlertingRules(data: unknown, name: string): AlertingRule[] | undefined {
  if (!isObject(data) || !Array.isArray(data.groups)) return undefined;
  return data.groups.filter(isObject).flatMap((group) => {
    const rules = Array.isArray(group.rules) ? group.rules.filter(isObject) : [];
    /* old versions ignore the filters of the request and give every rule */
    return rules
      .filter((rule) => rule.name === name && typeof rule.query === 'string' && rule.type !== 'recording')
      .map((rule) => alertingRule(rule, group));
  });
}

type Item = Readonly<Record<string, unknown>>;

function alertingRule(rule: Item, group: Item): AlertingRule {
  const [keep, interval] = [secondsOf(rule.keepFiringFor), secondsOf(group.interval)];
  return {
    name: textOf(rule.name),
    expression: textOf(rule.query),
    forSeconds: secondsOf(rule.duration) ?? 0,
    ...(keep !== undefined && { keepFiringSeconds: keep }),
    group: textOf(group.name),
    file: textOf(group.file),
    ...(interval !== undefined && interval > 0 && { intervalSeconds: interval }),
    labels: labelsOf(rule.labels),
    alerts: Array.isArray(rule.alerts) ? rule.alerts.filter(isObject).map(activeAlert) : [],
    ...(typeof rule.lastError === 'string' && rule.lastError !== '' && { lastError: rule.lastError }),
  };
}

function activeAlert(item: Item): ActiveAlert {
  const at = new Date(textOf(item.activeAt));
  return {
    state: textOf(item.state),
    labels: labelsOf(item.labels),
    ...(!Number.isNaN(at.getTime()) && { activeAt: at }),
  };
}

function labelsOf(value: unknown): Labels {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
