/**
 * How far the values of one part lie from those of the others, by their ranks alone: a standard normal deviate where
 * nothing differs. One huge value is worth no more than any that is larger than the rest.
 */
export function rankDeviate(values: Float64Array, from: number, to: number): number {
  const points = values.length;
  const inside = to - from;
  if (inside <= 0 || inside >= points) return 0;
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  let [sum, ties] = [0, 0];
  for (let i = 0; i < points;) {
    let behind = i + 1;
    while (behind < points && values[order[behind]!]! === values[order[i]!]!) behind += 1;
    const rank = (i + behind + 1) / 2;
    for (let k = i; k < behind; k += 1) if (order[k]! >= from && order[k]! < to) sum += rank;
    ties += (behind - i) ** 3 - (behind - i);
    i = behind;
  }
  const variance = ((inside * (points - inside)) / 12) * (points + 1 - ties / (points * (points - 1)));
  return variance > 0 ? Math.abs(sum - (inside * (points + 1)) / 2) / Math.sqrt(variance) : 0;
}
