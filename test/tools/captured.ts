import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One captured HTTP answer of a real server (see test/fixtures/README.md). */
export interface Captured {
  readonly request: { readonly method: string; readonly url: string; readonly body?: string };
  readonly status: number;
  readonly content_type: string | null;
  /** Parsed if it was JSON, else the text. */
  readonly body: unknown;
}

export function captured(name: string): Captured {
  return JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', `${name}.json`), 'utf8')) as Captured;
}

/** The body as it came over the wire. */
export function capturedBody(answer: Captured): string {
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
}
