/** A promise that a test keeps until it lets go. */
export interface Held {
  readonly wait: Promise<void>;
  readonly release: () => void;
}

export function held(): Held {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: promise, release: resolve };
}
