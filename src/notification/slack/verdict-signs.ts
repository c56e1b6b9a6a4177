import type { Verdict } from '../../domain/verdict';

/** What stands before the first line of a message: how it ended is seen before a word is read. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  cause_found: ':dart:',
  cause_possible: ':thinking_face:',
  inconclusive: ':grey_question:',
  analysed: ':memo:',
  partial: ':hourglass:',
  no_report: ':warning:',
  failed: ':x:',
  error: ':boom:',
  cancelled: ':heavy_minus_sign:',
  queued: ':clock1:',
  running: ':mag:',
  waiting: ':pause_button:',
};
