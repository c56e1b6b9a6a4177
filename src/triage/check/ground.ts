import type { Handle } from '../../domain/conversation';
import type { SentText } from '../../domain/sent-texts';
import { type Attribution, belongs } from './attribution';
import { entitiesOf, type Entity, mentionsIn } from './entities';
import { figuresIn } from './prose-figures';
import { readSent, type ReadText, type SentLine } from './read-sent';

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
  owns(line: SentLine, text: ReadText, attribution: Attribution): boolean;
}

export interface GroundSources {
  readonly sent: ReadonlyMap<Handle, SentText>;
  readonly source?: Handle;
  readonly quotes: readonly { readonly handle: Handle; readonly quote: string }[];
}

export function groundOf({ sent, source, quotes }: GroundSources): Ground {
  const all = [...sent.values()].map(readSent);
  const texts = source === undefined ? all : all.filter(({ handle }) => handle === source);
  const alert = all.find(({ opening, lines }) => opening && lines.some(({ text }) => text.startsWith('starts at: ')));
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
  const entities = entitiesOf(all);
  const owners = entities.filter(({ primary }) => primary);
  const nobody = new Map<SentLine, boolean>();
  const namesNobody = (line: SentLine): boolean => {
    const known = nobody.get(line) ?? mentionsIn(line.names, owners).length === 0;
    nobody.set(line, known);
    return known;
  };
  return {
    texts,
    entities,
    handles: new Set(sent.keys()),
    alert,
    limit: all.find(({ limit }) => limit)?.limit,
    isQuoted: (line) => quotesOf(line).length > 0,
    quotes: (line, value) => quotesOf(line).some(({ values }) => values.has(Math.abs(value))),
    owns: (line, text, attribution) => belongs(line, text, attribution, { alert, namesNobody }),
  };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
