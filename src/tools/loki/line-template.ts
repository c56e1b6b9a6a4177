/** What stands in place of a part that differs from line to line. */
export const PLACE = '<*>';

/** Of one text; what is beyond is the same story at length. */
const MAX_CHARS = 2_000;
/** A longer word without a space in it is data (a token, a body in base64), whatever it holds. */
const MAX_WORD_CHARS = 200;

/* One pass over the text each: no part of these takes what its neighbour could take as well. */
const MOMENT =
  /\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?|\b\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/g;
/* Words with a digit or the mark of an address; looked for from the beginning of a word alone, or a long one costs its square. */
const WORD =
  /(?<![^\s"'`(),;=[\]{}<>|，。：；、（）「」『』【】！？“”„«»…])[^\s"'`(),;=[\]{}<>|，。：；、（）「」『』【】！？“”„«»…\d@/]*[\d@/][^\s"'`(),;=[\]{}<>|，。：；、（）「」『』【】！？“”„«»…]*/g;

/**
 * What a text says without its numbers, times, ids and addresses: texts of one template tell the same thing of
 * different cases. Words stay, and with them what tells one failure from another: error codes, the status of an answer.
 */
export function lineTemplate(text: string): string {
  const bounded = text.length > MAX_CHARS ? text.slice(0, MAX_CHARS).toWellFormed() : text;
  const template = bounded
    .replace(MOMENT, PLACE)
    .replace(WORD, (word: string, at: number, whole: string) =>
      isCode(word, whole.slice(Math.max(0, at - 28), at)) ? word : wordTemplate(word),
    );
  return joined(template).replace(ASKED, `?${PLACE}`);
}

/** What a URL asks, behind the first name of it. */
const ASKED = /\?<\*>=[^\s"']*/g;

/** `status=502`, `HTTP/1.1" 500`, `answered 503`: who is told a status wants to know which. */
const BEFORE_STATUS =
  /(?:\bstatus(?:[ _-]?code)?|\bcode|\bHTTP(?:\/[\d.<*>]{1,5})?|\b(?:answer|return|respond)(?:ed|s)?(?: with)?|\bgot(?: an?)?)["']?[\s:=(]{1,2}"?$/i;
/** `SQLSTATE 23505`, `exit code 137`, `QueryError 42P01`: the vendor's own word for what happened. */
const BEFORE_CODE =
  /(?:\bSQLSTATE|\berr(?:or)?[ _]?(?:code|no)|\bcode|\bexit(?:ed)?(?: status| code| with)?|\bsignal|[a-z]Error|\bERROR)["']?[\s:=([]{1,3}"?$/;

function isCode(word: string, before: string): boolean {
  const bare = word.endsWith(':') || word.endsWith('.') ? word.slice(0, -1) : word;
  if (/^[1-5]\d\d$/.test(bare)) return BEFORE_STATUS.test(before) || BEFORE_CODE.test(before);
  /* systemd: `status=137/n/a`, `status=203/EXEC` */
  if (/^\d{1,3}\/(?:n\/a|[A-Z]{2,20})$/.test(bare)) return BEFORE_STATUS.test(before);
  if (/^[1-5]xx$/i.test(bare) || /^(?:ORA-\d{5}|E\d{4,5})$/.test(bare)) return true;
  return /^(?:-?\d{1,3}|[0-9A-Z]{5})$/.test(bare) && BEFORE_CODE.test(before);
}

/** Names that hold a digit and tell no case apart. */
const NAMES =
  /^(?:p\d\d|s3|k8s|utf-?8|http[123]|ipv[46]|oauth2|tls1|md5|sha1|sha256|base64|x86|x64|log4j|log4j2|es6|h2)$/i;
function wordTemplate(word: string): string {
  if (word.length > MAX_WORD_CHARS) return PLACE;
  const end = /[.:!?]*$/.exec(word)!.index;
  return bodyTemplate(word.slice(0, end)) + word.slice(end);
}

function bodyTemplate(word: string): string {
  const scheme = /^[a-z][a-z0-9+.-]{0,19}:\/\//i.exec(word)?.[0];
  if (scheme) return scheme + pathTemplate(word.slice(scheme.length));
  const at = word.indexOf('@');
  /* a mail address is somebody; `left-pad@1.3.0` and `@scope/name` are no mail */
  if (at > 0 && !/^\d/.test(word.slice(at + 1)) && /^[\w.%+-]+@[\w-]+\.[\w.-]+$/.test(word)) return PLACE;
  return word.includes('/') ? pathTemplate(word) : partTemplate(word);
}

/** `/users/42/orders/9f3c?page=2`: the way stays, what is asked in it goes. */
function pathTemplate(path: string): string {
  const query = path.search(/[?#]/);
  const way = (query < 0 ? path : path.slice(0, query)).split('/').map(partTemplate).join('/');
  return query < 0 ? way : `${way}?${PLACE}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One step of a path, or a word without any: its pieces one by one, so that `payments-7d9f8b6c5-x2x4z` is a pod of payments. */
function partTemplate(part: string): string {
  if (!/\d/.test(part) || NAMES.test(part)) return part;
  if (UUID.test(part)) return PLACE;
  return joined(
    part
      .split(/([-_.:,#+%@*&$~!?\\])/)
      .map(pieceTemplate)
      .join(''),
  );
}

/** Digits, or a number with its unit, more of them in a row (`1m30s`): each but the last needs a unit, so none backtracks. */
const AMOUNT =
  /^(?:\d+|(?:\d+(?:ns|µs|us|ms|s|m|h|d|w|x|k|[kmgtp]i?b?|bytes|[kmgtp]?bps|rps|rpm|min|sec|hrs?|px|pct))+\d*)$/i;

function pieceTemplate(piece: string): string {
  if (!/\d/.test(piece) || NAMES.test(piece)) return piece;
  if (AMOUNT.test(piece) || /^0x[0-9a-f]+$/i.test(piece) || /^[0-9a-f]{7,}$/i.test(piece)) return PLACE;
  /* where words are written without spaces, or by other letters, no word is an id */
  if (/[^\0-\x7f]/.test(piece)) return piece.replace(/\d+/g, PLACE);
  /* `worker12`: a name that is numbered; `x2x4z`, `01JABC9`: an id */
  const numbered = /^([A-Za-z]{1,24})\d{1,6}$/.exec(piece);
  return numbered ? numbered[1]! + PLACE : PLACE;
}

/** `10.0.0.1:5432` is one place, and so are `2.0s` and `1-2`. */
function joined(template: string): string {
  return template.includes(PLACE) ? template.replace(/<\*>(?:[-_.:,+]{0,2}<\*>)+%?|<\*>%/g, PLACE) : template;
}
