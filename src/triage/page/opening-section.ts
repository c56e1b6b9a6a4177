import { beginning } from '../../domain/clipped';
import type { Conversation } from '../../domain/conversation';
import { momentInWords } from '../../domain/in-words';
import { ALERT_TITLE, NOT_KNOWN, type SentText } from '../../domain/sent-texts';
import { answerView } from './answer-view';
import { type CallContext, citations, lookAround } from './call-section';
import { folded } from './folded';
import { html, type Html, raw } from './html';
import { readCourse } from './read-course';
import { openingSections } from './sources';

/**
 * What was known before the first question: each section of the opening message at its own place.
 * @param again the conversation was begun in the place of another one, which has these places already
 */
export function openingSection(conversation: Conversation, context: CallContext, again: boolean): Html | undefined {
  const [opening] = conversation.turns;
  if (opening?.role !== 'user') return undefined;
  const exact = opening.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
  return html`<div class="step">
    <h3>${again ? 'Begun again with what was found so far' : 'What was known before the first question'}</h3>
    <time class="soft" datetime="${opening.at.toISOString()}">${momentInWords(opening.at)}</time>
    ${(again ? [] : openingSections(conversation)).map((section) => sectionHtml(section, context))}
    ${context.rooms.exact.hold(folded('The opening message, exactly as it was sent', exact))}
    ${context.rooms.exact.hold(folded('The instructions that the model works by', conversation.systemPrompt))}
  </div>`;
}

function sectionHtml(section: SentText, context: CallContext): Html {
  const { handle, source, text } = section;
  const unknown = text.startsWith(NOT_KNOWN);
  const course = courseOf(section, context);
  return html`<details id="${handle}" ${course ? raw(' open') : undefined}>
    <summary>
      <code>${handle}</code> <strong>${source}</strong>
      ${unknown ? html`<span class="no_data">not known</span>` : undefined} ${citations(handle, context)}
      <span class="first-line">${firstLine(text)}</span>
    </summary>
    ${context.rooms.shown.hold(
      html`${course} ${lookAround(handle, context)}
        <pre>${text}</pre>`,
    )}
  </details>`;
}

function firstLine(text: string): string {
  return beginning(text.replace(NOT_KNOWN, '').split('\n', 1)[0] ?? '', 140);
}

/** A section that holds a course of values is shown as one; its text stands below. An alert's own text is none of ours. */
function courseOf({ source, text }: SentText, { alertStart }: CallContext): Html | undefined {
  const course = source === ALERT_TITLE ? undefined : readCourse(text);
  if (!course) return undefined;
  const { series, asked, limit } = course;
  return answerView({ kind: 'matrix', series: [series], notes: [] }, { alertStart, asked, limit });
}
