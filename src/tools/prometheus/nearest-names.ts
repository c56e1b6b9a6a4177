/** The longest name that is compared: beyond it no slip of the pen is meant. */
const MAX_CHARS = 100;

/**
 * Those of the names that are nearest in writing, the nearest first: at most a quarter of the letters differ, or one is a
 * part of the other. One pass over them, however many there are.
 */
export function nearestNames(wanted: string, names: Iterable<string>, most: number): string[] {
  const told = wanted.toLowerCase().slice(0, MAX_CHARS);
  const allowed = Math.max(1, Math.floor(told.length / 4));
  const parts = partsOf(told);
  const found: { readonly name: string; readonly far: number }[] = [];
  for (const name of names) {
    const other = name.toLowerCase();
    if (other === told || other.length > MAX_CHARS) continue;
    const far = Math.abs(other.length - told.length) <= allowed ? distance(told, other, allowed) : Infinity;
    const alike =
      far <= allowed ? far : sharesParts(parts, other) ? allowed + 1 + Math.abs(other.length - told.length) : Infinity;
    if (alike < Infinity) found.push({ name, far: alike });
  }
  return found
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

function partsOf(name: string): string[] {
  return name.split(/[_:]/).filter(Boolean);
}

/** At least two words of a name, and three of four of them. */
function sharesParts(parts: readonly string[], other: string): boolean {
  if (parts.length < 2) return false;
  const own = new Set(partsOf(other));
  const shared = parts.filter((part) => own.has(part)).length;
  return shared >= 2 && shared >= 0.75 * Math.min(parts.length, own.size);
}

/** How many letters must be changed, added, left out or exchanged with their neighbour; `most` + 1 for any more. */
function distance(a: string, b: string, most: number): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let k = 1; k <= b.length; k += 1) {
      const same = a[i - 1] === b[k - 1] ? 0 : 1;
      let cost = Math.min(last[k]! + 1, row[k - 1]! + 1, last[k - 1]! + same);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) cost = Math.min(cost, before[k - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
