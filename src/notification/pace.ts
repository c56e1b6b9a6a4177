import type { Pace } from './ports/delivery-ledger';

const HOUR_MS = 3_600_000;
/** This share of the hour's messages, at least one, is kept for digests. */
const DIGEST_SHARE = 0.1;
/** With a ceiling above this, one message of the hour is kept for a notice. */
const NOTICE_ROOM_ABOVE = 20;
/** How long the first digest of a crowded hour gathers: the reports of one storm end close together. */
const GATHER_MS = 10_000;

/**
 * Never more than `perHour` messages in any hour. Most of them are single; the last ones are spread over an hour, and
 * each of them stands for all that is pending then, so that no report waits longer than an hour divided by their number.
 * A notice does not wait for its turn among them: it is told at once while the hour has any message left.
 */
export function paceOf(perHour: number): Pace {
  const forDigests = Math.max(1, Math.floor(perHour * DIGEST_SHARE));
  const forNotice = perHour > NOTICE_ROOM_ABOVE ? 1 : 0;
  const singles = perHour - forDigests - forNotice;
  return ({ saidInLastHour, sinceLastMs, pending, oldestMs, noticeOwed }) => {
    if (saidInLastHour < singles) return 'alone';
    if (saidInLastHour >= perHour - (noticeOwed ? 0 : forNotice)) return 'wait';
    const gathered = saidInLastHour === singles ? oldestMs >= GATHER_MS : sinceLastMs >= HOUR_MS / forDigests;
    if (!gathered && !noticeOwed) return 'wait';
    return pending > 1 ? 'digest' : 'alone';
  };
}
