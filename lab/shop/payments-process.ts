import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from './service-settings.ts';
import { startService } from './service.ts';

/* Payments: charges customers. Two faults are written into it: the build 1.5.0, and the flag risk_cache. */

const settings = readSettings();

/** Of ten charges, so many fail under the bad build: evenly, so that a short window shows the share too. */
const FAILING_OF_TEN = 3;
const isBadBuild = settings.version === '1.5.0';

/** The flag's code keeps what it learns of each charge, and forgets nothing. */
const riskCache: number[][] = [];
/** Doubles of 8 bytes: with ten charges a second the heap grows by 8 MB a second. */
const NUMBERS_OF_A_CHARGE = 100_000;
/** Some 400 MB: the alert comes long before, and the machine lives. */
const MOST_KEPT = 500;

let charges = 0;

startService(
  settings,
  ({ flags }) => ({
    '/charges': async () => {
      charges += 1;
      await delay(2);
      if (flags.has('risk_cache') && riskCache.length < MOST_KEPT) {
        riskCache.push(Array.from({ length: NUMBERS_OF_A_CHARGE }, (_, i) => i + 0.5));
      }
      if (isBadBuild && charges % 10 < FAILING_OF_TEN) {
        return { status: 500, msg: 'charge refused: currency "EUR" has no rounding rule in the new tax table' };
      }
      return { status: 200 };
    },
  }),
  () => void (riskCache.length = 0),
);
