import type { Client } from 'pg';
import type { Seen } from './seen.ts';

/** No recorded answer is paid for again: each call that was answered in full is on record, but for those that were lost. */
export async function modelCallViolations(
  sql: Client,
  { model, lostAnswers = 0 }: Pick<Seen, 'model' | 'lostAnswers'>,
): Promise<string[]> {
  const { rows } = await sql.query<{ recorded: number }>(
    `SELECT count(*)::int AS recorded FROM turns WHERE role = 'assistant'`,
  );
  const answered = answeredCalls(model.journal);
  const lost = answered - rows[0]!.recorded;
  return [
    ...(lost > lostAnswers
      ? [
          `I4: ${answered} calls were answered, ${rows[0]!.recorded} answers are on record: ${lost} are lost, ${lostAnswers} may be`,
        ]
      : []),
    ...(lost < 0 ? [`I4: ${rows[0]!.recorded} answers are on record, and only ${answered} calls were answered`] : []),
    ...model.faults.map((fault) => `I9: the model's side says: ${fault}`),
  ];
}

/** Calls whose answer was sent to its end: neither an error nor a stream that was cut. */
export function answeredCalls(journal: Seen['model']['journal']): number {
  return journal.filter(({ answered }) => /^200 (?!cut|ended_early|stream_error)/.test(answered)).length;
}
