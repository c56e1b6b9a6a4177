import { ValidateBy } from 'class-validator';

/**
 * What a value must be. Each message ends the sentence "--name must be …" and says what to write; none repeats the
 * value, which may be a secret.
 */
function check(name: string, mustBe: string, holds: (value: string | number) => boolean): PropertyDecorator {
  return ValidateBy({
    name,
    validator: { validate: (value) => holds(value as string | number), defaultMessage: () => `must be ${mustBe}` },
  });
}

export const WholeNumber = (min: number, max: number): PropertyDecorator =>
  check(
    'wholeNumber',
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  );

export const Decimal = (min: number, max: number): PropertyDecorator =>
  check(
    'decimal',
    `a number from ${min} to ${max}, like 0.5`,
    (value) => typeof value === 'number' && value >= min && value <= max,
  );

export const OneOf = (...words: readonly string[]): PropertyDecorator =>
  check('oneOf', `one of ${words.join(', ')}`, (value) => words.includes(String(value)));

/** Credentials inside the URL would show in every error and log that names it. */
export const HttpUrl = (): PropertyDecorator =>
  check('httpUrl', 'an http:// or https:// URL without user, password, query or fragment', (value) => {
    const url = URL.parse(String(value));
    if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
    return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  });

/** A webhook's URL is a secret as a whole, so its path and query are its own affair. */
export const WebhookUrl = (): PropertyDecorator =>
  check('webhookUrl', 'an http:// or https:// URL', (value) =>
    ['http:', 'https:'].includes(URL.parse(String(value))?.protocol ?? ''),
  );

export const PostgresUrl = (): PropertyDecorator =>
  check('postgresUrl', 'a URL like postgres://user:password@host:5432/database', (value) =>
    ['postgres:', 'postgresql:'].includes(URL.parse(String(value))?.protocol ?? ''),
  );

/** Goes into a header: node refuses to send line breaks and control characters, with the first request only. */
export const HeaderText = (): PropertyDecorator =>
  check('headerText', 'printable ASCII without spaces', (value) => /^[\x21-\x7e]+$/.test(String(value)));

export const BasicAuth = (): PropertyDecorator =>
  check('basicAuth', 'user:password', (value) => /^[^:\p{Cc}]+:\P{Cc}*$/u.test(String(value)));
