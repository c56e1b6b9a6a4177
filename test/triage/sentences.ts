import { type Claim, right, wrong } from './claims';

/** Whole sentences, as a report says them, of the texts in ledger-claims-texts.ts. */
export const LEDGER_SENTENCES: readonly Claim[] = [
  ...right('paraphrased', [
    [
      'The disk /pg of ledger-db is filling: free space dropped from 33 % at 16:44 to 7.1 % at 17:44 and stands at 3.1 % now',
    ],
    [
      'Archiving has failed since 16:42:00 with "403 Forbidden" (1,309 times until 17:51:58), right after the key was rotated at 16:41:07',
    ],
    [
      'The WAL backlog went from 2,610 segments (41,760 MB) at 17:10 to 5,220 (83,520 MB) at 17:50, i.e. it doubled in 40 minutes',
      'r3',
      'segments=5220 size_mb=83520',
    ],
    ['ledger-db-0 holds 82 GiB of WAL while ledger-db-1 holds 2 GiB', 'r2'],
    ['pg_stat_archiver_failed_count rose from 4 to 1,310 between 16:50 and 17:50', 'r1'],
    ['The p99 write latency of ledger-api rose from ~20 ms to 398 ms (peak 412 ms at 17:45)', 'r4'],
    ['The p99 write latency of ledger-api started to rise between 17:25 and 17:30', 'r4'],
    ['The rotation of the archive key came 1 h 3 min before the alert'],
    ['One of the three ledger-db targets (ledger-db-2) is down', 'r7'],
    ['Of 159 sessions 41 are active and 112 idle', 'r5'],
    [
      'The free space crossed the 10 % threshold at 17:34:30, 10 minutes before the alert started',
      'o2',
      'crossed: 2026-10-30T17:34:30Z',
    ],
    ['ARCHIVE_BATCH was raised fourfold, from 64 to 256', 'o6', '+ARCHIVE_BATCH=256'],
    ['It took 0.412 s to archive a segment before the change', 'r3', 'in 0.412 s, 37 pending'],
    ['Free space is 3.11 %, less than a third of the 10 % limit', 'o2', '0.0311 < 0.1'],
    ['The archiver fails about 22 times per minute (1,306 failures in an hour)', 'r1'],
    ['reports is not affected (0.32 s, as before)', 'r4'],
  ]),
  ...wrong('misattributed', [
    ['ledger-db-1 holds 82 GiB of WAL', ['82 GiB'], 'r2'],
    ['The p99 write latency of reports rose from 20 ms to 398 ms', ['20 ms', '398 ms'], 'r4'],
    ['The p99 write latency of ledger-api started to rise at 16:55', ['16:55'], 'r4'],
    ['Archiving has failed since 16:12:00', ['16:12:00']],
    ['Of 159 sessions 112 are active', ['112'], 'r5'],
    ['Free space crossed the 20 % threshold', ['20 %'], 'o2'],
    ['The backlog stood at 5,220 segments at 17:10', ['5,220'], 'r3', 'segments=5220 size_mb=83520'],
    ['Free space went up from 7.1 % to 33 %', ['7.1 %', '33 %'], 'o2'],
    ['The WAL of ledger-db-0 grew by 31 GiB', ['31 GiB'], 'r2'],
    ['ledger-api serves 4,100 writes per second', ['4,100'], 'r6'],
    ['Two of the three ledger-db targets are down', ['Two'], 'r7'],
    ['The archiver fails about 150 times per minute', ['150'], 'r1'],
    ['The rotation came 2 h before the alert', ['2 h']],
    ['A write takes 1.9 s', ['1.9 s']],
  ]),
];

/** Of the texts in login-claims-texts.ts. */
export const LOGIN_SENTENCES: readonly Claim[] = [
  ...right('paraphrased', [
    ['Failed logins jumped from about 3 to 412 per minute within two minutes of 06:10', 'o2', '412.4 > 50'],
    [
      '84 % of the 7,531 requests to the idp in the last ten minutes were answered with code 525',
      'r4',
      '{code="525"} 6310',
    ],
    [
      'The certificate of idp.example.net ran out at 06:10:00, one second before the first TLS error at 06:10:01',
      'r2',
      'certificate of idp.example.net expired at 2026-02-03T06:10:00Z',
    ],
    ['The rate of successful logins collapsed from 12/s to under 2/s', 'r1'],
    ['The login queue grew from 129 at 06:10:31 to 903 at 06:20:31, a sevenfold increase', 'r2', '903 logins queued'],
    ['The failure rate peaked at 655 per minute at 06:18:20', 'o2', 'largest 655.2 at 2026-02-03T06:18:20Z'],
    ['session-cache-0 and session-cache-1 hit in 92.1 % and 91.9 % of the cases', 'r7'],
    ['The p of a hit is unchanged (92 %), so the deploy of 7.2.4 twelve minutes before the crossing is not the cause'],
    ['search doubled its CPU (3.2 to 6.5 cores) at about 06:10, but shares nothing with auth'],
    [
      'auth-6c-b gave up after 4 attempts (8.2 s), with 129 logins waiting',
      'r2',
      'giving up after 4 attempts in 8.2s, 129 logins queued',
    ],
    ['At 06:12 6.87 logins failed each second, 130 times the 0.053 of 06:00', 'r1'],
    ['The expiry probe reads -660 s: the certificate has been invalid for 11 minutes', 'r5', '-660'],
    ['It is the sixth firing in seven days; the five before lasted 100 s each', 'o3', 'for 1 min 40 s'],
    ['631.8 failures per minute against a limit of 50', 'o2', '631.8 > 50'],
  ]),
  ...wrong('misattributed', [
    ['The login queue fell from 903 to 129', ['903', '129'], 'r2', '903 logins queued'],
    ['The failure rate peaked at 655 per minute at 06:04', ['06:04'], 'o2', 'largest 655.2 at 2026-02-03T06:18:20Z'],
    ['auth-6c-a gave up after 8.2 s', ['8.2 s'], 'r2', 'giving up after 4 attempts in 8.2s'],
    ['44 % of the requests to the idp were answered with code 525', ['44 %'], 'r4'],
    ['search tripled its CPU', ['tripled'], 'r6'],
    ['The certificate of idp.example.net ran out at 06:01', ['06:01'], 'r2'],
    ['session-cache hits in 71 % of the cases', ['71 %'], 'r7'],
    ['12.1 logins fail per second', ['12.1'], 'r1', '{outcome="ok"} first=12.1'],
    ['The limit is 60 failures per minute', ['60'], 'o2', '631.8 > 50'],
    ['The rate of failures is 27 times the limit', ['27 times'], 'o2', '631.8 > 50'],
    ['auth-6c-a uses 4.0 GiB', ['4.0 GiB'], 'r3'],
    ['session-cache 7.2.5 was deployed', ['7.2.5'], 'o6'],
  ]),
];
