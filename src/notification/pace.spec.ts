import { paceOf } from './pace';
import type { Traffic } from './ports/delivery-ledger';

const MINUTE = 60_000;
const traffic = (part: Partial<Traffic>): Traffic => ({
  saidInLastHour: 0,
  sinceLastMs: 1_000,
  pending: 100,
  oldestMs: MINUTE,
  noticeOwed: false,
  ...part,
});

describe('the pace of a channel', () => {
  it.each([
    ['tells of each report alone while the hour has room', 60, { saidInLastHour: 52 }, 'alone'],
    ['then begins with a digest of all that is pending', 60, { saidInLastHour: 53 }, 'digest'],
    ['which gathers for ten seconds', 60, { saidInLastHour: 53, oldestMs: 9_999 }, 'wait'],
    ['and is none when it would hold one report', 60, { saidInLastHour: 53, pending: 1 }, 'alone'],
    ['spreads the next digests over the hour', 60, { saidInLastHour: 54, sinceLastMs: 10 * MINUTE - 1 }, 'wait'],
    ['so that each waits ten minutes', 60, { saidInLastHour: 54, sinceLastMs: 10 * MINUTE }, 'digest'],
    ['never says more than the ceiling', 60, { saidInLastHour: 60, sinceLastMs: 30 * MINUTE }, 'wait'],
    ['keeps the last one for a notice', 60, { saidInLastHour: 59, sinceLastMs: 30 * MINUTE }, 'wait'],
    ['and tells it at once', 60, { saidInLastHour: 59, sinceLastMs: 1_000, noticeOwed: true }, 'digest'],
    ['alone, when nothing else is owed', 60, { saidInLastHour: 59, noticeOwed: true, pending: 1 }, 'alone'],
    ['but no second one', 60, { saidInLastHour: 60, noticeOwed: true }, 'wait'],
    ['has a notice wait for no digest', 10, { saidInLastHour: 9, oldestMs: 0, noticeOwed: true }, 'digest'],
    ['keeps one message for a digest where the ceiling is two', 2, { saidInLastHour: 1 }, 'digest'],
    ['says nothing but digests where the ceiling is one', 1, { saidInLastHour: 0, sinceLastMs: Infinity }, 'digest'],
    ['also when many pass the ceiling that was lowered meanwhile', 5, { saidInLastHour: 60 }, 'wait'],
  ] as const)('%s', (_title, perHour, part, choice) => {
    expect(paceOf(perHour)(traffic(part))).toBe(choice);
  });

  it.each([1, 2, 7, 60, 3_600])(
    'with a ceiling of %i a storm of an hour gets no more than that in any hour',
    (perHour) => {
      const pace = paceOf(perHour);
      const said: number[] = [];
      let oldest: number | undefined;
      let longestWait = 0;
      for (let now = 0; now < 3 * 60 * MINUTE; now += 1_000) {
        oldest ??= now; // a report each second
        const hour = said.filter((at) => at > now - 60 * MINUTE);
        const choice = pace({
          saidInLastHour: hour.length,
          sinceLastMs: now - (hour.at(-1) ?? -Infinity),
          pending: 2 + (now - oldest) / 1_000,
          oldestMs: now - oldest,
          noticeOwed: false,
        });
        if (choice === 'wait') continue;
        longestWait = Math.max(longestWait, now - oldest);
        said.push(now);
        oldest = undefined;
        expect(hour.length + 1).toBeLessThanOrEqual(perHour);
      }
      expect(longestWait).toBeLessThanOrEqual(60 * MINUTE + 10_000);
      if (perHour === 60) expect(longestWait).toBeLessThanOrEqual(10 * MINUTE + 10_000);
    },
  );
});
