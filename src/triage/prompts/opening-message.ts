import type { BriefingSection } from '../../briefing/briefing';
import type { Firing, Labels } from '../../domain/alert';
import { clipped } from '../../domain/clipped';
import { generatorExpression } from '../../domain/generator-expression';
import { outsideText } from '../../domain/outside-text';

export interface OpeningFacts {
  readonly firings: readonly Firing[];
  /** What else is known, in the order of their handles. */
  readonly sections?: readonly BriefingSection[];
  readonly now: Date;
  readonly maxToolCalls: number;
  /** A word that no text from outside can know. */
  readonly boundary: string;
}

/** The first user turn: what is known for free, before the first token. The current time stands in it, once. */
export function openingMessage({ firings, sections = [], now, maxToolCalls, boundary }: OpeningFacts): string {
  const alerts = firings.map((firing) => ({ title: 'the alert, as Alertmanager sent it', text: alertText(firing) }));
  const fenced = [...alerts, ...sections].map(({ title, text }, i) =>
    outsideText({ handle: `o${i + 1}`, source: title, text, boundary }),
  );
  const budget =
    maxToolCalls > 0
      ? `You have ${maxToolCalls} tool calls.`
      : 'You have no tool calls: submit the report from what stands here.';
  return [`An alert fires. Find out why.`, `It is now ${now.toISOString()}. ${budget}`, ...fenced].join('\n\n');
}

function alertText(firing: Firing): string {
  const lines = [
    `status: ${firing.status}`,
    `starts at: ${firing.startsAt.toISOString()}`,
    ...(firing.endsAt ? [`ended at: ${firing.endsAt.toISOString()}`] : []),
    ...pairs('label', firing.labels),
    ...pairs('annotation', firing.annotations),
  ];
  const expression = generatorExpression(firing.generatorUrl);
  if (expression) lines.push(`expression: ${clipped(expression, VALUE_MAX_LENGTH)}`);
  return lines.join('\n');
}

function pairs(kind: string, labels: Labels): string[] {
  return Object.keys(labels)
    .sort()
    .map((name) => `${kind} ${clipped(name, VALUE_MAX_LENGTH)}: ${clipped(labels[name]!, VALUE_MAX_LENGTH)}`);
}

/** One alert's text must not use up the budget of its own investigation. Characters. */
const VALUE_MAX_LENGTH = 2_000;
