import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link is signed for; the word keeps a signature made for something else from opening a page. */
const PURPOSE = 'vigil.triage-page.v1';

/** A link that opens one page until a moment. Whoever has it can read that page and nothing else. */
export function signLink(link: {
  /** Where the API is reached from outside. */
  readonly baseUrl: string;
  readonly triageId: string;
  readonly expiresAt: Date;
  readonly key: Uint8Array;
}): string {
  const e = String(Math.floor(link.expiresAt.getTime() / 1000));
  const k = signature(link.triageId, e, link.key).toString('base64url');
  return `${link.baseUrl.replace(/\/+$/, '')}/t/${encodeURIComponent(link.triageId)}?e=${e}&k=${k}`;
}

/**
 * Checks what came in a query string, whatever it is. A link that is not ours is `forged` even when it has expired:
 * only its owner is told that it was good once.
 */
export function checkLink(link: {
  readonly triageId: string;
  /** Seconds since 1970. */
  readonly e: unknown;
  readonly k: unknown;
  readonly key: Uint8Array;
  readonly now: Date;
}): 'good' | 'expired' | 'forged' {
  const { e, k } = link;
  if (typeof e !== 'string' || !/^[0-9]{1,12}$/.test(e)) return 'forged';
  if (typeof k !== 'string' || !/^[A-Za-z0-9_-]{43}$/.test(k)) return 'forged';
  if (!timingSafeEqual(signature(link.triageId, e, link.key), Buffer.from(k, 'base64url'))) return 'forged';
  return Number(e) * 1000 > link.now.getTime() ? 'good' : 'expired';
}

/** The id is free text to us: its length keeps it apart from the expiry. */
function signature(triageId: string, e: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${PURPOSE}\n${triageId.length}\n${triageId}\n${e}`).digest();
}
