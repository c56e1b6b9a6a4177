import { linesOf } from './life.ts';
import type { Life } from './life.ts';

/** A worker that began a triage, by its log. */
interface Start {
  readonly life: Life;
  readonly triage: string;
  readonly at: number;
}

/**
 * P4: a worker that lost its lease writes nothing more. A turn that a process says it recorded was written while no other
 * process had begun the triage after it: by the database's time of the turn, and the later process' own word.
 * @param turnAt when each answer was recorded, by `triage/seq`
 */
export function writerViolations(lives: readonly Life[], turnAt: ReadonlyMap<string, number>): string[] {
  const starts = lives.flatMap((life) =>
    linesOf(life, 'triage started').map((line): Start => ({
      life,
      triage: String(line.triage_id),
      at: Date.parse(String(line.time)),
    })),
  );
  return lives.flatMap((life) =>
    linesOf(life, 'the model answered').flatMap((line) => {
      const triage = String(line.triage_id);
      const recordedAt = turnAt.get(`${triage}/${String(line.seq)}`);
      const before = starts.filter((start) => start.triage === triage && start.at < (recordedAt ?? 0));
      const holder = before.sort((a, b) => a.at - b.at).at(-1)?.life;
      if (holder === undefined || holder === life) return [];
      const seq = String(line.seq);
      return [
        `P4: turn ${seq} of triage ${triage} was written by replica ${life.replica} (process ${life.number}), and replica ${holder.replica} (process ${holder.number}) had begun it before`,
      ];
    }),
  );
}
