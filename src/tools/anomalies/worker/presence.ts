/** A series that was there and is not any more, or the reverse. */
export interface PresenceChange {
  readonly kind: 'vanished' | 'appeared';
  /** The first point without it, or the first with it. */
  readonly from: number;
  readonly evidence: number;
}

/** A server shows a series that ended without a word for so long still, at its last value. Seconds. */
const LOOKBACK = 300;
/** A series that repeats its values in more of its steps may have stood at the last one. */
const SELDOM = 0.2;

/** The point behind the last real sample of a series that is gone from `from` on. */
export function endOfSamples(raw: Float64Array, from: number, stepSeconds: number): number {
  let repeats = 0;
  for (let i = 1; i < from; i += 1) repeats += Number(raw[i] === raw[i - 1]);
  let last = from - 1;
  while (last > 0 && raw[last - 1] === raw[from - 1]) last -= 1;
  const shown = from - 1 - last;
  const others = (repeats - shown) / Math.max(1, from - shown);
  return shown <= LOOKBACK / stepSeconds && others < SELDOM ? last + 1 : from;
}

/** So few points are a gap. */
const GAP = 6;
/** So many are none. */
const SURELY_AWAY = 16;
/** A gap of this part of its absence, elsewhere in the series, and the absence is one of its gaps. */
const LIKE_A_GAP = 0.5;
const LEAST_THERE = 5;

/** A series that stood still and moves, or the reverse: seen as presence, of values that are not the still one. */
export interface MotionChange {
  readonly from: number;
  readonly evidence: number;
}

/** The clearer of: still at one value until a point and not behind it, or the reverse. */
export function motionChange(values: Float64Array): MotionChange | undefined {
  const still = [values.at(-1), values[0]].map((rest) =>
    presenceChange(Uint8Array.from(values, (v) => Number(v !== rest))),
  );
  const [stops, starts] = [
    still[0]?.kind === 'vanished' ? still[0] : undefined,
    still[1]?.kind === 'appeared' ? still[1] : undefined,
  ];
  return !starts || (stops && stops.evidence >= starts.evidence) ? stops : starts;
}

/** @param present a byte a point: 1 where the series has a sample */
export function presenceChange(present: Uint8Array): PresenceChange | undefined {
  const [first, last] = [present.indexOf(1), present.lastIndexOf(1)];
  if (first < 0) return undefined;
  const vanished = absence(present, first, last, 'vanished');
  const appeared = absence(present, first, last, 'appeared');
  return !appeared || (vanished && vanished.evidence >= appeared.evidence) ? vanished : appeared;
}

function absence(
  present: Uint8Array,
  first: number,
  last: number,
  kind: PresenceChange['kind'],
): PresenceChange | undefined {
  const points = present.length;
  const away = kind === 'vanished' ? points - 1 - last : first;
  let [there, longest, run] = [0, 0, 0];
  for (let i = first; i <= last; i += 1) {
    there += present[i]!;
    run = present[i] ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  const [from, to] = kind === 'vanished' ? [0, last + 1] : [first, points];
  if (away <= GAP || there < LEAST_THERE || longest > LIKE_A_GAP * away) return undefined;
  const within = to - from;
  const better = likelihood(there, within) - likelihood(there, points) - Math.log(points);
  const evidence = better * Math.min(1, (away - GAP) / (SURELY_AWAY - GAP));
  return { kind, from: kind === 'vanished' ? last + 1 : first, evidence };
}

/** Log likelihood of so many samples at so many points. */
function likelihood(there: number, points: number): number {
  const share = there / points;
  return share === 0 || share === 1 ? 0 : there * Math.log(share) + (points - there) * Math.log(1 - share);
}
