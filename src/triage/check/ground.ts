import type { Handle } from '../../domain/conversation';
import type { SentText } from '../../domain/sent-texts';
import { type Attribution, belongs } from './attribution';
import { entitiesOf, type Entity, mentionsIn } from './entities';
import { figuresIn } from './prose-figures';
import { readSent } from './read-sent';
import type { ReadText, SentLine } from './sent-line';

/** The texts that may bear a figure out, and what is known of all that were sent. */
export interface Ground {
  /** The text that a claim cites, or all. */
  readonly texts: readonly ReadText[];
  readonly entities: readonly Entity[];
  readonly handles: ReadonlySet<Handle>;
  /** The section of the alert itself, wherever it stands. */
  readonly alert?: ReadText;
  isQuoted(line: SentLine): boolean;
  /** Whether a verified quote of this line holds this number itself. */
  quotes(line: SentLine, value: number): boolean;
  /** Against what the rule of the alert compares, where a section says so. */
  readonly limit?: ReadText['limit'];
  /** Unix seconds of what the opening message calls so. */
  readonly now?: number;
  owns(line: SentLine, text: ReadText, attribution: Attribution): boolean;
}

export interface GroundSources {
  readonly sent: ReadonlyMap<Handle, SentText>;
  readonly source?: Handle;
  readonly quotes: readonly { readonly handle: Handle; readonly quote: string }[];
}

/** What depends on the texts alone: it is the same for every claim of a report. */
interface Whole {
  readonly all: readonly ReadText[];
  readonly entities: readonly Entity[];
  readonly handles: ReadonlySet<Handle>;
  readonly alert?: ReadText;
  readonly limit?: ReadText['limit'];
  /** Unix seconds of what the opening message calls so. */
  readonly now?: number;
  namesNobody(line: SentLine): boolean;
}

const cache = new WeakMap<GroundSources['sent'], Whole>();

function wholeOf(sent: GroundSources['sent']): Whole {
  const known = cache.get(sent);
  if (known) return known;
  const all = [...sent.values()].map(readSent);
  const entities = entitiesOf(all);
  const owners = entities.filter(({ primary }) => primary);
  const nobody = new Map<SentLine, boolean>();
  const now = [...sent.values()].find((one) => one.now)?.now;
  const whole: Whole = {
    all,
    entities,
    handles: new Set(sent.keys()),
    alert: all.find(({ opening, lines }) => opening && lines.some(({ text }) => text.startsWith('starts at: '))),
    limit: all.find(({ limit }) => limit)?.limit,
    now: now && now.getTime() / 1000,
    namesNobody: (line) => {
      const told = nobody.get(line) ?? mentionsIn(line.names, owners).length === 0;
      nobody.set(line, told);
      return told;
    },
  };
  cache.set(sent, whole);
  return whole;
}

export function groundOf({ sent, source, quotes }: GroundSources): Ground {
  const { all, namesNobody, ...whole } = wholeOf(sent);
  const texts = source === undefined ? all : all.filter(({ handle }) => handle === source);
  const squeezed = quotes.map(({ handle, quote }) => ({
    handle,
    quote: squeeze(quote),
    values: new Set(figuresIn(quote, true).flatMap((one) => (one.kind === 'number' ? [Math.abs(one.value)] : []))),
  }));
  const held = new Map<SentLine, typeof squeezed>();
  const quotesOf = (one: SentLine): typeof squeezed => {
    const known = held.get(one);
    if (known) return known;
    const own = squeezed.filter(({ handle }) => handle === one.handle);
    const line = own.length > 0 ? squeeze(one.text) : '';
    const found = own.filter(({ quote }) => line.includes(quote) || quote.includes(line));
    held.set(one, found);
    return found;
  };
  const isQuoted = (line: SentLine): boolean => quotesOf(line).length > 0;
  return {
    ...whole,
    texts,
    isQuoted,
    quotes: (line, value) => quotesOf(line).some(({ values }) => values.has(Math.abs(value))),
    owns: (line, text, attribution) => belongs(line, text, attribution, { alert: whole.alert, namesNobody, isQuoted }),
  };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
