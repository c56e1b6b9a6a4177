/** For a question beside the one that was asked: the answer itself does not wait longer for it. */
export const SIDE_QUESTION_MS = 3_000;

/**
 * Asks for something that an answer can do without, for a limited time.
 * @returns undefined when it took longer, was broken off, or broke: it must not cost the answer itself
 * @throws the signal's reason when that aborts, and nothing else
 */
export async function withinMs<Answer>(
  ms: number,
  signal: AbortSignal,
  ask: (until: AbortSignal) => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask(AbortSignal.any([signal, AbortSignal.timeout(ms)]));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
