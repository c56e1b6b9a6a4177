import { readChangeLine } from '../../domain/change-line';
import { ALERT_TITLE, ALIVE, DEAD, NOT_KNOWN, type SentText } from '../../domain/sent-texts';
import type { NegativeClaim } from './negative-claim';
import { bodyOf, ourLines, type SentTexts } from './sent-body';

/** What can be silent: a backend's metrics or logs, or the record of changes. */
type Kind = 'metrics' | 'logs' | 'changes';

const CHANGES = /\b(?:deploy|chang|commit|releas|roll(?:ed|out)|version|flag)/i;
const LOGS = /\b(?:log|logs|logged|logging|lines?)\b/i;
/** Labels that name what a series or a line belongs to. */
const OWNER =
  /\b(?:service|service_name|app|job|component|container|deployment|database|pod|instance|node|namespace)\s*(=~|=)\s*"([^"\\]{1,100})"/g;
const NOT_THESE = /\w+\s*!(?:=|~)\s*"[^"]*"/g;
/** A query with one of these has an answer also when nothing was ever measured. */
const ALWAYS_ANSWERS = /\b(?:vector|absent|absent_over_time)\s*\(/i;

/** Whether what would have shown the thing was alive, by the text that a negative claim cites. */
export function citedIsAlive(claim: NegativeClaim, cited: SentText, sent: SentTexts): boolean {
  const subjects = subjectsOf(claim.sentence, sent);
  if (cited.status === undefined) return sectionIsAlive(claim, cited, { subjects, sent });
  const kind = kindOfTool(cited);
  if (cited.status === 'failed') return false;
  if (cited.status === 'ok' && !ALWAYS_ANSWERS.test(queryOf(cited))) return namesAll(cited, subjects);
  const asked = [...subjects, ...ownersIn(queryOf(cited))];
  if (toldOf(DEAD, kind, asked, sent)) return false;
  if (toldOf(ALIVE, kind, asked, sent)) return true;
  return [...sent.values()].some((other) => other !== cited && showsSameSource(other, cited, asked));
}

/** Whether any source that could have shown it was alive: for a sentence that cites nothing. */
export function anySourceIsAlive(claim: NegativeClaim, sent: SentTexts): boolean {
  const kind = kindOfClaim(claim);
  const kinds: readonly Kind[] = kind ? [kind] : ['metrics', 'logs', 'changes'];
  const subjects = subjectsOf(claim.sentence, sent);
  if (kinds.some((kind) => toldOf(ALIVE, kind, subjects, sent))) return true;
  if (kind === 'changes' && changesAreShown(sent)) return true;
  return [...sent.values()].some((one) => {
    if (one.source === ALERT_TITLE || one.status === 'failed' || one.status === 'no_data') return false;
    if (one.status === undefined) return sectionIsAlive(claim, one, { subjects, sent }) && namesAll(one, subjects);
    if (ALWAYS_ANSWERS.test(queryOf(one)) || !namesAll(one, subjects)) return false;
    if (kind === 'changes') return /version|revision|started|deploy/i.test(bodyOf(one));
    const shown = kindOfTool(one);
    return shown === undefined || kinds.includes(shown);
  });
}

interface Looking {
  readonly subjects: readonly string[];
  readonly sent: SentTexts;
}

/** A section says itself what could not be found out. The alert's own text is no proof of anything that is absent. */
function sectionIsAlive(claim: NegativeClaim, { source, text }: SentText, { subjects, sent }: Looking): boolean {
  if (source === ALERT_TITLE) return false;
  if (kindOfClaim(claim) === 'changes') return toldOf(ALIVE, 'changes', [], sent) || changesAreShown(sent);
  const lines = text.split('\n');
  if (lines.some((line) => line.startsWith(ALIVE) && hasOneOf(line, subjects))) return true;
  return !lines.some((line) => line.startsWith(NOT_KNOWN) || line.startsWith(DEAD));
}

/** Another answer of the same backend, to a question about the same thing: the source spoke. */
function showsSameSource(other: SentText, silent: SentText, asked: readonly string[]): boolean {
  if (other.status !== 'ok' || ALWAYS_ANSWERS.test(queryOf(other))) return false;
  const kind = kindOfTool(silent);
  if (kind ? kindOfTool(other) !== kind : other.source !== silent.source) return false;
  if (asked.length > 0) return asked.some((name) => hasWord(positive(other.text), name));
  const metrics = metricsIn(queryOf(silent));
  return kind !== 'metrics' || metrics.length === 0 || metrics.some((name) => hasWord(queryOf(other), name));
}

function toldOf(prefix: string, kind: Kind | undefined, names: readonly string[], sent: SentTexts): boolean {
  return ourLines(sent).some(({ line }) => {
    if (!kind || !line.startsWith(`${prefix}${kind}`)) return false;
    return kind === 'changes' || hasOneOf(line, names);
  });
}

function changesAreShown(sent: SentTexts): boolean {
  return ourLines(sent).some(({ line }) => readChangeLine(line) !== undefined);
}

function kindOfTool({ source }: SentText): Kind | undefined {
  if (source.startsWith('query_metrics')) return 'metrics';
  if (source === 'query_logs') return 'logs';
  return source.includes('change') ? 'changes' : undefined;
}

function kindOfClaim({ sentence, denied }: NegativeClaim): Kind | undefined {
  if (CHANGES.test(denied)) return 'changes';
  return LOGS.test(sentence) ? 'logs' : undefined;
}

/** The services and other owners, as labels anywhere in what was sent name them, that a sentence speaks of. */
function subjectsOf(sentence: string, sent: SentTexts): string[] {
  const all = [...sent.values()].flatMap(({ text }) => [
    ...ownersIn(text),
    ...Array.from(text.matchAll(/^label (?:service|app|job|component): (.{1,100})$/gm), ([, name]) => name!),
  ]);
  return [...new Set(all)].filter((name) => hasWord(sentence, name));
}

/** Of a pattern only what is a plain name, or a choice of plain names. */
function ownersIn(text: string): string[] {
  return Array.from(text.matchAll(OWNER), ([, operator, value]) =>
    operator === '=' ? [value!] : value!.split('|').filter((one) => /^[\w-]+$/.test(one)),
  ).flat();
}

function metricsIn(query: string): string[] {
  return query.match(/\b[a-zA-Z_]\w*(?=\s*[{[])/g) ?? [];
}

function queryOf({ input }: SentText): string {
  const query = (input as { query?: unknown } | null | undefined)?.query;
  return typeof query === 'string' ? query : '';
}

function namesAll({ text }: SentText, subjects: readonly string[]): boolean {
  const shown = positive(text);
  return subjects.every((name) => hasWord(shown, name));
}

/** Without the matchers that leave something out. */
function positive(text: string): string {
  return text.replace(NOT_THESE, '');
}

function hasOneOf(text: string, names: readonly string[]): boolean {
  return names.length === 0 || names.some((name) => hasWord(text, name));
}

/** As a word of its own: `pay` does not stand in `payments`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + word.length] ?? '')) return true;
  }
  return false;
}
