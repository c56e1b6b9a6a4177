import type { Handle } from '../../domain/conversation';
import type { SentText } from '../../domain/sent-texts';
import { type Attribution, belongs } from './attribution';
import { entitiesOf, type Entity } from './entities';
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
  const squeezed = quotes.map(({ handle, quote }) => ({ handle, quote: squeeze(quote) }));
  return {
    texts,
    entities: entitiesOf(all),
    handles: new Set(sent.keys()),
    alert,
    isQuoted: ({ handle, text }) => {
      const line = squeeze(text);
      return squeezed.some((one) => one.handle === handle && (line.includes(one.quote) || one.quote.includes(line)));
    },
    owns: (line, text, attribution) => belongs(line, text, attribution, alert),
  };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
