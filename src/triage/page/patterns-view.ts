import { clipped } from '../../domain/clipped';
import type { ShownPattern } from '../../domain/pattern-line';
import { html, type Html } from './html';
import { levelColour } from './lines-view';

/** Patterns of one answer; its exact text has them all. */
const PATTERNS_MAX = 12;
const MESSAGE_MAX = 300;

/** What is new first, as the model was given them: how each stands beside the time before, and what its lines say. */
export function patternsView(patterns: readonly ShownPattern[]): Html {
  const left = patterns.length - PATTERNS_MAX;
  return html`<ul class="plain lines">
      ${patterns.slice(0, PATTERNS_MAX).map(patternHtml)}
    </ul>
    ${left > 0 ? html`<p class="soft">${left} more stand in the exact text.</p>` : undefined}`;
}

function patternHtml(pattern: ShownPattern): Html {
  const { kind, first, level, services, template, example } = pattern;
  return html`<li>
    <time datetime="${first.toISOString()}">${first.toISOString().slice(11, 19)}</time>
    <strong>${kind}</strong>
    ${level && html`<span class="level ${levelColour(level)}">${level}</span>`}
    ${services.length > 0 ? html`<strong>${clipped(services.map(({ name }) => name).join(', '), 80)}</strong>` : undefined}
    ${clipped(example ?? template, MESSAGE_MAX)} <span class="soft">(${timesInWords(pattern)})</span>
  </li>`;
}

function timesInWords({ count, before }: ShownPattern): string {
  const now = `${count} time${count === 1 ? '' : 's'}`;
  return before === undefined ? now : `${now}, ${before} before`;
}
