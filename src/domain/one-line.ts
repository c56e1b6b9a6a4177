import { clipped } from './clipped';
import { cleanText } from './outside-text';

/** Text that others wrote, as a part of one of our lines: it can begin no line of its own. */
export function oneLine(text: string, maxChars: number): string {
  return clipped(cleanText(text).replace(/\s+/g, ' ').trim(), maxChars);
}
