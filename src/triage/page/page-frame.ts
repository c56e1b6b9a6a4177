import { createHash } from 'node:crypto';
import { html, type Html, raw } from './html';
import { PAGE_STYLE } from './page-style';

/** Whole here, because the hash is that of every character between the tags. */
const STYLE = raw(`<style>${PAGE_STYLE}</style>`);
const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/**
 * The headers of a page. It runs nothing, loads nothing, is framed by nobody, and its address, which opens it, is told
 * to nobody and kept by no cache.
 */
export const PAGE_SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
};

/** A whole document around its content. To be sent with PAGE_SECURITY_HEADERS. */
export function pageFrame(title: string, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <div class="page">${content}</div>
      </body>
    </html> `.text;
}
