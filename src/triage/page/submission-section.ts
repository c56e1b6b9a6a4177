import { clipped } from '../../domain/clipped';
import type { ToolCallRecord, ToolUseBlock } from '../../domain/conversation';
import { withoutForeignMarks } from '../../domain/marked-text';
import type { CallContext } from './call-section';
import { folded } from './folded';
import { html, type Html } from './html';

/** What became of a report that the model gave: taken, sent back with what is wrong with it, or not looked at. */
export function submissionSection(use: ToolUseBlock, call: ToolCallRecord | undefined, { rooms }: CallContext): Html {
  return html`<section class="call" id="${use.handle}">
    ${said(use.input)} ${call ? rooms.shown.hold(end(call)) : html`<p>Vigil is looking at it.</p>`}
    ${rooms.exact.hold(folded('The report as the model gave it', inputText(use.input)))}
  </section>`;
}

function said(input: unknown): Html | undefined {
  const { headline, root_cause: cause } = fieldsOf(input);
  const { confidence } = fieldsOf(cause);
  if (typeof headline !== 'string') return undefined;
  return html`<p>
    The model wrote:
    “${clipped(withoutForeignMarks(headline), 400)}”${typeof confidence === 'string' ? html`, with confidence “${clipped(confidence, 40)}”` : undefined}
  </p>`;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function end({ status, text, refusal }: ToolCallRecord): Html {
  if (refusal) return html`<p class="failed">It was not taken. ${clipped(text, 400)}</p>`;
  if (status === 'ok')
    return html`<p>
      Vigil took this report: it stands at the top of the page, with what Vigil found in looking it up.
    </p>`;
  return html`<div class="note">
    <p><strong>Vigil sent the report back:</strong></p>
    ${sentences(text)}
  </div>`;
}

/** Line by line, as it was written for the model. */
function sentences(text: string): Html[] {
  return clipped(text, 4_000)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => html`<p>${line}</p>`);
}

function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input, null, 2);
}
