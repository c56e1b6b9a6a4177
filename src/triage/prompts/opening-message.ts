import type { BriefingSection } from '../../briefing/briefing';
import { type Firing, type Labels, resolutionOf } from '../../domain/alert';
import { clipped } from '../../domain/clipped';
import { generatorExpression } from '../../domain/generator-expression';
import { truncationInWords } from '../../domain/in-words';
import { outsideText } from '../../domain/outside-text';
import { ALERT_TITLE } from '../../domain/sent-texts';

export interface OpeningFacts {
  readonly firings: readonly Firing[];
  /** How many alerts of their group Alertmanager cut off. */
  readonly truncatedAlerts?: number;
  /** What else is known, in the order of their handles. */
  readonly sections?: readonly BriefingSection[];
  readonly now: Date;
  readonly maxToolCalls: number;
  /** A word that no text from outside can know. */
  readonly boundary: string;
}

/** The first user turn: what is known for free, before the first token. The current time stands in it, once. */
export function openingMessage(facts: OpeningFacts): string {
  const { firings, truncatedAlerts, sections = [], now, maxToolCalls, boundary } = facts;
  const cut = truncatedAlerts ? [truncationInWords(truncatedAlerts)] : [];
  const alerts = firings.map((firing) => ({
    title: ALERT_TITLE,
    text: [...alertLines(firing), ...cut].join('\n'),
  }));
  const fenced = [...alerts, ...sections].map(({ title, text }, i) =>
    outsideText({ handle: `o${i + 1}`, source: title, text, boundary }),
  );
  const budget =
    maxToolCalls > 0
      ? `You have ${maxToolCalls} tool calls.`
      : 'You have no tool calls: submit the report from what stands here.';
  return [taskOf(firings), `It is now ${now.toISOString()}. ${budget}`, ...fenced].join('\n\n');
}

function taskOf(firings: readonly Firing[]): string {
  const resolution = resolutionOf(firings);
  if (!resolution) return 'An alert fires. Find out why.';
  const at = resolution.at ? ` at ${resolution.at.toISOString()}` : '';
  return `An alert fired, and has resolved${at}. That it ended is no proof that nothing was wrong. Find out why it fired.`;
}

/** As many labels and annotations as the room holds; what is left out is counted. */
function alertLines(firing: Firing): string[] {
  const expression = generatorExpression(firing.generatorUrl);
  const head = [
    `status: ${firing.status}`,
    `starts at: ${firing.startsAt.toISOString()}`,
    ...(firing.endsAt ? [`ended at: ${firing.endsAt.toISOString()}`] : []),
  ];
  const told = [
    ...pairs('label', firing.labels),
    ...pairs('annotation', firing.annotations),
    ...(expression ? [inset(`expression: ${clipped(expression, VALUE_MAX_LENGTH)}`)] : []),
  ];
  let room = ALERT_MAX_LENGTH;
  const shown = told.filter((line) => (room -= line.length + 1) >= 0);
  const left = told.length - shown.length;
  return [...head, ...shown, ...(left > 0 ? [`left out to save room: ${left} more`] : [])];
}

function pairs(kind: string, labels: Labels): string[] {
  return Object.keys(labels)
    .sort()
    .map((name) => `${kind} ${clipped(name, VALUE_MAX_LENGTH)}: ${clipped(labels[name]!, VALUE_MAX_LENGTH)}`)
    .map(inset);
}

/** No value can pass for a line of ours. */
function inset(text: string): string {
  return text.replace(/\r\n?|\n/g, '\n  ');
}

/** One alert's text must not use up the budget of its own investigation. Characters. */
const VALUE_MAX_LENGTH = 2_000;
/** Of all its labels and annotations together. */
const ALERT_MAX_LENGTH = 8_000;
