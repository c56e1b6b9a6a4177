import { type Claim, right, wrong } from './claims';

/** What may be said of folded log lines (folded-claims-texts.ts): how often, since when, who says what. */
export const FOLDED_CLAIMS: readonly Claim[] = [
  ...right('true', [
    ['checkout logged 40 failed orders', 'r1'],
    ['The first order failed at 12:03:00 UTC', 'r1', 'order 1000 failed: payments answered 503'],
    ['The last failed order of checkout was logged at 12:09:30 UTC', 'r1'],
    ['30 of the failures of checkout had status 503', 'r1', 'status=503 30 times'],
    ['10 orders of checkout failed with status 504', 'r1', 'status=504 10 times'],
    ['A failed order of checkout took up to 2390 ms', 'r1', 'max duration_ms=2390'],
    ['A failed order of checkout took at least 2000 ms', 'r1', 'min duration_ms=2000'],
    ['payments started version 2.14.0 at 12:01:30 UTC', 'r1', 'started version=2.14.0 revision=9f3c2e1'],
    ['payments warned that a certificate expires in 3 h', 'r1', 'certificate of payments-db expires in 3 h'],
    ['checkout logged 6 retries, the last at 12:04:10 UTC', 'r1', 'retry of a charge'],
    ['All failures happened in region eu-1', 'r1', 'region=eu-1'],
    ['48 lines were found', 'r1'],
  ]),
  ...wrong('invented', [
    ['checkout logged 400 failed orders', ['400'], 'r1'],
    ['payments logged 40 failed orders', ['40'], 'r1'],
    ['The first order failed at 11:58:00 UTC', ['11:58:00 UTC'], 'r1'],
    ['25 of the failures of checkout had status 503', ['25'], 'r1'],
    ['13 orders of checkout failed with status 504', ['13'], 'r1'],
    ['The failures of checkout have status 429', ['429'], 'r1'],
    ['A failed order of checkout took up to 8200 ms', ['8200 ms'], 'r1'],
    ['checkout started version 2.14.0 at 12:05:00 UTC', ['12:05:00 UTC'], 'r1'],
    ['payments warned that a certificate expires in 9 h', ['9 h'], 'r1'],
    ['checkout warned that a certificate expires in 3 h', ['3 h'], 'r1'],
    ['checkout logged 17 retries', ['17'], 'r1'],
    ['99 lines were found', ['99'], 'r1'],
  ]),
];
