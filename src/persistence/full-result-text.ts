import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** So much of a full result is kept, in bytes before compression. */
const MAX_KEPT_BYTES = 2 * 1024 * 1024;
/** What was kept before had another limit. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** A full result as it is kept. */
export interface PackedText {
  readonly gzip: Buffer;
  /** Of the whole. */
  readonly bytes: number;
  readonly lines: number;
}

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** What is too large is cut at the end of a line. Megabytes are compressed off the main thread. */
export async function packed(text: string): Promise<PackedText> {
  const whole = Buffer.from(text);
  return { gzip: await zip(whole.subarray(0, keptEnd(whole))), bytes: whole.length, lines: linesOf(whole) };
}

export async function unpacked(zipped: Buffer): Promise<string> {
  return (await unzip(zipped, { maxOutputLength: MAX_READ_BYTES })).toString();
}

/** The end of the last line that fits; of one endless line, of its last character. */
function keptEnd(whole: Buffer): number {
  if (whole.length <= MAX_KEPT_BYTES) return whole.length;
  const line = whole.lastIndexOf(LINE_FEED, MAX_KEPT_BYTES);
  if (line > 0) return line;
  let end = MAX_KEPT_BYTES;
  while ((whole[end]! & 0b1100_0000) === 0b1000_0000) end -= 1;
  return end;
}

const LINE_FEED = 10;

function linesOf(bytes: Buffer): number {
  let count = 1;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
