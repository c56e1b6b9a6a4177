import { readPatternLine } from '../../domain/pattern-line';
import type { SentText } from '../../domain/sent-texts';
import type { NegativeClaim } from './negative-claim';
import { hasWord } from './owners';

/** A line of a tool's own that says that something is not there, and what a denial must speak of to rest on it. */
const STATED: Readonly<
  Record<string, readonly { readonly line: RegExp; readonly denied: RegExp; readonly of?: RegExp }[]>
> = {
  rank_anomalies: [{ line: /^not changed: \d/, denied: /\b(?:not|n['’]t) change/i, of: /\bseries\b/i }],
  find_metrics: [
    { line: / 0 series(?: |$)/, denied: /\bno series\b/i },
    { line: /^Found nothing: .* none of \d+ metrics /, denied: /\b(?:none of (?:the |its )?\d+|no) metrics?\b/i },
  ],
};

/** Whether a quoted line of ours states just this absence: it needs no living source beside it. */
export function absenceIsStated(
  { sentence, denied }: NegativeClaim,
  lines: readonly string[],
  { source }: SentText,
): boolean {
  const stated = (STATED[source] ?? []).some(
    ({ line, denied: words, of }) =>
      words.test(denied) && (!of || of.test(sentence)) && lines.some((one) => line.test(one)),
  );
  if (stated) return true;
  if (source === 'log_patterns') {
    return (
      /\b(?:now|any ?more|no longer)\b/i.test(sentence) && lines.some((line) => readPatternLine(line)?.count === 0)
    );
  }
  return source === 'query_logs' && lines.some((line) => isUnknownToLoki(sentence, line));
}

/** `The label service has no value "mailrelay"`: Loki knows no logs of it, whatever it may have said. */
function isUnknownToLoki(sentence: string, line: string): boolean {
  const [, value] = /^The label \w+ has no value "([^"]{1,200})" /.exec(line) ?? [];
  return value !== undefined && hasWord(sentence, value) && /\b(?:Loki|labels?|streams?)\b/i.test(sentence);
}
