import type { ReadText, SentLine } from './sent-line';
import { shared, stemsOf } from './topics';

/** `the timeout is new`, `new errors`, `was never logged before`. */
const SAYS_NEW =
  /\b(?:is|are|was|were|being|all) (?:\w+ly )?new\b|\bnew(?:ly)? (?:in the logs?|log|error|message|pattern|line|warning|exception|failure|kind)|\bfirst (?:appear|seen|logged|occur|came)|\b(?:never|not) (?:\w+ ){0,3}before\b|\bnew since\b/i;

/** Whether words say of a line of the log that there was none of its kind before. */
export function saysNew(words: string): boolean {
  return SAYS_NEW.test(words);
}

/**
 * `"slow query" came 30 times`, of a result that has other patterns too: a pattern is not meant where the words share
 * more with the message of another one, nor where they call new what is not.
 */
export function isOfAnotherPattern(line: SentLine, text: ReadText, clause: string, sentence: string): boolean {
  if (!line.pattern) return false;
  const most = (words: string): number => {
    const stems = stemsOf(words);
    return Math.max(0, ...text.lines.map((other) => (other.pattern ? alike(other, stems) : 0)));
  };
  /* a clause that names no message speaks of the one that its sentence names */
  const words = most(clause) > 0 ? clause : sentence;
  if (line.pattern.kind !== 'new' && saysNew(words)) return true;
  return alike(line, stemsOf(words)) < most(words);
}

/** Words that any two sentences share. */
const LINKS = /\b(?:the|and|for|its|not|was|are|has|had|all|any|per|did)\b/gi;

const cache = new WeakMap<object, ReadonlySet<string>>();

function alike({ pattern }: SentLine, stems: ReadonlySet<string>): number {
  const known = cache.get(pattern!) ?? stemsOf(pattern!.message.replace(LINKS, ' '));
  cache.set(pattern!, known);
  return shared(stems, known);
}
