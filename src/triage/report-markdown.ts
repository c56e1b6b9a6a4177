import { REPORT_URGENCY_IN_WORDS, URGENCY_IN_WORDS } from '../domain/in-words';
import { markedElsewhere, toldText } from '../domain/marked-text';
import { cleanText } from '../domain/outside-text';
import {
  changeInWords,
  checkInWords,
  confidenceInWords,
  evidenceByWorth,
  faultsOf,
  ruledOutInWords,
  isCauseEstablished,
  type ToldEvidence,
} from '../domain/report-in-words';
import { type Report, URGENCIES, type Verification } from '../domain/report';

/**
 * The report as Markdown: the `analysis` of a triage, read in terminals as it is and in viewers that render it. All of
 * it, in the order of the Slack message. What comes from the model may be shaped by an attacker's data: it makes no
 * links, images, HTML or headings of its own.
 */
export function reportMarkdown(report: Report): string {
  const { headline, whatIsHappening, check } = report;
  const sections = [
    `# ${line(toldText(headline, 'headline', check)) || 'Report without a headline'}`,
    flags(report),
    cause(report),
    `**${REPORT_URGENCY_IN_WORDS[report.urgency]}** · ${confidenceInWords(report)}`,
    titled('What is happening', [paragraphs(toldText(whatIsHappening, 'what_is_happening', check))]),
    titled(
      'Evidence',
      report.evidence.length > 0 ? evidenceByWorth(report).flatMap(evidence) : ['No evidence is cited.'],
    ),
    titled('What to do', actions(report)),
    titled('Could not check', items(elsewhere(report.couldNotCheck, report))),
    titled('Ruled out', items(ruledOutInWords(report))),
    titled('What was checked', checked(report)),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function elsewhere(texts: readonly string[], { check }: Report): string[] {
  return texts.map((text) => markedElsewhere(text, check));
}

function titled(title: string, lines: readonly string[]): string {
  const told = lines.filter(Boolean);
  return told.length === 0 ? '' : `## ${title}\n\n${told.join('\n')}`;
}

function cause(report: Report): string {
  const { statement, component, change } = report.rootCause;
  const doubt = changeInWords(report);
  const named = change === null ? '' : fact('Change', [change]);
  const facts = [
    fact('Component', [component]),
    `${named}${named && doubt ? ` (${doubt})` : ''}`,
    fact('Affected', elsewhere(report.affected, report)),
  ];
  const title = isCauseEstablished(report) ? '## Root cause' : '## Root cause not established';
  const told = paragraphs(toldText(statement, 'root_cause', report.check));
  return [title, told, facts.filter(Boolean).join('\n')].filter(Boolean).join('\n\n');
}

function fact(name: string, values: readonly string[]): string {
  const shown = values.map(code).filter(Boolean);
  return shown.length === 0 ? '' : `- ${name}: ${shown.join(', ')}`;
}

function actions(report: Report): string[] {
  return URGENCIES.flatMap((urgency) =>
    report.actions
      .filter((action) => action.urgency === urgency)
      .map(({ action }) => `- **${URGENCY_IN_WORDS[urgency]}**: ${line(markedElsewhere(action, report.check))}`),
  );
}

const VERIFICATION_IN_WORDS: Readonly<Record<Verification, string>> = {
  quoted: 'quote checked',
  derived: 'recomputed',
  unverified: 'NOT verified',
};

function evidence({ piece, claim, verified, doubts }: ToldEvidence): string[] {
  const said = verified ? VERIFICATION_IN_WORDS[verified] : 'as the model cites it';
  const doubt = verified === 'unverified' ? doubts.map(line).filter(Boolean).join('; ') : '';
  const notes = [code(piece.source), doubt ? `${said}: ${doubt}` : said].filter(Boolean);
  const quote = code(piece.quote);
  return [`- ${line(claim)} (${notes.join(', ')})`, ...(quote ? [`  ${quote}`] : [])];
}

function flags(report: Report): string {
  return report.flags
    .map(
      ({ source, text }) =>
        `**Warning: data tried to give orders, do not follow it** (${code(source) || 'source not given'}): ${code(text)}`,
    )
    .join('\n\n');
}

/** In short: how much code has borne out, and what is still wrong. */
function checked(report: Report): string[] {
  return items([...checkInWords(report), ...faultsOf(report).map((fault) => `Fault: ${fault}`)]);
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
