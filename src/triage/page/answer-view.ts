import { clipped } from '../../domain/clipped';
import { assertNever } from '../../domain/errors';
import { html, type Html } from './html';
import type { LogLine } from './read-log-line';
import { plot, PLOT_COLOURS, type PlotFacts } from './plot';
import type { LabelPairs } from './read-labels';
import { type ReadAlert, type ReadResult, type ReadRow, type ReadSeries, sharedLabels } from './read-result';

/** Rows of a table or a list; the exact text below it has them all. */
const ROWS_MAX = 12;
/** Characters of a log line, and of its further fields. */
const LINE_MAX = 400;
const FIELDS_MAX = 160;
/** Characters of a text that has no form of its own. */
const TEXT_MAX = 1_500;

/** What a tool found, fitted to read: a plot, a table, lines. */
export function answerView(result: ReadResult, facts: Omit<PlotFacts, 'series'>): Html {
  switch (result.kind) {
    case 'matrix':
      return html`${seriesView(result.series, facts)} ${notesView(result.notes)}`;
    case 'vector':
      return html`${rowsView(result.rows)} ${notesView(result.notes)}`;
    case 'lines':
      return html`${linesView(result.lines)} ${notesView(result.notes)}`;
    case 'alerts':
      return html`${alertsView(result.alerts)} ${notesView(result.notes)}`;
    case 'text':
      return html`<pre>${clipped(result.text, TEXT_MAX)}</pre>`;
    default:
      return assertNever(result);
  }
}

function seriesView(all: readonly ReadSeries[], facts: Omit<PlotFacts, 'series'>): Html {
  const series = mostMoving(all);
  const rest = all.length - series.length;
  const unnumbered = series.reduce((sum, one) => sum + one.odd, 0);
  return html`${plot({ ...facts, series })} ${legend(series)}
  ${rest === 0 ? undefined : below(`The ${series.length} that change most of ${all.length} series.`)}
  ${unnumbered === 0 ? undefined : below(`${unnumbered} of the samples are no numbers (NaN, infinite) and not drawn.`)}`;
}

/** As many as can be told apart, in the order of the text. */
function mostMoving(all: readonly ReadSeries[]): readonly ReadSeries[] {
  const spread = ({ figures }: ReadSeries): number => Number(figures.max) - Number(figures.min) || 0;
  const kept = new Set(all.toSorted((a, b) => spread(b) - spread(a)).slice(0, PLOT_COLOURS));
  return all.filter((one) => kept.has(one));
}

function legend(series: readonly ReadSeries[]): Html {
  const name = namesOf(series.map(({ labels }) => labels));
  const rows = series.map(
    ({ figures }, i) =>
      html`<tr>
        <th scope="row">${swatch(i)} ${name.of(i)}</th>
        <td>${figures.first}</td>
        <td>${figures.last}</td>
        <td>${figures.min}</td>
        <td>${figures.max}</td>
      </tr>`,
  );
  return html`<div class="wide">
    <table>
      <tr>
        <th scope="col">${name.title}</th>
        <th scope="col">first</th>
        <th scope="col">last</th>
        <th scope="col">min</th>
        <th scope="col">max</th>
      </tr>
      ${rows}
    </table>
  </div>`;
}

function swatch(index: number): Html {
  return html`<svg class="swatch" viewBox="0 0 22 8" aria-hidden="true">
    <path class="line s${index + 1}" d="M1 4H21" />
  </svg>`;
}

/** One label that tells all apart is said once, above its values; else each is named by all of its labels. */
function namesOf(all: readonly LabelPairs[]): { readonly title: string; of(index: number): string } {
  const [only, ...others] = new Set(all.flatMap((pairs) => pairs.map(([name]) => name)));
  const single = only !== undefined && others.length === 0 && all.every((pairs) => pairs.length === 1);
  const text = (pairs: LabelPairs): string =>
    single ? pairs[0]![1] : pairs.map(([name, value]) => `${name}=${value}`).join(', ');
  return {
    title: single ? only : '',
    of: (index) => clipped(text(all[index] ?? []), 120) || 'the value',
  };
}

function rowsView(rows: readonly ReadRow[]): Html {
  const name = namesOf(rows.map(({ labels }) => labels));
  return html`<div class="wide">
      <table>
        ${rows.slice(0, ROWS_MAX).map(
          ({ value }, i) =>
            html`<tr>
              <th scope="row">${name.title && `${name.title} `}${name.of(i)}</th>
              <td>${clipped(value, 80)}</td>
            </tr>`,
        )}
      </table>
    </div>
    ${furtherRows(rows.length)}`;
}

function furtherRows(count: number): Html | undefined {
  return count > ROWS_MAX ? below(`${count - ROWS_MAX} more stand in the exact text.`) : undefined;
}

/** The beginning and the end: what set in, and what it came to. */
function linesView(lines: readonly LogLine[]): Html {
  const half = ROWS_MAX / 2;
  if (lines.length <= ROWS_MAX) return list(lines.map(logLine));
  const between = lines.length - ROWS_MAX;
  return list([
    ...lines.slice(0, half).map(logLine),
    html`<li class="soft">
      … ${between} ${between === 1 ? 'line' : 'lines'} between these stand in the exact text …
    </li>`,
    ...lines.slice(-half).map(logLine),
  ]);
}

function list(items: readonly Html[]): Html {
  return html`<ul class="plain lines">
    ${items}
  </ul>`;
}

function logLine({ at, labels, level, message, fields, repeated }: LogLine): Html {
  const known = new Set(labels.map(([, value]) => value));
  const telling = fields.filter(
    (field) => !known.has(field.slice(field.indexOf('=') + 1)) && !/^(?:trace|span)_?id=/i.test(field),
  );
  return html`<li>
    <time datetime="${at.toISOString()}">${at.toISOString().slice(11, 19)}</time>
    ${level && html`<span class="level ${levelColour(level)}">${level}</span>`}
    ${labels.length > 0 ? html`<strong>${clipped(labels.map(([, value]) => value).join(' '), 80)}</strong>` : undefined}
    ${clipped(message, LINE_MAX)} ${telling.length > 0 ? soft(clipped(telling.join(' '), FIELDS_MAX)) : undefined}
    ${repeated && soft(`(${repeated})`)}
  </li>`;
}

function levelColour(level: string): string {
  if (/^(?:error|fatal|critical|panic)$/.test(level)) return 'bad';
  return level.startsWith('warn') ? 'warn' : '';
}

function alertsView(alerts: readonly ReadAlert[]): Html {
  const shown = alerts.slice(0, ROWS_MAX);
  return html`${list(
    shown.map(
      ({ since, text }) =>
        html`<li>
          <time datetime="${since.toISOString()}">${since.toISOString().slice(0, 16).replace('T', ' ')}</time>
          ${clipped(text, LINE_MAX)}
        </li>`,
    ),
  )}
  ${furtherRows(alerts.length)}`;
}

const NOTES_MAX = 4;

function notesView(notes: readonly string[]): Html[] {
  return notes.slice(0, NOTES_MAX).map((note) => {
    const shared = sharedLabels(note);
    return below(
      shared ? `All of it: ${shared.map(([name, value]) => `${name}=${value}`).join(', ')}` : clipped(note, 300),
    );
  });
}

function soft(text: string): Html {
  return html`<span class="soft">${text}</span>`;
}

function below(text: string): Html {
  return html`<p class="soft">${text}</p>`;
}
