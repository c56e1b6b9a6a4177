import { html, type Html } from './html';

/** What one page may weigh: a conversation has no end, the memory and the patience of a telephone do. */
class PageRoom {
  private leftBytes: number;

  constructor(bytes: number) {
    this.leftBytes = bytes;
  }

  /** The piece, or where there is no room for it any more, a word that says so. */
  hold(piece: Html): Html {
    const bytes = Buffer.byteLength(piece.text);
    if (bytes > this.leftBytes) return LEFT_OUT;
    this.leftBytes -= bytes;
    return piece;
  }
}

const LEFT_OUT = html`<p class="soft">
  Left out here, to keep this page small enough to open. The API has it: <code>GET /api/v1/triage/{id}</code>.
</p>`;

/** The rooms of a page: what is shown at once must not suffer from what is folded away. */
export interface PageRooms {
  readonly shown: PageRoom;
  /** Texts exactly as the model had them. */
  readonly exact: PageRoom;
}

/** For a page of at most some 2.4 MB. */
export function pageRooms(): PageRooms {
  return { shown: new PageRoom(1_100_000), exact: new PageRoom(900_000) };
}
