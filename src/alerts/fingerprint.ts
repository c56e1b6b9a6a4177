import type { Labels } from '../domain/alert';

const FNV_OFFSET = 14695981039346656037n;
const FNV_PRIME = 1099511628211n;
const MASK = (1n << 64n) - 1n;
/** What Prometheus puts behind every name and value (prometheus/common, model/signature.go). */
const SEPARATOR = 255;

/** The fingerprint that Prometheus and Alertmanager give these labels: FNV-1a over the sorted pairs, 16 hex digits. */
export function fingerprintOf(labels: Labels): string {
  let hash = FNV_OFFSET;
  const add = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK;
  };
  for (const name of Object.keys(labels).sort(byBytes)) {
    Buffer.from(name).forEach(add);
    add(SEPARATOR);
    Buffer.from(labels[name]!).forEach(add);
    add(SEPARATOR);
  }
  return hash.toString(16).padStart(16, '0');
}

/** Go sorts strings by their bytes; JavaScript's own order differs beyond the basic plane. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
