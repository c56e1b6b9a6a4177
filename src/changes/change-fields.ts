import { clipped } from '../domain/clipped';
import { cleanText } from '../domain/outside-text';
import { rfc3339Ms } from '../tools/time-input';
import { keptDetails } from './kept-details';

/** Characters of a name: a service, a revision. A longer one is refused: cut, it would name something else. */
const MAX_NAME = 200;
/** Commits, or files, of one change; more are not kept. */
const MAX_LIST = 1_000;
const MAX_LABELS = 64;

/** Names stand on one line, as they are shown to the model: what is stored is found again by what was shown. */
const WHITE_SPACE = /\s+/g;

/**
 * The fields of one posted change, read and cleaned one by one. What is absent, null or blank is undefined; what cannot
 * be read is a fault, with the field's name and what would be right.
 */
export class ChangeFields {
  readonly faults: string[] = [];

  constructor(private readonly raw: Readonly<Record<string, unknown>>) {}

  /** A name, on one line. */
  name(field: string, maxChars = MAX_NAME): string | undefined {
    const name = this.given(field)?.replace(WHITE_SPACE, ' ').trim();
    if (name === undefined || name.length <= maxChars) return name;
    return this.refuse(`${field} is longer than ${maxChars} characters`);
  }

  /** A text, cut where it is too long. */
  text(field: string, maxChars: number): string | undefined {
    const text = this.given(field)?.trim();
    return text && clipped(text, maxChars);
  }

  requiredText(field: string, maxChars: number): string | undefined {
    const faultsBefore = this.faults.length;
    const text = this.text(field, maxChars);
    if (text === undefined && this.faults.length === faultsBefore) this.refuse(`${field} is missing or blank`);
    return text;
  }

  /** A text with its white space: a diff's lines begin with it. */
  details(field: string): string | undefined {
    const details = this.given(field);
    return details && keptDetails(details);
  }

  oneOf<T extends string>(field: string, values: readonly T[]): T | undefined {
    const value = this.raw[field];
    return values.find((known) => known === value) ?? this.refuse(`${field} is not one of ${values.join(', ')}`);
  }

  /** From 1970 on: what is older is a clock that was never set, or Go's zero time. */
  time(field: string): Date | undefined {
    const value = this.raw[field];
    const ms = typeof value === 'string' ? rfc3339Ms(value) : undefined;
    if (ms === undefined || ms < 0) return this.refuse(`${field} is not an RFC 3339 time such as 2026-11-23T19:00:00Z`);
    return new Date(ms);
  }

  url(field: string): string | undefined {
    const url = this.name(field, 2_000);
    if (url === undefined || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url;
    return this.refuse(`${field} is not an http or https address`);
  }

  /** The names of a list, the first of them where there are too many. */
  names(field: string): string[] {
    const list = this.list(field);
    if (list.every((name) => name.length <= MAX_NAME)) return list;
    this.refuse(`${field} holds one that is longer than ${MAX_NAME} characters`);
    return [];
  }

  /** The texts of a list, the first of them where there are too many. */
  texts(field: string, maxChars: number): string[] {
    return this.list(field).map((text) => clipped(text, maxChars));
  }

  labels(field: string): Record<string, string> {
    const value = this.raw[field] ?? {};
    // A null prototype: a label may be called `__proto__`.
    const labels = Object.create(null) as Record<string, string>;
    const pairs = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : undefined;
    if (!pairs?.every(([name, text]) => name.length <= MAX_NAME && typeof text === 'string')) {
      this.refuse(`${field} is not an object of texts, with names of at most ${MAX_NAME} characters`);
    } else if (pairs.length > MAX_LABELS) {
      this.refuse(`${field} holds more than ${MAX_LABELS} labels`);
    } else {
      for (const [name, text] of pairs) labels[cleanText(name)] = clipped(cleanText(text as string), 1_000);
    }
    return labels;
  }

  private given(field: string): string | undefined {
    const value = this.raw[field] ?? '';
    if (typeof value !== 'string') return this.refuse(`${field} is not a text`);
    const text = cleanText(value);
    return text.trim() === '' ? undefined : text;
  }

  private list(field: string): string[] {
    const value = this.raw[field] ?? [];
    if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
      this.refuse(`${field} is not an array of texts`);
      return [];
    }
    return value
      .slice(0, MAX_LIST)
      .map((one) => cleanText(one).replace(WHITE_SPACE, ' ').trim())
      .filter((one) => one !== '');
  }

  private refuse(fault: string): undefined {
    this.faults.push(fault);
    return undefined;
  }
}
