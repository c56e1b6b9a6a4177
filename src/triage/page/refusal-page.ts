import type { Problem } from '../../http/problem';
import { html } from './html';
import { pageFrame } from './page-frame';

interface Refusal {
  readonly title: string;
  readonly advice: string;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'link.forged': {
    title: 'This link does not open',
    advice:
      'Open it from the message itself, or copy it whole: programs that show messages sometimes cut the end of a long address off.',
  },
  'link.expired': {
    title: 'This link has expired',
    advice:
      'Links open for a limited time. Whoever has a token of the API finds the triage there, with a new link; the message tells which triage it was.',
  },
  'triage.not_found': {
    title: 'This triage is no longer kept',
    advice: 'The link is good, but what it led to was removed after its time. The message still tells the outcome.',
  },
};
const NOT_NOW: Refusal = {
  title: 'The page cannot be shown now',
  advice: 'Load it again in a moment. If it stays like this, tell whoever runs Vigil.',
};

/** A page for a person whose link was refused: what happened, and what to do. */
export function refusalPage(problem: Problem, requestId: string): string {
  const { title, advice } = REFUSALS[problem.code] ?? NOT_NOW;
  return pageFrame(
    title,
    html`<main class="refusal">
      <span class="chip">${problem.status}</span>
      <h1>${title}</h1>
      <p>${problem.detail}</p>
      <p>${advice}</p>
      <p class="soft">Request <code>${requestId}</code></p>
    </main>`,
  );
}
