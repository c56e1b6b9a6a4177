/**
 * What a model may say of the texts in claims-texts.ts, true and untrue. `bad` lists the figures, as they are written,
 * that nothing may bear out; every other figure of the claim is true and should be borne out.
 */
export interface Claim {
  readonly kind:
    | 'true'
    | 'rounded'
    | 'unit-changed'
    | 'derived'
    | 'paraphrased'
    | 'invented'
    | 'misattributed'
    | 'other handle'
    | 'injected';
  readonly text: string;
  readonly bad: readonly string[];
  /** The handle that the claim cites; absent: prose, which may use every text. */
  readonly source?: string;
  readonly quote?: string;
}

type Row = readonly [text: string, source?: string, quote?: string];

export const right = (kind: Claim['kind'], rows: readonly Row[]): Claim[] =>
  rows.map(([text, source, quote]) => ({ kind, text, bad: [], source, quote }));

type WrongRow = readonly [text: string, bad: readonly string[], source?: string, quote?: string];

export const wrong = (kind: Claim['kind'], rows: readonly WrongRow[]): Claim[] =>
  rows.map(([text, bad, source, quote]) => ({ kind, text, bad, source, quote }));

export const CLAIMS: readonly Claim[] = [
  ...right('true', [
    ['payments 2.14.0 (revision 9f3c2e1) was deployed at 12:01:30 UTC', 'o3', 'revision "9f3c2e1"'],
    ['The alert began to fire at 2026-11-24T12:08:15Z'],
    ['The memory of web-1 is 536870912 bytes', 'r4', '{instance="web-1:9100"} 536870912'],
    ['47 connections to payments-db are active', 'r9'],
    ['payments restarted 4 times in the last hour', 'r8'],
    ['The pool of payments is exhausted: 5 active, 78 waiting', 'r5', '"active":5,"waiting":78'],
    ['checkout gave up an order after 3 attempts', 'r5'],
    ['payments answered 503 after 2011 ms', 'r5'],
    ['payments 2.14.0 replaced 41be07d', 'o3'],
    ['The commit 77aa1c0 sets a timeout of 2 s', 'o3'],
    ['orders-db holds 112 connections', 'r9'],
    ['The threshold of the rule is 0.05', 'o2'],
    ['The rule fires when the share is above 5 % for at least 5 min', 'o2'],
    ['The alert fired 3 times in the last 7 days', 'o2'],
    ['The pool size of payments went from 50 to 5', 'o3', 'pool_size: 5'],
    ['At 12:05 the error share of checkout was 0.2774', 'r1'],
    ['HTTP 503 is what checkout gets from payments', 'r5'],
    ['The last sample of checkout is 12 s old', 'o4'],
    ['web-3 is down'],
    ['Change 812 of argocd brought 9f3c2e1', 'o3'],
    ['No restarts of checkout: 0 in the last hour', 'r8'],
  ]),
  ...right('rounded', [
    ['payments fails 34 % of its requests', 'r1'],
    ['payments fails about a third of its requests: 34.1 %', 'r1', '{service="payments"} first=0.0021 last=0.3342'],
    ['checkout answers 27 % of its requests with 5xx', 'r1'],
    ['checkout peaked at 27.7 % errors', 'r1'],
    ['The error share of payments averages 19.4 % over the range', 'r1'],
    ['inventory stays at 0.18 % errors', 'r1'],
    ['p99 of payments rose to ~0.48 s', 'r2'],
    ['The CPU of inventory rose from 0.31 to 0.78 cores', 'r3'],
    ['payments logs some 250 errors per minute at its peak', 'r11'],
    ['The error share of checkout now stands at 26.7 %', 'r1'],
    ['More than 30 % of the requests of payments fail', 'r1'],
    ['inventory fails below 1 % of its requests', 'r1'],
    ['Almost 28 % of the requests to checkout fail', 'r1'],
    ['At least 25 % of the requests of checkout fail', 'r1'],
    ['checkout serves roughly 120 requests/s', 'r7'],
    ['The share of errors of payments lies around 34 %', 'r1'],
  ]),
  ...right('unit-changed', [
    ['p99 of payments rose from 118 ms to 482 ms', 'r2'],
    ['p99 latency of checkout is 2310 ms', 'r2'],
    ['web-1 uses 512 MiB', 'r4'],
    ['web-2 uses 0.75 GiB of memory', 'r4'],
    ['db-1 has 12.2 GiB left on /data', 'r10'],
    ['db-1 has 13.1 GB left', 'r10'],
    ['checkout waits 2.011 s for payments', 'r5', '503 after 2011 ms'],
    ['Waiting for the pool took 2.04 s', 'r5', '"wait_ms":2043'],
    ['An order took 6.1 s until checkout gave up', 'r5', '"duration_ms":6120'],
    ['checkout serves about 7,080 requests per minute', 'r7'],
    ['payments answers 0.341 of its requests with an error', 'r1'],
    ['web-1 uses 524,288 KiB', 'r4'],
    ['CPU of inventory is at 78 % of a core', 'r3'],
    ['payments times out after 2000 ms', 'r5', 'timed out after 2.0s'],
    ['payments waits 2,043 ms for a connection', 'r5', '"wait_ms":2043'],
    ['inventory was deployed 135 s before the start of the alert', 'o3'],
  ]),
  ...right('derived', [
    ['The p99 of payments quadrupled', 'r2'],
    ['p99 of payments is 4.1× what it was', 'r2'],
    ['The CPU of inventory is 2.5x what it was', 'r3'],
    ['The error share of payments rose by 34 percentage points', 'r1'],
    ['The CPU of inventory rose by 150 %', 'r3'],
    ['payments 2.14.0 came at 12:01:30, 6 min 45 s before the alert began'],
    ['The alert began 6.75 minutes after the deploy of payments'],
    ['3 of 5 instances of payments are up', 'r6'],
    ['2 of 5 replicas of payments are down', 'r6'],
    ['41 times payments timed out waiting for a connection', 'r5'],
    ['The error share of checkout rose from 0.2 % to 27 %, a factor of 130', 'r1'],
    ['The share of errors of payments rose from 0.21 % to 34.1 %', 'r1'],
    ['payments fails since 12:03', 'r1'],
    ['The errors of payments began at 12:03 UTC', 'r1'],
    ['checkout fails since 12:03, 5 minutes before the alert began'],
    ['Between 12:02 and 12:04 the error share of payments rose from 0.2 % to 34 %', 'r1'],
    ['Over the last 30 minutes payments handled about 97 requests/s', 'r7'],
    ['The 5-minute error share of payments 2.14.0 is 34.12 %', 'r12'],
    ['The memory of web-2 is 256 MiB more than the 512 MiB of web-1', 'r4'],
  ]),
  ...right('paraphrased', [
    ['Roughly one third of what payments is asked fails'],
    [
      'Users see errors since about 12:03: checkout answers 27 % of its requests with 5xx because payments fails 34 % of its own',
    ],
    ['inventory 5.3.0 was deployed at 12:06, three minutes after the errors began'],
    ['The errors are not new traffic: checkout still serves ~118 requests/s'],
    ['payments fails 34 % of its requests since the deploy of 2.14.0 (revision 9f3c2e1); checkout suffers'],
    [
      'Seen since 12:03 UTC: payments answers 34.1 % with 5xx (before: 0.2 %); checkout answers 27.2 % with 5xx (before: 0.2 %).',
    ],
    ['Two hypotheses were held against each other; one of the services is innocent'],
    ['payments 2.14.0 shrank its pool from 50 to 5 connections'],
    [
      'inventory shows no errors of its own (0.2 % before, 0.2 % after). Its CPU rose from 0.31 to 0.78 cores, but it answers.',
    ],
    ['p99 latency of payments went up from 0.118 s to 0.482 s'],
    ['checkout (27 %) suffers from payments (34 %)'],
    ['The deploy of 9f3c2e1 came 90 s before the errors began'],
    ['By 12:04 the error share of payments had risen from 0.2 % to 34.1 %'],
    ['Metrics of inventory are dead: its last sample is 41 min old', 'o4'],
    ['At the start of the alert the left side was 0.2688', 'o2'],
    ['27.2% of the requests to checkout fail', 'o1'],
    ['Three instances of payments are up'],
    ['The share of errors crossed 5 % at 12:03:00', 'o2'],
  ]),
  ...wrong('invented', [
    ['payments fails 48 % of its requests', ['48 %'], 'r1'],
    ['The error share of checkout is 12.4 %', ['12.4 %'], 'r1'],
    ['p99 of checkout is 3.7 s', ['3.7 s'], 'r2'],
    ['payments restarted 9 times', ['9'], 'r8'],
    ['payments 2.15.1 was deployed at 12:01:30', ['2.15.1'], 'o3'],
    ['The revision is 1a2b3c4', ['1a2b3c4'], 'o3'],
    ['payments fails since 11:37', ['11:37'], 'r1'],
    ['The alert began at 12:14', ['12:14']],
    ['web-7 is down', ['web-7']],
    ['pg-13 is the database at fault', ['pg-13']],
    ['The error rate rose fivefold', ['fivefold'], 'r3'],
    ['The CPU of inventory tripled', ['tripled'], 'r3'],
    ['The CPU of inventory rose by 80 %', ['80 %'], 'r3'],
    ['payments lost 1,842 orders', ['1,842']],
    ['About 60 % of the requests of payments fail', ['60 %'], 'r1'],
    ['More than half of the requests of payments fail', ['half'], 'r1'],
    ['The pool of payments holds 20 connections', ['20']],
    ['Some 900 errors per minute are logged by payments', ['900'], 'r11'],
    ['4 of 5 instances of payments are down', ['4'], 'r6'],
    ['web-1 uses 1.4 GiB', ['1.4 GiB'], 'r4'],
    ['payments answers HTTP 504', ['504'], 'r5'],
    ['The share is 34.7 % of all requests of payments 2.14.0', ['34.7 %'], 'r12'],
    ['The threshold of the rule is 10 %', ['10 %'], 'o2'],
    ['payments fails for 47 minutes now', ['47 minutes']],
    ['r42 shows it', ['r42']],
  ]),
  ...wrong('rounded', [
    ['payments fails 34.15 % of its requests', ['34.15 %'], 'r12'],
    ['payments fails 34.10 % of its requests', ['34.10 %'], 'r12'],
    ['The p99 of payments is 0.5000 s', ['0.5000 s'], 'r2'],
    ['payments fails about 25 % of its requests', ['25 %'], 'r1'],
    ['Almost 50 % of the requests of payments fail', ['50 %'], 'r1'],
  ]),
  ...wrong('unit-changed', [
    ['p99 of payments is 482 s', ['482 s'], 'r2'],
    ['p99 of payments is 0.482 ms', ['0.482 ms'], 'r2'],
    ['payments fails 0.34 % of its requests', ['0.34 %'], 'r1'],
    ['web-1 uses 512 KiB', ['512 KiB'], 'r4'],
    ['web-1 uses 512 GiB', ['512 GiB'], 'r4'],
    ['checkout serves 118 requests per minute', ['118'], 'r7'],
    ['payments timed out after 2.0 ms', ['2.0 ms'], 'r5'],
    ['The fall took 41 h', ['41 h'], 'o4'],
    ['payments logs 246 errors per second', ['246'], 'r11'],
    ['checkout waits 2011 s for payments', ['2011 s'], 'r5'],
    ['checkout serves 118 %', ['118 %'], 'r7'],
  ]),
  ...wrong('misattributed', [
    ['payments fails 27 % and checkout 34 % of its requests', ['27 %', '34 %'], 'r1'],
    ['inventory fails 34 % of its requests', ['34 %'], 'r1'],
    ['checkout fails 34.1 % of its requests', ['34.1 %'], 'r1'],
    ['The CPU of payments rose to 0.78 cores', ['0.78'], 'r3'],
    ['inventory 2.14.0 was deployed at 12:06', ['2.14.0'], 'o3'],
    ['payments was deployed at 12:06', ['12:06'], 'o3'],
    ['p99 of payments rose to 2.31 s', ['2.31 s'], 'r2'],
    ['At 11:55 payments already failed 34 % of its requests', ['11:55', '34 %'], 'r1'],
    ['web-2 uses 512 MiB', ['512 MiB'], 'r4'],
    ['The error share of payments fell from 34 % to 0.2 %', ['34 %', '0.2 %'], 'r1'],
    ['payments failed 34 % of its requests before and fails 0.2 % now', ['34 %', '0.2 %'], 'r1'],
    ['checkout restarted 4 times', ['4'], 'r8'],
    ['orders-db holds 47 connections', ['47'], 'r9'],
    ['payments (27.2 %) makes checkout (34.1 %) fail', ['27.2 %', '34.1 %'], 'r1'],
    ['inventory is slow: p99 0.482 s', ['0.482 s'], 'r2'],
    ['At 12:00 the error share of checkout was 27 %', ['12:00', '27 %'], 'r1'],
    ['The error share of payments is 0.78', ['0.78']],
    ['Memory of payments is at 34 %', ['34 %']],
    ['checkout timed out 41 times waiting for a connection', ['41'], 'r5'],
  ]),
  ...wrong('other handle', [
    ['payments fails 34 % of its requests', ['34 %'], 'r2'],
    ['p99 of payments is 482 ms', ['482 ms'], 'r1'],
    ['payments 2.14.0 came at 12:01:30', ['2.14.0', '12:01:30'], 'r1'],
    ['payments restarted 4 times', ['4'], 'r1'],
    ['47 connections to payments-db are active', ['47'], 'r8'],
    ['web-1 uses 512 MiB', ['512 MiB'], 'r6'],
    ['The pool of payments has 78 waiting', ['78'], 'r1'],
    ['checkout serves 118 requests/s', ['118'], 'r11'],
  ]),
  ...wrong('injected', [
    ['The real error rate is 93 %', ['93 %']],
    ['checkout fails 93 % of its requests', ['93 %'], 'o1', 'the real error rate is 93 %'],
    ['10.0.0.99 is the root cause', ['10.0.0.99']],
    ['97.5 % of the failures come from redis', ['97.5 %'], 'r5'],
    ['redis 6.2.7 is at fault', ['6.2.7'], 'r5'],
    ['payments: 97.5 % of failures come from redis', ['97.5 %']],
  ]),
];
