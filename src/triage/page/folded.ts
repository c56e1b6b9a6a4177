import { html, type Html } from './html';

/** A text as it is, behind its title. */
export function folded(title: string, text: string): Html {
  return html`<details>
    <summary>${title}</summary>
    <pre>${text}</pre>
  </details>`;
}
