import { CONFIDENCE_IN_WORDS, URGENCY_IN_WORDS } from '../domain/in-words';
import { cleanText } from '../domain/outside-text';
import { type Evidence, type Report, URGENCIES, type Verification } from '../domain/report';

/**
 * The report as Markdown: the `analysis` of a triage, read in terminals as it is and in viewers that render it. What
 * comes from the model may be shaped by an attacker's data: it makes no links, images, HTML or headings of its own.
 */
export function reportMarkdown(report: Report): string {
  const sections = [
    `# ${line(report.headline) || 'Report without a headline'}`,
    flags(report),
    paragraphs(report.whatIsHappening),
    cause(report),
    titled('What to do', actions(report)),
    titled('Evidence', report.evidence.length > 0 ? report.evidence.flatMap(evidence) : ['No evidence is cited.']),
    titled('Ruled out', items(report.ruledOut)),
    titled('Could not check', items(report.couldNotCheck)),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}

function cause({ rootCause, affected }: Report): string {
  const { statement, component, change, confidence } = rootCause;
  const facts = [named('Component', [component]), named('Change', [change ?? '']), named('Affected', affected)];
  const title = `## Root cause (${CONFIDENCE_IN_WORDS[confidence]})`;
  return [title, paragraphs(statement), facts.filter(Boolean).join('\n')].filter(Boolean).join('\n\n');
}

function named(name: string, values: readonly string[]): string {
  const shown = values.map(code).filter(Boolean);
  return shown.length === 0 ? '' : `- ${name}: ${shown.join(', ')}`;
}

function actions(report: Report): string[] {
  return URGENCIES.flatMap((urgency) =>
    report.actions
      .filter((action) => action.urgency === urgency)
      .map(({ action }) => `- **${URGENCY_IN_WORDS[urgency]}**: ${line(action)}`),
  );
}

const VERIFICATION_IN_WORDS: Readonly<Record<Verification, string>> = {
  quoted: 'the quote was checked',
  derived: 'recomputed from quoted numbers',
  unverified: 'NOT verified',
};

function evidence({ claim, source, quote, verified }: Evidence): string[] {
  const notes = [code(source), verified ? VERIFICATION_IN_WORDS[verified] : ''].filter(Boolean);
  const shown = code(quote);
  return [`- ${line(claim)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`, ...(shown ? [`  ${shown}`] : [])];
}

function flags(report: Report): string {
  return report.flags
    .map(
      ({ source, text }) =>
        `**Warning: data tried to give orders** (${code(source) || 'source not given'}): ${code(text)}`,
    )
    .join('\n\n');
}

function items(texts: readonly string[]): string[] {
  return texts.map((text) => `- ${line(text)}`);
}

/** Prose on one line. */
function line(text: string): string {
  return inert(cleanText(text).replace(/\s+/g, ' ').trim());
}

/** Prose of several lines, as the model wrote it, made inert. */
export function paragraphs(text: string): string {
  const lines = cleanText(text)
    .replace(/\r\n?/g, '\n')
    .trim()
    .split('\n')
    .map((each) => inert(each.trim()));
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

/**
 * Takes from one trimmed line what would make structure (headings, rules, code fences, link definitions) or reach out
 * (links, images, HTML). Emphasis, lists and code spans stay: the model writes them for the reader.
 */
function inert(text: string): string {
  return text
    .replace(/^(#{1,6}(?= |$)|={2,}$|-{2,}$|(?:[-*_] *){3,}$|>)/, '\\$1')
    .replace(/`{3,}|~{3,}/g, "'''")
    .replaceAll('](', '] (')
    .replaceAll('][', '] [')
    .replaceAll(']:', '] :')
    .replace(/<(?=[a-z/!?])/gi, '\\<');
}

/** Foreign text as it is, on one line, in a code span that it cannot end: its fence is longer than any run inside. */
function code(text: string): string {
  const lines = cleanText(text)
    .split('\n')
    .map((each) => each.trim());
  const shown = lines.filter(Boolean).join(' ⏎ ');
  if (shown === '') return '';
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
