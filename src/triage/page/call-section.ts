import { clipped } from '../../domain/clipped';
import type { Handle, ToolCallRecord, ToolUseBlock } from '../../domain/conversation';
import { countInWords, durationInWords } from '../../domain/in-words';
import { answerView } from './answer-view';
import { html, type Html } from './html';
import type { PageRooms } from './page-room';
import { readResult } from './read-result';
import { outsideLink, type Sources } from './sources';
import { askedTime, callInWords } from './tool-words';

/** What the calls of one page have in common. */
export interface CallContext {
  readonly alertStart?: Date;
  /** The numbers of the pieces of evidence that cite a handle, from 1. */
  readonly citedBy: ReadonlyMap<Handle, readonly number[]>;
  readonly sources: Sources;
  readonly rooms: PageRooms;
}

/** A call of the model with what came of it. */
export interface AnsweredCall {
  readonly use: ToolUseBlock;
  /** Absent: not answered yet. */
  readonly call?: ToolCallRecord;
  /** What the tool found, without the fence around it; absent where nothing was run. */
  readonly found?: string;
}

/** One question of the model and its answer, fitted to read; exactly as the model had them, folded below. */
export function callSection({ use, call, found }: AnsweredCall, context: CallContext): Html {
  const sent = found ?? call?.text ?? '';
  return html`<section class="call" id="${use.handle}">
    <p class="asked">
      <code>${use.handle}</code>
      <strong>${clipped(callInWords({ tool: use.name, input: use.input, sent, day: context.alertStart }), 200)}</strong>
      <span class="soft ended">
        ${call ? endInWords(call) : 'not answered yet'} ${citations(use.handle, context)}
      </span>
    </p>
    ${context.rooms.shown.hold(
      html`${queryLine(use.input)} ${lookAround(use.handle, context)} ${call && answer(call, sent, context)}`,
    )}
    ${context.rooms.exact.hold(exactly(use, call))}
  </section>`;
}

function endInWords(call: ToolCallRecord): Html {
  if (call.refusal) return html`<span class="failed">not run</span>`;
  const status = { ok: 'answered', no_data: 'found nothing', failed: 'failed' }[call.status];
  return html`<span class="${call.status}">${status}</span> in ${durationInWords(call.durationMs)},
    ${countInWords(call.bytes, 'byte')}`;
}

/** Which evidence of the report rests on it. */
export function citations(handle: Handle, { citedBy }: CallContext): Html | undefined {
  const numbers = citedBy.get(handle);
  if (!numbers) return undefined;
  return html`<span class="cited"
    >· evidence ${numbers.map((n, i) => html`${i > 0 ? ', ' : ''}<a href="#e${n}">${n}</a>`)}</span
  >`;
}

/** Where a person can look around the data of this handle. */
export function lookAround(handle: Handle, { sources }: CallContext): Html | undefined {
  const link = outsideLink(sources.linkOf({ source: handle, quote: '' }));
  return link && html`<p class="soft">${link}</p>`;
}

/** Characters; the whole of it stands below, unfolded. */
const QUERY_SHOWN_MAX = 600;

/** The query is what a reader looks for: it is shown without unfolding. */
function queryLine(input: unknown): Html | undefined {
  const query = typeof input === 'object' && input !== null ? (input as { query?: unknown }).query : undefined;
  return typeof query === 'string' && query !== ''
    ? html`<pre class="query">${clipped(query, QUERY_SHOWN_MAX)}</pre>`
    : undefined;
}

/** How the answer to a call that was made before begins (call-runner.ts). */
const FROM_THE_RECORD = 'This very call was made before';

function answer(call: ToolCallRecord, sent: string, { alertStart }: CallContext): Html {
  if (call.text.startsWith(FROM_THE_RECORD)) {
    const earlier = /^\[(r\d+)\] /m.exec(call.text)?.[1];
    return html`<p>The same question as before: it was answered from the record${earlier && `, as ${earlier}`}.</p>`;
  }
  if (call.refusal) return html`<p>${firstSentence(sent)}</p>`;
  if (call.status === 'ok') return answerView(readResult(sent), { asked: askedTime(sent), alertStart });
  const said = withoutHead(sent, call.input);
  if (call.status === 'no_data') return html`<p class="no_data">${firstSentence(said)}</p>`;
  return html`<p class="failed">It failed: ${clipped(said, 600)}</p>`;
}

/** What follows the query and its time. */
function withoutHead(sent: string, input: unknown): string {
  const { query } = (typeof input === 'object' && input !== null ? input : {}) as { query?: unknown };
  const head = typeof query === 'string' && sent.startsWith(`query: ${query}\n`) ? `query: ${query}\n` : '';
  return sent.slice(head.length).replace(/^(?:query|range|baseline|time): .*\n/gm, '');
}

/** What comes after it is advice to the model. */
function firstSentence(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const end = line.indexOf('. ');
  return end === -1 ? clipped(line, 300) : clipped(line.slice(0, end + 1), 300);
}

function exactly({ input }: ToolUseBlock, call: ToolCallRecord | undefined): Html {
  return html`<details>
    <summary>The exact question and answer</summary>
    <h4>Asked</h4>
    <pre>${typeof input === 'string' ? input : JSON.stringify(input, null, 2)}</pre>
    ${
      call &&
      html`<h4>Given to the model</h4>
        <pre>${call.text}</pre>`
    }
  </details>`;
}
