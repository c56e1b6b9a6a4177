/** So much of a change's details is kept, in bytes of UTF-8. */
const MAX_DETAILS_BYTES = 64 * 1024;

/** The details as they are kept: what is too long is cut between two characters, and its end says so. */
export function keptDetails(details: string): string {
  const bytes = Buffer.from(details);
  if (bytes.length <= MAX_DETAILS_BYTES) return details;
  const note = `\n… (cut here: the whole had ${bytes.length} bytes, ${MAX_DETAILS_BYTES} are kept)`;
  let end = MAX_DETAILS_BYTES - Buffer.byteLength(note);
  while (isContinuation(bytes[end]!)) end -= 1;
  return bytes.subarray(0, end).toString() + note;
}

/** A byte of UTF-8 that does not begin a character. */
function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
