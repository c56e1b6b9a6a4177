export type Labels = Readonly<Record<string, string>>;

export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  readonly test: (value: string) => boolean;
}

/** A regular expression that neither side reads; the text is what Go's regexp package says of it. */
export class BadRegex extends Error {}

/** Anchored, as both servers anchor them; a label that is absent has the value "". */
export function matcher(name: string, op: Matcher['op'], value: string): Matcher {
  if (op === '=') return { name, op, value, test: (v) => v === value };
  if (op === '!=') return { name, op, value, test: (v) => v !== value };
  const regex = goRegex(`^(?:${value})$`, value);
  return { name, op, value, test: (v) => regex.test(v) === (op === '=~') };
}

export function matches(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every((m) => m.test(labels[m.name] ?? ''));
}

/** Go's syntax as far as JavaScript shares it; `(?i)` and `(?s)` at the start become flags. */
export function goRegex(source: string, shown: string): RegExp {
  const flags = new Set(['s']);
  const bare = source.replace(/\(\?([is]+)\)/g, (_, letters: string) => {
    for (const letter of letters) flags.add(letter);
    return '';
  });
  try {
    return new RegExp(bare, [...flags].join(''));
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (/unterminated group/i.test(text)) throw new BadRegex(`error parsing regexp: missing closing ): \`${shown}\``);
    if (/unmatched '\)'/i.test(text)) throw new BadRegex(`error parsing regexp: unexpected ): \`${shown}\``);
    if (/unterminated character class/i.test(text)) {
      throw new BadRegex(`error parsing regexp: missing closing ]: \`${shown}\``);
    }
    throw new BadRegex(`error parsing regexp: invalid syntax: \`${shown}\``);
  }
}

/** A key for equal label sets. */
export function labelKey(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(',');
}

/** `{a="b", c="d"}`, sorted. */
export function showLabels(labels: Labels): string {
  return `{${Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(', ')}}`;
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}
