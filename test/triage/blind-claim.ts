import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SentText } from '../../src/domain/sent-texts';

/** A piece of evidence as a model would submit it, written from the texts alone, before the rules had met them. */
export interface BlindClaim {
  readonly isTrue: boolean;
  readonly source: string;
  readonly claim: string;
  readonly quote: string;
}

type Row = readonly [claim: string, quote: string];

const claims =
  (isTrue: boolean) =>
  (source: string, rows: readonly Row[]): BlindClaim[] =>
    rows.map(([claim, quote]) => ({ isTrue, source, claim, quote }));

export const truths = claims(true);
export const untruths = claims(false);

type Kept = Omit<SentText, 'text' | 'now'> & { readonly text: readonly string[]; readonly now?: string };

/** What the tools and the opening message of the program said of an incident behind the stand-ins, as it was sent. */
export function keptTexts(name: string): ReadonlyMap<string, SentText> {
  const kept = JSON.parse(readFileSync(join(__dirname, '../fixtures/sent-texts', `${name}.json`), 'utf8')) as Kept[];
  return new Map(
    kept.map(({ text, now, ...sent }) => [
      sent.handle,
      { ...sent, text: text.join('\n'), ...(now && { now: new Date(now) }) },
    ]),
  );
}
