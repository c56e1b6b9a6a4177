/** Wherever one of these stands in what is logged, in any case, its value is not. */
const NEVER_LOGGED = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apikey',
  'token',
  'password',
  'webhookurl',
]);
/** A request or a response stands two levels deep, its headers three. */
const LEVELS = 3;

type Fields = Record<string, unknown>;

/**
 * What is logged, without the values of telling names: the net under everything that takes care not to log one. It is
 * written by hand because pino's own wildcard paths cost a twentieth of what it takes to store an alert.
 */
export function withoutSecrets(fields: Fields): Fields {
  return cleaned(fields, LEVELS);
}

/** @returns the same object where there is nothing to hide */
function cleaned(fields: Fields, levels: number): Fields {
  let clean = fields;
  for (const [name, value] of Object.entries(fields)) {
    const shown = NEVER_LOGGED.has(name.toLowerCase()) ? '[redacted]' : below(value, levels);
    if (shown === value) continue;
    if (clean === fields) clean = { ...fields };
    clean[name] = shown;
  }
  return clean;
}

function below(value: unknown, levels: number): unknown {
  return levels > 1 && isPlain(value) ? cleaned(value, levels - 1) : value;
}

/** Errors and the like are written by serializers of their own; headers have no prototype. */
function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
