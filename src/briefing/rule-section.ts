import { generatorExpression } from '../domain/generator-expression';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { ruleOf, sameExpression, seriesLabels, type FoundRule } from './rule/alert-rule';
import { courseLines } from './rule/course-lines';
import { courseOf } from './rule/expression-course';
import { HurriedPrometheus } from './rule/hurried-prometheus';
import { ruleLines } from './rule/rule-lines';
import type { BriefingSubject, SectionSource } from './section-source';

/** The rules of a large installation are megabytes; what they say can be done without. */
const RULES_BY_MS = 800;
/** Without the rule nobody knows how often it is evaluated. */
const USUAL_INTERVAL_SECONDS = 60;

/** The alert's rule, and what its expression did before and after the alert's start, on both sides of its comparison. */
export class RuleSection implements SectionSource {
  readonly title = "the alert's rule and the value of its expression, from Prometheus";
  readonly maxChars = 2_200;

  constructor(private readonly prometheus: PrometheusClient) {}

  /** Never throws but the signal's reason: each part that is missing is a line that says why. */
  async gather({ alertName, firing, now }: BriefingSubject, signal: AbortSignal): Promise<string> {
    const prometheus = new HurriedPrometheus(this.prometheus, signal, RULES_BY_MS);
    const cameWith = generatorExpression(firing.generatorUrl);
    const { found, missing } = await findRule(prometheus, { alertName, labels: firing.labels, cameWith });
    const lines = ruleLines({ found, missing, cameWith });
    /* what the alert came with is what fired, even where the rule was changed since */
    const expression = cameWith ?? found?.rule.expression;
    if (expression === undefined) return lines.join('\n');

    const startsAt = new Date(Math.min(firing.startsAt.getTime(), now.getTime()));
    const rule = found && sameExpression(expression, found.rule.expression) ? found.rule : undefined;
    const forSeconds = rule?.forSeconds;
    const labels = seriesLabels(firing.labels, found?.rule);
    const course = await courseOf({ expression, labels, forSeconds: forSeconds ?? 0, startsAt, now }, prometheus);
    const slackSeconds = (rule?.intervalSeconds ?? USUAL_INTERVAL_SECONDS) + 1;
    return [...lines, ...courseLines(course, { startsAt, now, forSeconds, slackSeconds })].join('\n');
  }
}

async function findRule(
  prometheus: HurriedPrometheus,
  alert: {
    readonly alertName: string;
    readonly labels: BriefingSubject['firing']['labels'];
    readonly cameWith?: string;
  },
): Promise<{ readonly found?: FoundRule; readonly missing?: string }> {
  const answer = await prometheus.rules(alert.alertName);
  if (answer.kind === 'failed') return { missing: answer.reason };
  const found = ruleOf(answer.rules, alert.labels, alert.cameWith);
  return found ? { found } : { missing: 'Prometheus has no alerting rule of this name.' };
}
