import { type Claim, right, wrong } from './claims';

const POOL = 'db_pool_waiting{service="orders"}';
const ERRORS = 'http_requests_total{code="500", service="checkout"}';
const DISK = 'node_filesystem_avail_bytes{instance="db-1"}';
const MAIL = 'queue_depth{service="mailer"}';

/** What may be said of the text in ranked-claims-texts.ts: when something changed, from what to what, and of whom. */
export const RANKED_CLAIMS: readonly Claim[] = [
  ...right('derived', [
    ['At 12:04:40 UTC requests of orders began to wait for the pool', 'r1', POOL],
    ['Waiting requests of orders rose from 0 to 17', 'r1', POOL],
    ['checkout went from 0.03 to 4.4 errors per second at 12:06 UTC', 'r1', ERRORS],
    ['The errors of checkout began at 12:06:00 UTC', 'r1', ERRORS],
    ['The free space of db-1 began to fall at 11:52 UTC', 'r1', DISK],
    ['The free space of db-1 fell from 52 GB to 0.41 GB', 'r1', DISK],
    ['cache-2 vanished at 12:01:20 UTC', 'r1', 'up{instance="cache-2"}'],
    ['The queue of mailer stood at 90 from 11:40:40 until 11:48:00 UTC', 'r1', MAIL],
    ['At most 21 requests of orders waited', 'r1', POOL],
  ]),
  ...wrong('invented', [
    ['At 12:09:40 UTC requests of orders began to wait for the pool', ['12:09:40 UTC'], 'r1', POOL],
    ['Waiting requests of orders rose from 0 to 34', ['34'], 'r1', POOL],
    ['Waiting requests of orders rose from 5 to 17', ['5'], 'r1', POOL],
    ['The errors of checkout began at 12:01:20 UTC', ['12:01:20 UTC'], 'r1', ERRORS],
    ['The free space of db-1 began to fall at 12:06 UTC', ['12:06 UTC'], 'r1', DISK],
    ['The free space of db-1 fell from 52 GB to 4.4 GB', ['4.4 GB'], 'r1', DISK],
    ['The queue of mailer stood at 17 from 11:40:40 UTC', ['17'], 'r1', MAIL],
    ['cache-2 vanished at 12:10 UTC', ['12:10 UTC'], 'r1', 'up{instance="cache-2"}'],
    ['orders rose to 4.4 errors per second', ['4.4'], 'r1', POOL],
  ]),
];
