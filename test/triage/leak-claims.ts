import { type BlindClaim, truths, untruths } from './blind-claim';

const FARES_503 = 'http_requests_total{code="503", service="fares"} first=0.01 last=5.672';
const FIRST_POD = 'first=7 last=40 min=4 max=40 mean=17.12 changed=2027-03-04T14:11:45Z from=6 to=40 (another level)';
const SEARCH_DOWN = 'up{instance="10.4.2.32:8080", pod="search-2", service="search"} first=1 last=0';
const POD_7HX4D = '{pod="fares-6b7-7hx4d", pool="fares-rw", service="fares"} first=6 last=40';
const OTHER_PODS = 'others: 72 more series, their values between 3 and 15';
const NO_CONNECTION = 'no connection within 3000 ms: 40 in use, 3 waiting pool=fares-rw';
const TICKETS_503 = 'fares answered 503 for trip 7300 status=503 attempt=3';
const NEW_64 = 'new count=64 before=0 first=2027-03-04T14:14:08Z';
const SAME_45 = 'same: 45 lines in 2 patterns, about as often as before';
const TICKETS_DEPLOY = 'service "tickets", version "5.12.0", revision "d0c41f7a92"';
const FARES_DEPLOY = 'service "fares", version "8.3.1", revision "a81e6b3f04"';
const OTHER_NODES = 'others: 102 more series, each between 1.847 and 3.231, median 2.592';
const FARES_SHARE = '{service="fares"} first=0.000242 last=0.117';

