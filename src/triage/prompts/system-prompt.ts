import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stored with every conversation. Count it up with every change of the text. */
export const PROMPT_VERSION = 'investigate-3';

/** The text is a file that a person can read; the same bytes in every conversation of this version. */
export const SYSTEM_PROMPT = readFileSync(join(__dirname, 'investigate.md'), 'utf8');
