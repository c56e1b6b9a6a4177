const THINGS =
  '(?:errors?|failures?|faults?|exceptions?|panics?|timeouts?|crash(?:es)?|warnings?|alerts?|alarms?|problems?|issues?|anomal(?:y|ies)|' +
  'incidents?|outages?|restarts?|retries|deploys?|deployments?|releases?|rollouts?|commits?|changes?|(?:log )?lines?|logs?|' +
  'requests?|calls?|quer(?:y|ies)|messages?|jobs?|traffic|load|backlog|lag|delays?|latency|rise|increase|spikes?|saturation|' +
  'throttling|evictions?|kills?|drops?|loss|losses|rejections?|deadlocks?|leaks?|downtime|5xx(?! \\w)|oom)';
const DONE =
  '(?:deployed|released|rolled out|committed|changed|restarted|logged|failed|failing|fired|firing|fires|fire|crashed|found|seen|wrong|unusual|' +
  'affected|saturated|exhausted|overloaded|throttled|degraded|elevated|slow|blocked|dropped|lost|evicted|killed|rejected|broken|lagging|leaking|down)';

/** Of what would be bad to miss: errors, changes, alerts. A log line that says so itself proves nothing. */
const TROUBLE: readonly RegExp[] = [
  new RegExp(
    `(?<![\\w.,])(?:no(?! longer)|zero|0|none of the|without(?: any| a single)?|free of|not (?:a single|one|any)|neither)\\s(?:[\\w-]+\\s){0,3}?${THINGS}\\b`,
    'i',
  ),
  new RegExp(`\\b(?:nothing|nobody|none)\\s(?:[\\w-]+\\s){0,3}?${DONE}\\b`, 'i'),
  new RegExp(`\\b(?:not|never|n't|n\u2019t)\\s(?:been\\s|be\\s)?${DONE}\\b`, 'i'),
  new RegExp(
    `\\b(?:did|does|do)(?: not|n't|n\u2019t)\\s(?:change|restart|log|fail|crash|deploy|fire|leak|lag)\\b`,
    'i',
  ),
];

/** A text may well state it: `has no rounding rule`. */
const OTHER: readonly RegExp[] = [
  /(?<![\w.,])(?:no|zero|without(?: any| a single)?|free of|not (?:a single|any))\s(?!longer\b|more than\b|less than\b|later than\b|doubt\b|answer\b|response\b|reply\b|one\b)[\w"'][\w"'-]*/i,
  /\b(?:nothing|nobody|no one|nowhere|none|never)\b(?:\s\w+){0,3}/i,
  /\b(?:is|are|was|were|stays?|stayed|remains?|remained|looks?|runs?|sits?|stands?)\s(?:\w+\s)?(?:empty|idle|silent|quiet|drained|unused|clean|unloaded)\b/i,
  /\b(?:is|are|was|were|has|have|had|did|does|do)(?: not|n't|n\u2019t)\s(?:\w+\s){0,2}\w+/i,
];

/** Behind a `not`: a failure, which is something to see, or a course, which is none of absence. */
const FAILURE =
  /(?: not|n't|n\u2019t)\s(?:\w+\s){0,2}?(?:answer\w*|respond\w*|repl\w+|start\w*|com(?:e|ing)|reach\w*|connect\w*|return\w*|arriv\w*|recover\w*|pars\w*|complet\w*|finish\w*|accept\w*|load\w*|open\w*|resolv\w*|keep|scraped|available|ready|running|known|read|configured|healthy|sync|serving|accessible|allowed|authori[sz]ed|enough|rise|rose|risen|grow|grown|increased?|fall|fallen|only|just|yet|exist|support\w*|told|established|clear|sure|because|due)\b/i;

/** A sentence that says that something is not there. */
export interface NegativeClaim {
  readonly sentence: string;
  /** The words that deny: `no errors`, `nothing was deployed`. */
  readonly denied: string;
  /** It is about trouble, a change or an alert: that a text from outside says so is not enough. */
  readonly isOfTrouble: boolean;
}

/** Characters of one sentence that are looked at. */
const SENTENCE_MAX = 1_000;

/** What a text says is not there: true only where the source that would have shown it was alive. */
export function negativeClaims(text: string): NegativeClaim[] {
  return sentencesOf(text).flatMap((sentence) => {
    const trouble = firstOf(TROUBLE, sentence);
    const denied = trouble ?? firstOf(OTHER, sentence);
    return denied === undefined ? [] : [{ sentence, denied, isOfTrouble: trouble !== undefined }];
  });
}

export function sentencesOf(text: string): string[] {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .split(/(?<=[.;!?])\s+|\n+/)
    .map((sentence) => sentence.slice(0, SENTENCE_MAX).trim())
    .filter((sentence) => sentence !== '');
}

function firstOf(patterns: readonly RegExp[], sentence: string): string | undefined {
  return patterns
    .map((pattern) => pattern.exec(sentence)?.[0])
    .find((words) => words !== undefined && !FAILURE.test(` ${words}`));
}
