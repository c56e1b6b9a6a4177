import { ALERT_TITLE, ALIVE, DEAD, NOT_KNOWN, type SentText } from '../../domain/sent-texts';
import { changesAreRecorded } from './change-lines';
import type { NegativeClaim } from './negative-claim';
import { hasOneOf, hasWord, labelsOf, ownersIn, positive, queryOf, subjectsOf } from './owners';
import { bodyOf, ourLines, type SentTexts } from './sent-body';

/** What can be silent: a backend's metrics or logs, or the record of changes. */
export type Kind = 'metrics' | 'logs' | 'changes';

const CHANGES = /\b(?:deploy|chang|commit|releas|roll(?:ed|out)|version|flag)/i;
const LOGS = /\b(?:log|logs|logged|logging|lines?)\b/i;
/** A query with one of these has an answer also when nothing was ever measured. */
const ALWAYS_ANSWERS = /\b(?:vector|absent|absent_over_time)\s*\(/i;

/** Whether the source whose silence a text shows was alive, for everybody that the claim or the query names. */
export function silentIsAlive(claim: NegativeClaim, silent: SentText, sent: SentTexts): boolean {
  const kind = kindOfTool(silent);
  if (kind === undefined) return alertmanagerAnswered(silent, sent);
  const subjects = subjectsOf(claim.sentence, sent);
  const selected = ownersIn(queryOf(silent));
  if (selected.length > 0 && subjects.some((name) => !selected.includes(name))) return false;
  const asked = subjects.length > 0 ? subjects : selected;
  if (asked.some((name) => toldOf(DEAD, kind, [name], sent))) return false;
  const others = [...sent.values()].filter((other) => other !== silent && showsSameSource(other, silent));
  if (asked.length === 0) return others.length > 0;
  /* a metric may not exist although its target is scraped: only the metric itself shows that it does */
  const isTold = (name: string): boolean => kind !== 'metrics' && toldOf(ALIVE, kind, [name], sent);
  return asked.every((name) => isTold(name) || others.some((other) => hasWord(labelsOf(other), name)));
}

/** Whether any source that could have shown it was alive: for a sentence that cites nothing. */
export function anySourceIsAlive(claim: NegativeClaim, sent: SentTexts): boolean {
  const kind = kindOfClaim(claim);
  const kinds: readonly Kind[] = kind ? [kind] : ['metrics', 'logs', 'changes'];
  const subjects = subjectsOf(claim.sentence, sent);
  if (kinds.some((kind) => toldOf(ALIVE, kind, subjects, sent))) return true;
  if (kind === 'changes' && changesAreRecorded(sent)) return true;
  return [...sent.values()].some((one) => {
    if (one.source === ALERT_TITLE || one.status === 'failed' || one.status === 'no_data') return false;
    if (one.source === 'find_metrics') return false; // a name says that something is measured, not what
    if (one.status === undefined) return kind !== 'changes' && sectionKnows(one, subjects);
    if (alwaysAnswers(one) || !subjects.every((name) => hasWord(labelsOf(one), name))) return false;
    if (kind === 'changes') return /version|revision|started|deploy/i.test(bodyOf(one));
    const shown = kindOfTool(one);
    return shown === undefined || kinds.includes(shown);
  });
}

export function alwaysAnswers(sent: SentText): boolean {
  return ALWAYS_ANSWERS.test(queryOf(sent));
}

export function kindOfTool({ source }: SentText): Kind | undefined {
  if (source.startsWith('query_metrics') || source === 'describe_metric' || source === 'list_targets') return 'metrics';
  if (source === 'query_logs' || source === 'log_patterns') return 'logs';
  return source.includes('change') ? 'changes' : undefined;
}

export function kindOfClaim({ sentence, denied }: NegativeClaim): Kind | undefined {
  if (CHANGES.test(denied) || (/\bconfig/i.test(denied) && CHANGES.test(sentence))) return 'changes';
  return LOGS.test(sentence) ? 'logs' : undefined;
}

/** Whether the opening message says so of one of these: only Vigil's own lines count. */
function toldOf(prefix: string, kind: Kind, names: readonly string[], sent: SentTexts): boolean {
  return ourLines(sent).some(({ line }) => {
    if (!line.startsWith(`${prefix}${kind}`)) return false;
    return kind === 'changes' || hasOneOf(line, names);
  });
}

/** A section says itself what could not be found out. */
function sectionKnows({ text }: SentText, subjects: readonly string[]): boolean {
  const lines = text.split('\n');
  if (lines.some((line) => line.startsWith(NOT_KNOWN) || line.startsWith(DEAD))) return false;
  return subjects.every((name) => hasWord(text, name));
}

/** Another answer of the same backend, of the same metric: the source spoke. */
function showsSameSource(other: SentText, silent: SentText): boolean {
  if (other.status !== 'ok' || alwaysAnswers(other) || kindOfTool(other) !== kindOfTool(silent)) return false;
  const metrics = metricsIn(queryOf(silent));
  return kindOfTool(silent) !== 'metrics' || metrics.some((name) => hasWord(positive(queryOf(other)), name));
}

function metricsIn(query: string): string[] {
  const named = query.match(/\b[a-zA-Z_:][\w:]*(?=\s*[{[])/g) ?? [];
  return named.length > 0 ? named : (query.match(/\b[a-zA-Z_:]\w*_\w+\b/g) ?? []);
}

/** It holds at least the alert itself: with no matcher, or beside another answer of it, its silence is a fact. */
function alertmanagerAnswered(silent: SentText, sent: SentTexts): boolean {
  if (silent.source !== 'list_alerts') return false;
  const isFree = queryOf(silent).trim() === '';
  const others = [...sent.values()].some(({ source, status }) => source === silent.source && status === 'ok');
  return isFree || others || ourLines(sent).some(({ line }) => line.startsWith('source: Alertmanager'));
}
