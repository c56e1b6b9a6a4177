import { clipped } from '../domain/clipped';
import { onOneLine } from './prometheus/promql-tree';

/** The least of a query that is repeated to its author. */
const LEAST_CHARS = 200;

/** A query as the head of a result repeats it: as it came, unless it would take more than a quarter of the room. */
export function shownQuery(query: string, roomChars: number): string {
  const most = Math.max(LEAST_CHARS, Math.floor(roomChars / 4));
  return query.length <= most ? query : clipped(onOneLine(query), most);
}
