/** For a question beside the one that was asked: the answer does not wait longer for it. */
const BRIEFLY_MS = 3_000;

/**
 * What a side question gives; undefined when it takes too long or breaks: it must not cost the answer itself.
 * @throws the reason of `signal` when that aborts
 */
export async function quietly<Answer>(
  signal: AbortSignal,
  ask: (brief: AbortSignal) => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask(AbortSignal.any([signal, AbortSignal.timeout(BRIEFLY_MS)]));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
