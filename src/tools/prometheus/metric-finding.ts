import { clipped } from '../../domain/clipped';
import { fittedMetrics } from '../fitted-metrics';
import type { MetricResult } from '../metric-result';
import type { Grid } from '../metric-text';
import type { ToolFinding } from '../tool';
import { fitNotes } from './envelope';
import { withAdvice } from './error-advice';
import type { PrometheusAnswer } from './prometheus-client';

export interface FindingFacts {
  /** The question as it was run. */
  readonly head: string;
  readonly roomChars: number;
  readonly grid?: Grid;
  readonly startsAt: Date;
  /** Asked only where nothing was found. */
  whyEmpty(): Promise<string>;
}

/** Warnings and infos have at most this part of the room: a partial answer of Thanos shows nowhere else. */
const SHARE_OF_NOTES = 0.25;

/** What an answer is to the model: series, nothing and why, or what to change. */
export async function metricFinding(answer: PrometheusAnswer, facts: FindingFacts): Promise<ToolFinding> {
  const { head, roomChars, grid, startsAt } = facts;
  if (answer.kind === 'failed') {
    return { status: 'failed', text: clipped(`${head}\n${withAdvice(answer.reason)}`, roomChars - 40) };
  }
  const notes = fitNotes(answer.notes, Math.floor(roomChars * SHARE_OF_NOTES));
  const foot = notes.map((note) => `\n${note}`).join('');
  if (isEmpty(answer.result)) {
    const why = clipped(await facts.whyEmpty(), roomChars - head.length - foot.length - 40);
    return { status: 'no_data', text: `${head}\n${why}${foot}` };
  }
  const room = roomChars - head.length - foot.length - 1;
  const { text, full } = fittedMetrics(answer.result, { roomChars: room, grid, startsAt });
  return { status: 'ok', text: `${head}\n${text}${foot}`, ...(full !== undefined && { full }) };
}

function isEmpty(result: MetricResult): boolean {
  return (result.type === 'vector' || result.type === 'matrix') && result.series.length === 0;
}
