/** The key that the cursors of lists are signed with: one for all replicas. */
export abstract class CursorKey {
  abstract key(): Promise<Uint8Array>;
}
