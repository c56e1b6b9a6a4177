/** Waits for a fact; fails with what was last seen when it does not come true in time. */
export async function until<T>(look: () => T, isFact: (seen: T) => boolean, deadlineMs = 5_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = look();
    if (isFact(seen)) return seen;
    if (performance.now() > end) throw new Error(`not true within ${deadlineMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
