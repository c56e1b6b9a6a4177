import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { NumberFigure, TokenFigure } from './figure';
import type { Ground } from './ground';
import type { ReadText, SentLine } from './sent-line';
import { shared, stemsOf } from './topics';

/**
 * A version, a revision, a name with digits: it must stand there as it is, case and a `v` before it aside; of a
 * revision seven digits are enough. What says how something is measured (`p99`, `5xx`) may stand in the query.
 */
export function borneToken({ token }: TokenFigure, bearings: Bearings, ground: Ground): Verdict | undefined {
  const lower = token.toLowerCase();
  if (/^[or]\d{1,3}$/.test(lower)) {
    return ground.handles.has(lower) ? { verified: 'quoted', how: `${lower} was sent` } : undefined;
  }
  const measure = measureOf(lower);
  for (const text of ground.texts) {
    if (text.lines.some(({ series }) => series) && isSelected(text.expression, token)) {
      return { verified: 'quoted', how: `what the query of ${text.handle} selects` };
    }
    for (const line of text.lines) {
      const stands =
        standsIn(line.text.toLowerCase(), lower) ||
        line.labels.some(([, value]) => standsIn(value.toLowerCase(), lower)) ||
        (measure?.(line, text) ?? false);
      if (stands && ground.owns(line, text, bearings.attribution)) {
        return { verified: 'quoted', how: `stands in ${text.handle}` };
      }
    }
  }
  return undefined;
}

/** A matcher that found something names what exists; beside an `or` nobody knows which side found it. */
function isSelected(expression: string, token: string): boolean {
  return expression.includes(`="${token}"`) && !/\bor\b|\babsent\b|#/.test(expression);
}

type Measure = (line: SentLine, text: ReadText) => boolean;

function measureOf(token: string): Measure | undefined {
  const quantile = /^p(\d{2})(\d*)$/.exec(token);
  if (quantile) {
    const share = quantile[2] ? `0.${quantile[1]}${quantile[2]}` : `0.${quantile[1]}`.replace(/0$/, '');
    const says = (text: string): boolean => standsIn(text, share) || standsIn(text, `0.${quantile[1]}`);
    return (line, text) =>
      text.expression.includes(token) ||
      says(text.expression) ||
      line.labels.some(([name, value]) => name === 'quantile' && says(value));
  }
  const statuses = /^([1-5])xx$/.exec(token)?.[1];
  if (!statuses) return undefined;
  const selects = [
    `${statuses}..`,
    `${statuses}xx`,
    `${statuses}\\d\\d`,
    `${statuses}[0-9]`,
    `>= ${statuses}00`,
    `>=${statuses}00`,
  ];
  return (line, text) =>
    selects.some((form) => text.expression.toLowerCase().includes(form) || line.text.toLowerCase().includes(form)) ||
    line.labels.some(
      ([name, value]) => /status|code/i.test(name) && /^\d{3}$/.test(value) && value.startsWith(statuses),
    ) ||
    line.figures.some(
      (one) =>
        one.kind === 'number' &&
        one.bare &&
        Math.floor(one.value / 100) === Number(statuses) &&
        /status|code|http/i.test(line.text.slice(Math.max(0, one.at - 12), one.at)),
    );
}

const HEX = /^[0-9a-f]{7,40}$/;

/** As a word of its own; a revision also by its beginning. */
function standsIn(text: string, token: string): boolean {
  const bare = /^v\d/.test(token) ? token.slice(1) : token;
  for (let at = text.indexOf(bare); at >= 0; at = text.indexOf(bare, at + 1)) {
    const before = text[at - 1] === 'v' ? (text[at - 2] ?? ' ') : (text[at - 1] ?? ' ');
    const behind = text.slice(at + bare.length, at + bare.length + 2);
    if (/[\p{L}\p{N}_]/u.test(before) || (/^\d/.test(bare) && /[.-]/.test(before) && /\d/.test(text[at - 2] ?? '')))
      continue;
    if (!/^[\p{L}\p{N}_]|^\.\d|^-\d/u.test(behind) || (HEX.test(bare) && /^[0-9a-f]/.test(behind))) return true;
  }
  return false;
}

/** `HTTP 503`, `503 errors`: a status is a name, not a count. */
export function isStatus(value: number, before: string, behind: string): boolean {
  if (!Number.isInteger(value) || value < 100 || value > 599) return false;
  return (
    /(?:\bHTTP|\bstatus(?: code)?|\bcodes?|\banswer\w*(?: with)?|\breturn\w*|\brespond\w*(?: with)?|\bfail\w* with)(?: an?)?[ :=]*$/i.test(
      before,
    ) ||
    (value >= 400 &&
      /^(?:s\b| (?:error )?(?:responses?|answers?|status))/i.test(behind) &&
      !/^ responses? per/i.test(behind))
  );
}

/** `17 requests were limited (429)`, `shard 7`: a number by which the series of a result are told apart. */
export function borneLabel(
  { text: written, value }: NumberFigure,
  bearings: Bearings,
  ground: Ground,
): Verdict | undefined {
  for (const text of ground.texts) {
    for (const line of text.lines) {
      if (line.series && value >= 100 && isSelected(text.expression, written))
        return { verified: 'quoted', how: `what the query of ${text.handle} selects` };
      const label = line.series && line.labels.find(([, of]) => of === written);
      if (!label || !ground.owns(line, text, bearings.attribution)) continue;
      const isMeant = value >= 100 || shared(bearings.nearStems, stemsOf(label[0])) > 0;
      if (isMeant) return { verified: 'quoted', how: `a label in ${text.handle}` };
    }
  }
  return undefined;
}
