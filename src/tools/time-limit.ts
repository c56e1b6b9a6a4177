/**
 * Asks for something that an answer can do without, for a limited time.
 * @returns undefined when it took longer
 * @throws the signal's reason when that aborts, and whatever `ask` throws
 */
export async function withinMs<Answer>(
  ms: number,
  signal: AbortSignal,
  ask: (until: AbortSignal) => Promise<Answer>,
): Promise<Answer | undefined> {
  const limit = AbortSignal.timeout(ms);
  try {
    return await ask(AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return undefined;
    throw error;
  }
}
