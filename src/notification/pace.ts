import type { Pace } from './ports/delivery-ledger';

const HOUR_MS = 3_600_000;
/** This share of the hour's messages, at least one, is kept for digests. */
const DIGEST_SHARE = 0.1;
/** How long the first digest of a crowded hour gathers: the reports of one storm end close together. */
const GATHER_MS = 10_000;

/**
 * Never more than `perHour` messages in any hour. Most of them are single; the last ones are spread over an hour, and
 * each of them stands for all that is pending then, so that no report waits longer than an hour divided by their number.
 */
export function paceOf(perHour: number): Pace {
  const forDigests = Math.max(1, Math.floor(perHour * DIGEST_SHARE));
  const singles = perHour - forDigests;
  return ({ saidInLastHour, sinceLastMs, pending, oldestMs }) => {
    if (saidInLastHour < singles) return 'alone';
    if (saidInLastHour >= perHour) return 'wait';
    const gathered = saidInLastHour === singles ? oldestMs >= GATHER_MS : sinceLastMs >= HOUR_MS / forDigests;
    if (!gathered) return 'wait';
    return pending > 1 ? 'digest' : 'alone';
  };
}
