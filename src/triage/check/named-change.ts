import { readChangeLine, type ShownChange } from '../../domain/change-line';
import { linesOnChanges } from './change-lines';
import { instructionIn } from './instruction-in-data';
import { bodyOf, type SentTexts } from './sent-body';

/** How the change that a report blames stands against those that the model was shown. */
export type NamedChange =
  | { readonly is: 'none' }
  | { readonly is: 'recorded' }
  /** It stands in what was sent, but is no stored change from before the start; or (`invented`) it stands nowhere. */
  | { readonly is: 'not_recorded'; readonly invented: boolean; readonly why: string };

const NO_NAME = /^(?:|-|none|null|unknown|not known|n\/a)$/i;
/** The beginning of a revision that names one and no other. Characters. */
const REVISION_MIN = 7;

/** Looks up `root_cause.change`: an id, `source/id`, a revision, a version, or a commit that a deploy brought. */
export function namedChange(change: string | null, sent: SentTexts): NamedChange {
  const named = (change ?? '').trim();
  if (NO_NAME.test(named)) return { is: 'none' };
  const known = shownChanges(sent).filter((shown) => names(shown, named));
  if (known.some(({ beforeStart }) => beforeStart)) return { is: 'recorded' };
  if (known.length > 0) {
    return { is: 'not_recorded', invented: false, why: 'that change came after the alert had started' };
  }
  const invented = !standsSomewhere(named, sent);
  const why = invented ? 'it stands nowhere in what was sent' : 'no change of that name is recorded';
  return { is: 'not_recorded', invented, why };
}

/** In the sections of the opening message, and in what was listed. A line that is indented is a diff's. */
function shownChanges(sent: SentTexts): ShownChange[] {
  return linesOnChanges(sent).flatMap((line) => readChangeLine(line) ?? []);
}

function names({ source, id, revision, version, commits }: ShownChange, named: string): boolean {
  const exact = [id, `${source}/${id}`, version];
  const revisions = [revision, ...commits].filter((one) => one !== undefined);
  const isIt = (word: string): boolean =>
    exact.includes(word) || revisions.some((one) => one === word || isBeginning(word, one) || isBeginning(one, word));
  return isIt(named) || wordsOf(named).some((word) => word.length > 2 && isIt(word));
}

function isBeginning(short: string, long: string): boolean {
  return short.length >= REVISION_MIN && long.toLowerCase().startsWith(short.toLowerCase());
}

/** `payments 2.14.0 (9f3c2e1)` names a change three times. */
function wordsOf(named: string): string[] {
  return named.split(/[\s,;()"'`]+/).filter(Boolean);
}

function standsSomewhere(named: string, sent: SentTexts): boolean {
  const words = wordsOf(named);
  const telling = words.filter((word) => /[\d_-]/.test(word) && word.length > 2);
  const looked = [named, ...(telling.length > 0 ? telling : words)];
  return [...sent.values()].some((one) =>
    bodyOf(one)
      .split('\n')
      .some((line) => looked.some((word) => line.includes(word)) && !instructionIn(line)),
  );
}
