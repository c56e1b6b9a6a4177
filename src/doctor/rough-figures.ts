import { durationInWords } from '../domain/in-words';

const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;
const GIB_IN_MIB = 1024;

/** `9 s`, `3 min 20 s`, `5 h`, `3 days`: nobody counts parts of a second here. */
export function roughly(ms: number): string {
  if (ms < 59_500) return `${Math.max(0, Math.round(ms / 1000))} s`;
  return ms < 2 * DAY_MS ? durationInWords(ms) : `${Math.floor(ms / DAY_MS)} days`;
}

/** `9 MB`, `12.5 GB`. */
export function sizeInWords(bytes: number): string {
  const mib = Math.round(bytes / MIB);
  return mib < 10 * GIB_IN_MIB ? `${mib} MB` : `${(mib / GIB_IN_MIB).toFixed(1)} GB`;
}
