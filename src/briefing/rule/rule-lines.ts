import { clipped } from '../../domain/clipped';
import { countInWords } from '../../domain/in-words';
import { NOT_KNOWN } from '../../domain/sent-texts';
import { formatDuration, formatTime } from '../../tools/time-input';
import { sameExpression, type FoundRule } from './alert-rule';
import { oneLine } from '../../domain/one-line';

/** Characters of an expression; the whole one stands in the rule. */
const MAX_EXPRESSION_CHARS = 700;
const MAX_NAME_CHARS = 100;

export interface RuleFacts {
  readonly found?: FoundRule;
  /** Why there is no rule. */
  readonly missing?: string;
  /** The expression in the link that came with the alert. */
  readonly cameWith?: string;
}

/** The rule as Prometheus has it now, or what is known without it. */
export function ruleLines({ found, missing, cameWith }: RuleFacts): string[] {
  if (!found) {
    return [
      `${NOT_KNOWN}the rule, its \`for\` and its state: ${oneLine(missing ?? 'no reason given', 400)}`,
      cameWith === undefined
        ? `${NOT_KNOWN}the expression: the alert came without a link that holds it.`
        : `expression (from the link that came with the alert): ${shownExpression(cameWith)}`,
    ];
  }
  const { rule, active, equallyGood } = found;
  const changed = cameWith !== undefined && !sameExpression(cameWith, rule.expression);
  const interval =
    rule.intervalSeconds === undefined ? '' : `, evaluated every ${formatDuration(rule.intervalSeconds)}`;
  const keep = rule.keepFiringSeconds ? `, keep_firing_for: ${formatDuration(rule.keepFiringSeconds)}` : '';
  return [
    `rule: ${oneLine(rule.name, MAX_NAME_CHARS)}, group ${oneLine(rule.group, MAX_NAME_CHARS)}${fileName(rule.file)}${interval}`,
    `expression: ${shownExpression(rule.expression)}`,
    ...(changed
      ? [
          `expression that the alert came with, which differs (the rule was changed, or is another one) and is looked at below: ${shownExpression(cameWith)}`,
        ]
      : []),
    `for: ${formatDuration(rule.forSeconds)}${keep}`,
    active
      ? `state of the alert now: ${oneLine(active.state, 20)}${active.activeAt ? `, the expression has held since ${formatTime(active.activeAt)} in the rule's evaluations` : ''}`
      : `state of the alert now: ${stateWithoutAlert(found)}`,
    ...(rule.lastError ? [`warning: the rule's last evaluation failed: ${oneLine(rule.lastError, 200)}`] : []),
    ...(equallyGood > 1
      ? [`${equallyGood} rules have this name and fit the alert's labels equally well; this is the first.`]
      : []),
  ];
}

function fileName(path: string): string {
  const last = path.split('/').at(-1);
  return last ? ` in ${oneLine(last, MAX_NAME_CHARS)}` : '';
}

/** Relabelling on the way, or a person who posted the alert, may have made its labels others than the rule's alert has. */
function stateWithoutAlert({ rule: { alerts } }: FoundRule): string {
  if (alerts.length === 0) return 'inactive';
  return `not among those that the rule holds (${countInWords(alerts.length, 'alert')}, of other labels)`;
}

/** Whole, its lines set in: none of them can pass for one of ours. */
function shownExpression(expression: string): string {
  const lines = clipped(expression.trim(), MAX_EXPRESSION_CHARS)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd());
  return lines.length === 1 ? lines[0]! : ['', ...lines].join('\n  ');
}
