import { numberOf } from '../../tools/metric-text';
import type { CourseQuestion, FirstLook } from './first-look';
import type { HurriedPrometheus } from './hurried-prometheus';
import { seriesOfAlert } from './series-of-alert';
import type { OtherPart } from './split-expression';

/** A further condition of the expression, with the value that it compares. */
export interface SeenPart {
  readonly part: OtherPart;
  readonly atStart?: number;
  readonly atNow?: number;
}

/** The values of more would cost more than they tell. */
const MAX_PARTS = 2;

export async function otherParts(
  { branch, labels }: FirstLook,
  { startsAt, now }: CourseQuestion,
  prometheus: HurriedPrometheus,
): Promise<SeenPart[]> {
  const value = async (query: string, time: Date): Promise<number | undefined> => {
    const answer = await prometheus.at(query, time);
    const [series] = answer.kind === 'series' ? seriesOfAlert(answer.series, labels) : [];
    return series && numberOf(series.point[1]);
  };
  return Promise.all(
    branch.also.map(async (part, i): Promise<SeenPart> => {
      const { comparison } = part;
      if (!comparison || i >= MAX_PARTS) return { part };
      const [atStart, atNow] = await Promise.all([value(comparison.left, startsAt), value(comparison.left, now)]);
      return { part, ...(atStart !== undefined && { atStart }), ...(atNow !== undefined && { atNow }) };
    }),
  );
}