/** Connections of `fares` leak since a flag: of the texts in test/fixtures/sent-texts/connection-leak.json. */
export const LEAK_CLAIMS: readonly BlindClaim[] = [
  ...truths('o2', [
    ['p99 of fares crossed 1 s at 14:13:00, 7 minutes before the alert', 'crossed: 2027-03-04T14:13:00Z'],
    ['p99 of fares stands at 4.8 s now', 'now: 4.815 > 1'],
    ['Before that p99 of fares was 248 ms', 'before: median 0.2478'],
  ]),
  ...untruths('o2', [
    ['p99 of seats stands at 4.8 s now', 'now: 4.815 > 1'],
    ['p99 of fares crossed 1 s at 14:06:10', 'crossed: 2027-03-04T14:13:00Z'],
  ]),
  ...truths('r1', [
    ['The 503s of fares rose from 0.01 to 5.7 per second', FARES_503],
    ['The 503s of fares set in at 14:14:45', FARES_503],
    ['The pool of fares-6b7-7hx4d changed its level at 14:11:45, from 6 to 40 connections', FIRST_POD],
    ['270 series were looked at and 14 of them changed', 'result: 270 series of 8 metrics looked at, 14 changed'],
    ['search-2 went down at 14:25:15, after the alert had begun', SEARCH_DOWN],
    ['Up to 62 requests wait for a connection on fares-6b7-7hx4d', 'first=0 last=59 min=0 max=62 mean=13.43'],
    ['256 series did not change', 'not changed: 256 series'],
    [
      'On fares-6b7-5c2k9 requests wait since 14:16:15, and on three more pods alike',
      'and 3 more of this metric, alike',
    ],
    ['fares-6b7-9qwz1 climbs steadily from 6 to 40 connections', 'from=6 to=40 (moves away steadily)'],
  ]),
  ...untruths('r1', [
    ['seats answers 5.7 requests per second with 503', FARES_503],
    ['The pool of fares-6b7-7hx4d changed its level at 14:16:15', FIRST_POD],
    ['The connections of fares-6b7-7hx4d fell from 40 to 6', FIRST_POD],
    ['fares-6b7-m4v7p holds 40 connections', FIRST_POD],
    ['41 of 270 series changed', 'result: 270 series of 8 metrics looked at, 14 changed'],
    ['tickets-2 went down at 14:25:15', SEARCH_DOWN],
    ['search-2 went down at 14:25:15, five minutes before the alert', SEARCH_DOWN],
    ['24 series changed', 'not changed: 256 series, of which 24 hold one value all the time'],
  ]),
  ...truths('r2', [
    ['fares-6b7-fk6s2 went from 8 connections to 40', 'changed=2027-03-04T14:12:15Z from=8 to=40'],
    ['fares-6b7-7hx4d had reached 40 connections by 14:13', POD_7HX4D],
    ['The other 72 series lie between 3 and 15', OTHER_PODS],
    [
      'seats-0 moves between 6 and 10 connections',
      '{pod="seats-0", pool="seats-rw", service="seats"} first=7 last=7 min=6 max=10',
    ],
    ['84 series were found', 'result: matrix, 84 series'],
    ['At 14:07 fares-6b7-7hx4d held about 12 connections', POD_7HX4D],
    ['fares-6b7-7hx4d began to climb at 14:09:15, 10 min 45 s before the alert', POD_7HX4D],
    ['None of the 72 other series is above 15', OTHER_PODS],
    ['Nine of the other series changed, too', '9 of them changed, too, by less or at another time'],
    [
      'fares-6b7-5c2k9 has been at its 40 connections since about 14:16',
      '{pod="fares-6b7-5c2k9", pool="fares-rw", service="fares"}',
    ],
  ]),
  ...untruths('r2', [
    ['fares-6b7-m4v7p holds 15 connections', OTHER_PODS],
    ['loyalty-1 holds 15 connections', OTHER_PODS],
    ['72 series changed', OTHER_PODS],
    ['12 of the other series changed, too', '9 of them changed, too, by less or at another time'],
    ['seats-0 rose from 6 to 9 connections', 'changed=2027-03-04T14:07:45Z from=9 to=6'],
    ['fares-6b7-b83tn began to climb at 14:09:15', 'changed=2027-03-04T14:12:15Z from=7 to=40'],
    ['mod1-28 reached 40 connections', '{pod="mod1-28", pool="mod1-rw", service="mod1"} first=7 last=7 min=6 max=10'],
    ['At 14:07 fares-6b7-7hx4d already held 33 connections', POD_7HX4D],
    ['fares-6b7-5c2k9 held 40 connections at 14:04', '{pod="fares-6b7-5c2k9", pool="fares-rw", service="fares"}'],
    ['The other 72 series lie between 3 and 40', OTHER_PODS],
  ]),
  ...truths('r3', [
    ['fares logs 64 times that no connection came within 3000 ms, the last time at 14:29:02', NO_CONNECTION],
    ['The first "no connection" of fares is from 14:14:08', NO_CONNECTION],
    ['Requests of fares waited between 3000 and 3089 ms', 'min wait_ms=3000, max wait_ms=3089'],
    ['tickets got a 503 from fares 23 times, from 14:14:20 on', TICKETS_503],
    [
      'At 14:09:47 a batch of 250 quotes kept its connection on fares-6b7-7hx4d',
      'batch of 250 quotes kept its connection',
    ],
    ['search-2 was killed for lack of memory at 14:24:58', 'out of memory: killed pod=search-2'],
    ['The flag was on at 14:06:11, eight minutes before the first error of fares', 'flag quote-batching is now on'],
    ['Five pods of fares log that no connection came', '5 pod, as pod=fares-6b7-5c2k9'],
    ['tickets gave up at attempt 3', TICKETS_503],
    ['All 40 connections were in use at 14:14:08', NO_CONNECTION],
  ]),
  ...untruths('r3', [
    ['tickets logs 64 errors', TICKETS_503],
    ['All 64 lines are from fares-6b7-5c2k9', '5 pod, as pod=fares-6b7-5c2k9'],
    ['The first "no connection" of fares is from 14:14:20', NO_CONNECTION],
    ['fares-6b7-7hx4d waited 3089 ms', 'min wait_ms=3000, max wait_ms=3089'],
    ['search-2 was killed at 14:22:00', 'out of memory: killed pod=search-2'],
    ['99 errors were logged', 'result: lines, 99 found, oldest first'],
    ['Five times a voucher took 806 ms to render', 'slow render of voucher: 806 ms'],
    ['50 pods of fares log that no connection came', '5 pod, as pod=fares-6b7-5c2k9'],
    ['In all 64 cases 3 requests were waiting', NO_CONNECTION],
    ['The batch of 250 quotes kept its connection on fares-6b7-m4v7p', 'batch of 250 quotes kept its connection'],
    ['fares runs version 5.12.0', 'flag quote-batching is now on version=8.3.1'],
  ]),
  ...truths('r4', [
    ['"no connection within …" of fares is new: 64 times since 14:14:08, never before', NEW_64],
    ['tickets logs 23 new errors: fares answered 503', 'new count=23 before=0'],
    ['The rebuilds of the points cache are gone: 6 before, none now', 'gone count=0 before=6'],
    ['fares quoted 42 trips, about as often as before', SAME_45],
    ['Of 8 patterns 5 are new', 'result: 8 patterns of 135 lines: 5 new'],
    ['search ran out of memory once, at 14:24:58', 'new count=1 before=0 first=2027-03-04T14:24:58Z'],
    ['The baseline holds 54 lines', 'to 2027-03-04T14:05:00Z, 54 lines'],
    ['The last error of fares is from 14:29:02', NEW_64],
  ]),
  ...untruths('r4', [
    ['"cache of points rebuilt" is new: 6 times', 'gone count=0 before=6 first=2027-03-04T13:50:00Z'],
    ['tickets logs "no connection" 64 times', NEW_64],
    ['The slow renders are new: 3 of them', '3 of "slow render of voucher: <*> ms"'],
    ['In the baseline tickets had got 23 answers of 503 as well', 'new count=23 before=0'],
    ['search was killed 64 times', 'new count=1 before=0 first=2027-03-04T14:24:58Z level=fatal'],
    ['The last error of fares is from 14:29:22', NEW_64],
    ['135 lines are new', 'result: 8 patterns of 135 lines: 5 new'],
    ['The quoted trips rose from 42 to 45', SAME_45],
    ['loyalty rebuilds its cache more often now: 6 times instead of 0', 'gone count=0 before=6'],
  ]),
  ...truths('r5', [
    ['c55f0e9d11 no longer releases the connection of a batch', 'defer b.conn.Release()'],
    ['c55f0e9d11 raises idleTimeout from 30 s to 10 min', 'idleTimeout: 10 * time.Minute'],
    ['fares 8.3.1 brought c55f0e9d11 at 11:52:20', FARES_DEPLOY],
    ['The commit of jun came 4 h 5 min before the start', 'revision "c55f0e9d11", author "jun"'],
  ]),
  ...untruths('r5', [
    ['a81e6b3f04 was deployed at 10:15:05', FARES_DEPLOY],
    ['c55f0e9d11 lowers idleTimeout from 10 min to 30 s', 'idleTimeout: 10 * time.Minute'],
    ['c55f0e9d11 raises maxOpen to 40', 'maxOpen: 40,'],
    ['c55f0e9d11 was brought by fares 8.3.2', FARES_DEPLOY],
  ]),
  ...truths('r6', [
    ['tickets 5.12.0 was deployed 48 min before the alert', TICKETS_DEPLOY],
    ['ines turned quote-batching on at 14:06:10', 'id "quote-batching-7", service "fares", author "ines"'],
    ['seats went from 4 to 6 replicas after the alert had begun', '+replicas: 6'],
    ['5 changes are recorded: 4 before the start and 1 after it', 'result: changes, 5 found: 4 before the start'],
    ['No change of search is recorded', 'result: changes, 5 found: 4 before the start'],
  ]),
  ...untruths('r6', [
    ['tickets went from 4 to 6 replicas', '+replicas: 6'],
    ['tickets 5.12.0 replaced 2f9d7740be', TICKETS_DEPLOY],
    ['seats was scaled 6 min 30 s before the start', 'config, 6 min 30 s after the start'],
    ['ines deployed tickets 5.12.0', TICKETS_DEPLOY],
    ['fares 8.4.0 was deployed at 11:52:20', FARES_DEPLOY],
    ['d0c41f7a92 removed the release of the connection', 'defer b.conn.Release()'],
    ['No flag was changed before the alert', 'result: changes, 5 found: 4 before the start'],
    ['seats was never scaled', 'result: changes, 5 found: 4 before the start'],
  ]),
  ...truths('r7', [
    ['node-77 has a load of 19.8', '{instance="node-77:9100"} 19.84'],
    ['The median of the other 102 nodes is 2.6', OTHER_NODES],
    ['130 nodes report a load', 'result: vector, 130 series'],
    ['The load of node-77 is 5.5 times that of node-9, the next', '{instance="node-77:9100"} 19.84'],
    ['The lowest load is 1.7, of node-105', '{instance="node-105:9100"} 1.701'],
    ['102 other nodes lie between 1.8 and 3.2', OTHER_NODES],
  ]),
  ...untruths('r7', [
    ['node-50 has a load of 3.231', OTHER_NODES],
    ['node-12 has a load of 2.592', OTHER_NODES],
    ['All 130 nodes have a load above 3.2', 'result: vector, 130 series'],
    ['node-9 has a load of 19.84', '{instance="node-9:9100"} 3.633'],
    ['102 nodes have a load above 19', OTHER_NODES],
    ['No node has a load above 10', OTHER_NODES],
    ['node-105 has a load of 1.07', '{instance="node-105:9100"} 1.701'],
  ]),
  ...truths('r8', [
    ['fares fails 11.7 % of its requests with 503', FARES_SHARE],
    ['By 14:15:30 10 % of the requests of fares failed', FARES_SHARE],
    ['tickets peaked at 3.3 % of 503', 'max=0.03275'],
    ['seats answers none of its requests with 503 now: 0 %', '{service="seats"} first=0.000242 last=0'],
  ]),
  ...untruths('r8', [
    ['seats fails 11.7 % of its requests with 503', FARES_SHARE],
    ['tickets fails 31 % of its requests', '{service="tickets"} first=0.000242 last=0.03123'],
    ['fares peaked at 12.15 % at 14:30', FARES_SHARE],
    ['The share of 503 of fares fell from 11.7 % to 0.02 %', FARES_SHARE],
    ['seats fails more now than before: 0.024 % instead of 0', '{service="seats"} first=0.000242 last=0'],
  ]),
  ...truths('r9', [['None of the 99 lines names fares-6b7-m4v7p', 'none of its 99 lines holds "m4v7p"']]),
  ...untruths('r9', [
    ['fares-6b7-m4v7p is named in 99 lines', 'none of its 99 lines holds "m4v7p"'],
    ['fares-6b7-m4v7p is down', 'none of its 99 lines holds "m4v7p"'],
  ]),
  ...truths('r10', [
    [
      'fares-6b7-7hx4d got no connection 13 times between 14:14:22 and 14:28:34',
      'no connection within 3000 ms: 40 in use, 14 waiting',
    ],
    ['On fares-6b7-7hx4d 49 requests waited at 14:25:01', '40 in use, 49 waiting'],
    ['The longest wait on fares-6b7-7hx4d was 3087 ms', '"wait_ms":3087'],
  ]),
  ...untruths('r10', [
    ['At 14:20:17 49 requests waited on fares-6b7-7hx4d', '40 in use, 29 waiting'],
    ['fares-6b7-b83tn waited 3087 ms', '"wait_ms":3087'],
    ['fares-6b7-7hx4d logged 99 lines', 'result: lines, 99 found, oldest first; here a part of it'],
    ['The only line of fares is from 14:09:47', 'batch of 250 quotes kept its connection'],
  ]),
  ...truths('r11', [
    [
      'There are 84 series of db_client_connections_in_use',
      'db_client_connections_in_use gauge (by its name), 84 series',
    ],
    ['2 of 8 metrics are about a connection pool', 'result: metrics, 2 found of 8'],
  ]),
  ...untruths('r11', [
    ['fares holds 84 connections', 'db_client_connections_in_use gauge (by its name), 84 series'],
    ['At most 6 connections are allowed', 'db_client_connections_max gauge (by its name), 6 series'],
    ['No pool of fares is exhausted', 'result: metrics, 2 found of 8'],
  ]),
  ...truths('r12', [
    ['12 of the 20 newest lines of fares say that no connection came', '12 messages; 5 pod'],
    ['fares quoted 8 trips between 14:26:34 and 14:30:53', 'quoted trip 582 in 54 ms'],
    ['At 14:26:26 all 40 connections were in use', 'no connection within 3000 ms: 40 in use, 5 waiting'],
  ]),
  ...untruths('r12', [
    ['fares logged 20 lines in the last hour', 'result: lines, 20 found, oldest first; the limit of 20 is reached'],
    ['fares logged no warning in the last hour', 'result: lines, 20 found, oldest first'],
    ['The errors of fares began at 14:26:26', 'no connection within 3000 ms: 40 in use, 5 waiting'],
    ['fares got no connection exactly 12 times in the hour', '12 messages; 5 pod'],
  ]),
];
