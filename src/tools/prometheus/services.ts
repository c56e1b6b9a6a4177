import { clipped } from '../../domain/clipped';
import { asOneLine } from '../fit';
import type { PrometheusCatalog } from './prometheus-catalog';
import { SERVICE_LABELS } from './selector';
import type { TimeRange } from '../time-input';

/** Names that one line shows. */
const MAX_NAMED = 10;
const MAX_CHARS = 600;

/**
 * `job: node, shop; service: orders, payments`: under which names and labels services are known. Empty where no label
 * names one.
 */
export async function knownServices(
  catalog: PrometheusCatalog,
  range: TimeRange,
  signal: AbortSignal,
): Promise<string> {
  const answers = await Promise.all(
    SERVICE_LABELS.map(async (label) => ({ label, answer: await catalog.labelValues(label, range, signal) })),
  );
  const told = answers.flatMap(({ label, answer }) => {
    if (answer.kind === 'failed' || answer.items.length === 0) return [];
    const shown = answer.items.slice(0, MAX_NAMED).map((value) => JSON.stringify(asOneLine(value, 60)));
    const more = answer.items.length - shown.length;
    return [`${label}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
  });
  return clipped(told.join('; '), MAX_CHARS);
}
