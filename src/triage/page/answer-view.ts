import { clipped } from '../../domain/clipped';
import { assertNever } from '../../domain/errors';
import { html, type Html } from './html';
import { linesView } from './lines-view';
import { patternsView } from './patterns-view';
import { plot, PLOT_COLOURS, type PlotFacts } from './plot';
import type { LabelPairs } from './read-labels';
import { type ReadAlert, type ReadResult, type ReadRow, type ReadSeries, sharedLabels } from './read-result';

/** Rows of a table or a list; the exact text below it has them all. */
const ROWS_MAX = 12;
/** Characters of an alert. */
const ALERT_MAX = 400;
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
    case 'patterns':
      return html`${patternsView(result.patterns)} ${notesView(result.notes)}`;
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
  const named = (i: number): Html => html`<th scope="row">${swatch(i)} ${name.of(i)}</th>`;
  const [first] = series;
  /* as versions, which are 1 while they run: the plot says it all */
  const same =
    series.length > 1 &&
    series.every((one) => one.figures.min === first?.figures.max && one.figures.max === first.figures.max);
  if (same)
    return table(
      series.map(
        (_, i) =>
          html`<tr>
            ${named(i)}
          </tr>`,
      ),
    );
  const rows = series.map(
    ({ figures }, i) =>
      html`<tr>
        ${named(i)}
        <td class="spare">${figures.first}</td>
        <td>${figures.last}</td>
        <td>${figures.min}</td>
        <td>${figures.max}</td>
      </tr>`,
  );
  const head = html`<tr>
    <th scope="col">${name.title}</th>
    <th scope="col" class="spare">first</th>
    <th scope="col">last</th>
    <th scope="col">min</th>
    <th scope="col">max</th>
  </tr>`;
  return table([head, ...rows]);
}

function table(rows: readonly Html[]): Html {
  return html`<div class="wide">
    <table>
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

function rowsView(all: readonly ReadRow[]): Html {
  const name = namesOf(all.map(({ labels }) => labels));
  const rows = all.slice(0, ROWS_MAX).map(
    ({ value }, i) =>
      html`<tr>
        <th scope="row">${name.title && `${name.title} `}${name.of(i)}</th>
        <td>${clipped(value, 80)}</td>
      </tr>`,
  );
  return html`${table(rows)} ${furtherRows(all.length)}`;
}

function furtherRows(count: number): Html | undefined {
  return count > ROWS_MAX ? below(`${count - ROWS_MAX} more stand in the exact text.`) : undefined;
}

function alertsView(alerts: readonly ReadAlert[]): Html {
  return html`<ul class="plain lines">
      ${alerts.slice(0, ROWS_MAX).map(
        ({ since, text }) =>
          html`<li>
            <time datetime="${since.toISOString()}">${since.toISOString().slice(0, 16).replace('T', ' ')}</time>
            ${clipped(text, ALERT_MAX)}
          </li>`,
      )}
    </ul>
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

function below(text: string): Html {
  return html`<p class="soft">${text}</p>`;
}
