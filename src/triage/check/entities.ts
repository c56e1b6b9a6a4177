import { LINE_FILTER } from './labels';
import type { ReadText } from './sent-line';

/** Something that the texts tell apart by a label: a service, an instance, a version, a status. */
export interface Entity {
  /** In lower case. */
  readonly value: string;
  readonly names: ReadonlySet<string>;
  /** A claim on it must come from a line that carries it; others must only not speak of another one. */
  readonly primary: boolean;
}

export interface Mention {
  readonly entity: Entity;
  readonly at: number;
  readonly end: number;
}

/** Labels that say how bad, how measured or under which id: nobody is told apart by them in prose. */
const NO_ENTITY =
  /^(?:level|detected_level|severity|le|quantile|alertname|__name__|reason|msg|message|err|error|exception|trace_?id|span_?id|request_?id|method|source|id|author|time|ts|timestamp|caller|logger|type|kind|env|environment|summary|description)$/i;
const PRIMARY =
  /service|app|component|^job$|instance|pod|container|node|host|database|datname|^db|namespace|cluster|deployment|statefulset|queue|topic|consumer|shard|device|mountpoint|upstream|backend|target|region|zone|route|path|endpoint|handler|tenant|table|cache|pool|carrier|provider/i;
/** Values that are ordinary words of a report. */
const ORDINARY = new Set(
  'error errors info warn warning debug fatal http https get post put delete true false none null system user idle total all default main other unknown time start started failed failure ok success ready pending running active firing resolved critical high low cpu memory disk network requests request the and for not with new old normal'.split(
    ' ',
  ),
);

export function entitiesOf(texts: readonly ReadText[]): Entity[] {
  const names = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const [name, value] of [...text.matchers, ...text.lines.flatMap(({ labels }) => labels)]) {
      if (NO_ENTITY.test(name) || name === LINE_FILTER) continue;
      for (const known of spellings(name, value)) {
        if (!isName(name, known)) continue;
        names.set(known, (names.get(known) ?? new Set()).add(name));
      }
    }
  }
  return Array.from(names, ([value, of]) => ({
    value,
    names: of,
    primary: [...of].some((name) => PRIMARY.test(name)),
  }));
}

/** `web-1:9100` is called `web-1`, too. */
function spellings(name: string, value: string): string[] {
  const whole = value.trim().toLowerCase();
  const host = /^(.{2,60}):\d{2,5}$/.exec(whole)?.[1];
  return host && /instance|host|node|target|upstream|backend/.test(name) ? [whole, host] : [whole];
}

function isName(name: string, value: string): boolean {
  if (/status|code/i.test(name)) return /^[1-5]\d\d$/.test(value);
  return value.length >= 2 && value.length <= 120 && /\p{L}|\d\.\d/u.test(value) && !ORDINARY.has(value);
}

/** Where entities are named, the longest name first: `payments-db` is not `payments`. */
export function mentionsIn(text: string, entities: readonly Entity[]): Mention[] {
  const lower = text.toLowerCase();
  const found: Mention[] = [];
  for (const entity of entities.toSorted((a, b) => b.value.length - a.value.length)) {
    for (let at = lower.indexOf(entity.value); at >= 0; at = lower.indexOf(entity.value, at + 1)) {
      const end = at + entity.value.length;
      if (!isWord(lower, at, end) || found.some((other) => at < other.end && end > other.at)) continue;
      found.push({ entity, at, end });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Whether a name stands there as a word of its own, not as a part of a longer one. */
export function isWord(text: string, at: number, end: number): boolean {
  const before = text[at - 1] ?? ' ';
  const versioned = before === 'v' && !/[\p{L}\p{N}_]/u.test(text[at - 2] ?? ' ');
  return (
    (versioned || !/[\p{L}\p{N}_.-]/u.test(before)) && !/^(?:[\p{L}\p{N}_]|[.:]\w*\d)/u.test(text.slice(end, end + 12))
  );
}

const SERVICE = /^(?:service|service_name|app|application|component)$/;

/** Told apart by one label: two services, two instances. What one calls its service another calls its app. */
export function isOfOneKind(a: Pick<Entity, 'names'>, b: Pick<Entity, 'names'>): boolean {
  const isService = (name: string): boolean => SERVICE.test(name);
  return [...a.names].some((name) => b.names.has(name) || (isService(name) && [...b.names].some(isService)));
}
