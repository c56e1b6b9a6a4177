import type { Firing } from '../../domain/alert';

export type RecordedFiring = Pick<Firing, 'id' | 'startsAt' | 'endsAt'>;

/** The firings that Vigil was told of. */
export abstract class FiringRecord {
  /** Those of a fingerprint that began at `since` or later, newest first, at most `limit`. */
  abstract since(fingerprint: string, since: Date, limit: number): Promise<readonly RecordedFiring[]>;
}
