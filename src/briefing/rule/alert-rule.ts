import type { Labels } from '../../domain/alert';
import { cleanText } from '../../domain/outside-text';
import type { ActiveAlert, AlertingRule } from '../../tools/prometheus/alerting-rules';

/** The rule of an alert among those of its name. */
export interface FoundRule {
  readonly rule: AlertingRule;
  /** The alert itself, while it is pending or firing. */
  readonly active?: ActiveAlert;
  /** How many rules fit equally well, this one among them. */
  readonly equallyGood: number;
}

/**
 * Several rules may have one name (a warning and a critical one): told apart by the expression that the alert came
 * with, by an active alert with its labels, by the labels that the rule adds.
 */
export function ruleOf(
  rules: readonly AlertingRule[],
  labels: Labels,
  cameWith: string | undefined,
): FoundRule | undefined {
  const signs: ((rule: AlertingRule) => boolean)[] = [
    (rule) => cameWith !== undefined && sameExpression(rule.expression, cameWith),
    (rule) => activeAlertOf(rule, labels) !== undefined,
    (rule) => isPartOf(fixedLabels(rule.labels), labels),
  ];
  const fitting = signs.reduce((left, fits) => {
    const narrowed = left.filter(fits);
    return narrowed.length > 0 ? narrowed : left;
  }, rules);
  const [rule] = fitting;
  if (!rule) return undefined;
  const active = activeAlertOf(rule, labels);
  return { rule, ...(active && { active }), equallyGood: fitting.length };
}

/** White space aside: servers print an expression each in their own way. */
export function sameExpression(a: string, b: string): boolean {
  return a.replace(/\s/g, '') === b.replace(/\s/g, '');
}

/** The alert's labels as its series has them: without its name and what the rule adds, which may hide a label of the series. */
export function seriesLabels(labels: Labels, rule: AlertingRule | undefined): Labels {
  const added = new Set(['alertname', ...Object.keys(rule?.labels ?? {})]);
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !added.has(name)));
}

/** On its way Prometheus adds external labels: an alert has all labels of its active alert, and perhaps more. */
function activeAlertOf({ alerts }: AlertingRule, labels: Labels): ActiveAlert | undefined {
  return alerts.find((active) => isPartOf(active.labels, labels));
}

function isPartOf(some: Labels, all: Labels): boolean {
  return Object.entries(some).every(([name, value]) => all[name] === cleanText(value));
}

function fixedLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes('{{')));
}
