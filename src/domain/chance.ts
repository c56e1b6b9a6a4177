/** Jitter and other chance, injected so that a test can fix it. */
export abstract class Chance {
  /** A number in [0, 1). */
  abstract fraction(): number;
}
