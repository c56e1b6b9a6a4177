const THINGS =
  '(?:errors?|failures?|exceptions?|timeouts?|crash(?:es)?|warnings?|alerts?|problems?|issues?|anomal(?:y|ies)|incidents?|' +
  'restarts?|retries|deploys?|deployments?|releases?|rollouts?|commits?|changes?|(?:log )?lines?|logs?|requests?|traffic|' +
  'rise|increase|spikes?|saturation|throttling|evictions?|kills?)';
const DONE =
  '(?:deployed|released|rolled out|committed|changed|restarted|logged|failed|fired|crashed|found|seen|wrong|unusual)';

const NEGATIVE: readonly RegExp[] = [
  new RegExp(
    `(?<![\\w.,])(?:no(?! longer)|zero|0|none of the|without(?: any| a single)?|not (?:a single|one|any)|neither)\\s(?:[\\w-]+\\s){0,3}?${THINGS}\\b`,
    'i',
  ),
  new RegExp(`\\b(?:nothing|nobody|none)\\s(?:[\\w-]+\\s){0,3}?${DONE}\\b`, 'i'),
  new RegExp(`\\b(?:not|never|n't|n\u2019t)\\s(?:been\\s|be\\s)?${DONE}\\b`, 'i'),
  new RegExp(`\\b(?:did|does|do)(?: not|n't|n\u2019t)\\s(?:change|restart|log|fail|crash|deploy)\\b`, 'i'),
];

/** A sentence that says that something is not there. */
export interface NegativeClaim {
  readonly sentence: string;
  /** The words that deny: `no errors`, `nothing was deployed`. */
  readonly denied: string;
}

/** Characters of one sentence that are looked at. */
const SENTENCE_MAX = 1_000;

/** What a text says is not there: true only where the source that would have shown it was alive. */
export function negativeClaims(text: string): NegativeClaim[] {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .split(/(?<=[.;!?])\s+|\n+/)
    .map((sentence) => sentence.slice(0, SENTENCE_MAX).trim())
    .flatMap((sentence) => {
      const denied = NEGATIVE.map((pattern) => pattern.exec(sentence)?.[0]).find((words) => words !== undefined);
      return denied === undefined ? [] : [{ sentence, denied }];
    });
}
