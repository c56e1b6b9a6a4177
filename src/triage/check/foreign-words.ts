/** A stretch of a line that an outsider wrote: a customer, a caller, whoever sends a request. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Of a path or an address: names in it are kept, numbers are not. */
  readonly isPath: boolean;
}

/** A line of a result has 500 characters, one of an annotation 2,000. What is beyond is no outsider's by any sign. */
const MAX_CHARS = 12_000;

/**
 * The line without what outsiders put into it: the values of fields that hold their words (user agent, referer, note,
 * comment, search term, headers …), in logfmt, JSON, Apache's format and prose. Each is blanked, character by
 * character, so that every other word keeps its place. They tell of whoever wrote them, and nothing of the system. Of a
 * path the plain names stay, without numbers and without the query string.
 */
export function withoutForeignWords(line: string): string {
  let text = line;
  for (const { from, to, isPath } of stretchesOf(line)) {
    const value = line.slice(from, to);
    text = text.slice(0, from) + (isPath ? plainPath(value) : blanked(value)) + text.slice(to);
  }
  return text;
}

/** The words of outsiders in a line, one a field; of a path what is encoded or asked in it. */
export function foreignWords(line: string): string[] {
  return stretchesOf(line).flatMap(({ from, to, isPath }) => {
    const value = line.slice(from, to);
    return isPath ? (/[?#%+;][^"'\\]*/.exec(value)?.[0] ?? []) : [value];
  });
}

function blank(text: string): string {
  return ' '.repeat(text.length);
}

/** With its quotation marks, so that the line can still be read. */
function blanked(value: string): string {
  const [, open, inside, close] = /^(\\*["']|)([\s\S]*?)(\\*["']|)$/.exec(value)!;
  return open + blank(inside!) + close;
}

const NAME = /(\\*["'])?([A-Za-z_][\w.-]{0,60})(\\*["'])?(\s?[=:]\s?)/g;
const REQUEST = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ([^\s"']{1,2000})/g;
/** What Apache and nginx put behind the status and the bytes: referer and user agent. */
const COMBINED = /" \d{3} (?:\d{1,15}|-) ("[^"]{0,2000}" "[^"]{0,2000}")/g;
/** `the customer wrote: …`, `search for "…"`. */
const SAID =
  /\b(?:(?:customer|user|client|caller|guest|visitor|shopper|subscriber|buyer|reviewer|tenant|patient|driver|courier)(?:'s)? (?:\w{1,20} ){0,2}?(?:wrote|writes|says|said|asks|asked|claims|claimed|complains|complained|reports|reported|message|note|comment|feedback|complaint|question|review|remark|text|reason)|(?:feedback|review|comment|complaint|remark|chat message|survey answer|gift message|delivery note|contact form|(?:support )?ticket(?: [\w#-]{1,20})?|(?:message|note|mail|e-mail|email|ticket)(?: [\w#-]{1,20})? from (?:the |a )?[\w@. -]{1,40}?)(?= ?:)|search(?:ed|ing)?(?: \w{1,20}){0,2}? (?:for|term|query)|(?:no results|looked up|lookup) for)\s?(?:[:=]\s?|(?=["'“«\\]))/gi;

function stretchesOf(line: string): Stretch[] {
  const text = line.slice(0, MAX_CHARS);
  const found = [
    ...fieldsIn(text),
    ...Array.from(text.matchAll(REQUEST), (match) => stretch(match, true)),
    ...Array.from(text.matchAll(COMBINED), (match) => stretch(match, false)),
    ...Array.from(text.matchAll(SAID), ({ index, 0: words }): Stretch => {
      const from = index + words.length;
      return { from, to: endOfValue(text, from, true), isPath: false };
    }),
  ].filter(({ from, to }) => to > from);
  /* what stands inside another's value is a part of that */
  const isInside = (a: Stretch, b: Stretch): boolean => a !== b && b.from <= a.from && a.to <= b.to && !b.isPath;
  return found.filter((one) => !found.some((other) => isInside(one, other) && !isInside(other, one)));
}

function stretch(match: RegExpExecArray, isPath: boolean): Stretch {
  const to = match.index + match[0].length;
  return { from: to - match[1]!.length, to, isPath };
}

function fieldsIn(text: string): Stretch[] {
  return Array.from(text.matchAll(NAME)).flatMap((match): Stretch[] => {
    const [whole, opened, name, closed, between] = match;
    const from = match.index + whole.length;
    const kind = kindOf(name!);
    if (kind === 'ours') return [];
    const isColon = between!.includes(':');
    if (isColon && !(opened && closed) && !colonBegins(text, match.index, name!)) return [];
    const inQuery = /[?&]/.test(text[match.index - 1] ?? '');
    const to = endOfValue(text, from, !inQuery && kind !== 'path' && kind !== 'token');
    const value = text.slice(from, to);
    if (kind === 'query' && SQL.test(value)) return [];
    /* a user's name is one word; a sentence in its place is not a name */
    if (kind === 'token' && !/[^\s"'\\]\s+\S/.test(value)) return [];
    return [{ from, to, isPath: kind === 'path' }];
  });
}

const SQL = /^\\*["']?\s{0,9}(?:select|insert|update|delete|with|begin|commit|alter|create|vacuum|copy)\b/i;
const HEADERS = /^(?:user-?agent|referr?er|cookie|set-cookie|x-[\w-]+)$/i;

/** `User-Agent: …`, `annotation note: …`, `customer_note: …`; a plain `note:` begins many an ordinary line. */
function colonBegins(text: string, at: number, name: string): boolean {
  return HEADERS.test(name) || /(?:annotation|label) $/.test(text.slice(Math.max(0, at - 11), at)) || /[_.]/.test(name);
}

type Kind = 'words' | 'token' | 'path' | 'query' | 'ours';

const WORDS = new Set(
  'ua useragent referer referrer note notes comment comments remark remarks feedback review memo bio subject body payload content text freetext utterance transcript question nickname nick displayname fullname firstname lastname keyword keywords term terms search q qs querystring cookie cookies header headers userinput params form prompt greeting inscription complaint wish wishes testimonial'.split(
    ' ',
  ),
);
const PATHS = new Set('path url uri requesturi requesturl requestpath httppath httptarget rawpath'.split(' '));
const TOKENS = new Set('user username customer login account client email tenant'.split(' '));
/** Words that say that a field with an ordinary name holds what a person outside wrote. */
const OUTSIDERS = new Set(
  'customer user client guest visitor buyer shopper caller member subscriber patient refund return returns cancel cancellation complaint ticket support form chat contact profile display gift delivery shipping order survey free first last full nick inbound sms email mail'.split(
    ' ',
  ),
);
const THEIR = new Set(
  'message msg text reason description title name label details info answer value subject body input'.split(' '),
);
/** An order has a name and a value that are the system's own. */
const NOT_THEIRS =
  /^(?:client_?name|user_?name|(?:order|return|delivery|shipping|member|user|client|form|cancel|first|last|full)_?(?:value|info|details|label|description)|return_?(?:msg|message|reason))$/i;

/** Whose words a field of this name holds. */
function kindOf(name: string): Kind {
  const parts = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_.-]+/)
    .filter(Boolean);
  const last = parts.at(-1) ?? '';
  const joined = parts.slice(-2).join('');
  if (PATHS.has(last) || PATHS.has(joined)) return 'path';
  if (last === 'query') return 'query';
  if (WORDS.has(last) || WORDS.has(joined) || joined === 'useragent') return 'words';
  if (
    (parts[0] === 'x' && parts.length > 1) ||
    parts.some((part) => part === 'header' || part === 'headers' || part === 'useragent')
  )
    return 'words';
  if (parts.length > 1 && THEIR.has(last) && !NOT_THEIRS.test(name) && parts.some((part) => OUTSIDERS.has(part)))
    return 'words';
  return (TOKENS.has(last) && parts.length === 1) || last === 'id' ? 'token' : 'ours';
}

/** Where the value that begins there ends: behind its quotation mark or bracket, or before the next field. */
function endOfValue(text: string, from: number, isProse: boolean): number {
  const quote = /^\\*["'“«]/.exec(text.slice(from, from + 8))?.[0];
  if (quote) return endOfQuoted(text, from, quote);
  if (text[from] === '{' || text[from] === '[') return endOfBracket(text, from);
  const rest = text.slice(from);
  const end = isProse ? /\s[A-Za-z_][\w.-]{0,60}=|\\*"|$/.exec(rest)!.index : /[\s"'\\,;)}\]]|$/.exec(rest)!.index;
  return from + end;
}

function endOfQuoted(text: string, from: number, quote: string): number {
  const mark = quote.at(-1)!;
  const closing = mark === '“' ? '”' : mark === '«' ? '»' : mark;
  const depth = quote.length - 1;
  for (let at = text.indexOf(closing, from + quote.length); at >= 0; at = text.indexOf(closing, at + 1)) {
    let slashes = 0;
    while (text[at - slashes - 1] === '\\') slashes += 1;
    if (slashes <= depth) return at + 1;
  }
  return text.length;
}

function endOfBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{' || text[at] === '[') depth += 1;
    if ((text[at] === '}' || text[at] === ']') && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

/** The names of a path and the host of an address; an id, an encoded character and a query string are the caller's. */
function plainPath(value: string): string {
  const end = /[?#%+\s;]|$/.exec(value)!.index;
  const host = /^\\*["']?https?:\/\/[\w.-]{1,100}(?::\d{1,5})?/i.exec(value)?.[0] ?? '';
  const path = value.slice(host.length, end).replace(/[^/"'\\]+/g, (segment) => {
    const isName = /^[A-Za-z:{}_.*][\w:{}.*-]{0,40}$/.test(segment) && (!/\d/.test(segment) || /^v\d$/i.test(segment));
    return isName && segment.split(/[-_.]/).length <= 4 ? segment : blank(segment);
  });
  return host + path + blank(value.slice(end));
}
