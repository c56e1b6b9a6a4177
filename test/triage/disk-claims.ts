import { type BlindClaim, truths, untruths } from './blind-claim';

const DISK_LOW = '2027-05-19T02:52:00Z firing DiskLow {instance="edge-4:9100", severity="critical"}';
const CERT_PENDING = 'pending RelayCertExpired {service="mailrelay", severity="critical"}';
const SILENCED = 'silenced by ravi until 2027-05-19T09:00:00Z (edge-9 gets a new board) TargetDown';
const INHIBITED = 'inhibited by DiskLow IngestStalled {service="ingest", severity="warning"}';
const FIVE_ALERTS = 'result: 5 alerts, 2 of them firing unmuted';
const EDGE_9_DOWN = '{instance="edge-9:9100", job="node"} down since 2027-05-19T02:14:15Z';
const RELAY_1_DOWN = '{instance="relay-1:8443", job="mailrelay", service="mailrelay"} down since 2027-05-19T02:00:00Z';
const EDGE_4_SHARE = '{instance="edge-4:9100"} 0.01688';
const WRITES_97 = '9163.seg: no space left on device bytes=4194304';
const LIMIT_100 = 'result: lines, 100 found, oldest first; the limit of 100 is reached';
const NEW_260 = 'new count=260 before=0 first=2027-05-19T02:47:03Z';
const COMPACTION = 'fallen count=4 before=16';
const SAME_42 = 'same: 42 lines in 2 patterns, about as often as before';
const INGEST_DEPLOY = 'service "ingest", version "3.9.4", revision "51fa08de"';
const RETENTION = 'id "ret-311", service "compact", revision "e4d90b7c"';
const FOUR_CHANGES = 'result: changes, 4 found: 3 before the start of the alert';
const QUEUE = 'first=9 last=1692 min=9 max=1692 mean=510.6';
const PUSH = 'ingest_frames_total{job="ingest", mode="push", node="edge-4", service="ingest"} first=310.8 last=0';
const DISK_FALL =
  'node_filesystem_avail_bytes{instance="edge-4:9100", job="node", mountpoint="/var"} first=61099139049';

/** A disk fills, and a certificate has expired elsewhere: of the texts in test/fixtures/sent-texts/full-disk.json. */
export const DISK_CLAIMS: readonly BlindClaim[] = [
  ...truths('o2', [
    ['/var of edge-4 fell below 5 % at 02:50:30', 'crossed: 2027-05-19T02:50:30Z'],
    ['Before, /var of edge-4 had 30 % free (median)', 'before: median 0.2993'],
    ['1.7 % are left now', 'now: 0.01688 < 0.05'],
  ]),
  ...untruths('o2', [
    ['/var of edge-9 fell below 5 % at 02:50:30', 'crossed: 2027-05-19T02:50:30Z'],
    ['16.9 % are left now', 'now: 0.01688 < 0.05'],
  ]),
  ...truths('o4', [['retention was made weekly 1 h 14 min before the start', RETENTION]]),
  ...untruths('o4', [['retention was made weekly 21 min before the start', RETENTION]]),
  ...truths('r1', [
    ['DiskLow of edge-4 fires since 02:52:00', DISK_LOW],
    ['2 alerts fire, 1 is pending, 1 is silenced and 1 inhibited', FIVE_ALERTS],
    ['MailQueueLong of mailer fires since 02:21', '2027-05-19T02:21:00Z firing MailQueueLong {service="mailer"'],
    ['RelayCertExpired is pending since 03:01:30', CERT_PENDING],
    ['TargetDown of edge-9 is silenced by ravi until 09:00', SILENCED],
    ['IngestStalled is inhibited by DiskLow; it began at 02:50:00', INHIBITED],
    ['Two of five alerts fire unmuted', FIVE_ALERTS],
  ]),
  ...untruths('r1', [
    ['RelayCertExpired fires since 03:01:30', CERT_PENDING],
    ['RelayCertExpired is firing', CERT_PENDING],
    ['TargetDown of edge-9 is firing since 02:19', SILENCED],
    ['IngestStalled fires since 02:50', INHIBITED],
    ['5 alerts are firing', FIVE_ALERTS],
    ['IngestStalled is silenced by ravi', INHIBITED],
    ['MailQueueLong fires since 02:52:00', '2027-05-19T02:21:00Z firing MailQueueLong {service="mailer"'],
    ['No alert is silenced', FIVE_ALERTS],
    ['DiskLow fires for edge-9 since 02:52:00', DISK_LOW],
    ['TargetDown of edge-9 is silenced until 06:00', SILENCED],
  ]),
  ...truths('r2', [
    ['relay-1 is down since 02:00:00', RELAY_1_DOWN],
    ['relay-1 is down because its certificate has expired', 'x509: certificate has expired or is not yet valid'],
    ['edge-9 is down since 02:14:15', EDGE_9_DOWN],
    ['16 of 19 targets are up', 'in all: 16 of 19 up, 3 down'],
    ['All 3 targets of ingest are up', 'job ingest: 3 of 3 up'],
    ['13 of 14 nodes are up', 'job node: 13 of 14 up'],
    ['Both targets of mailrelay are down: 0 of 2 are up', 'job mailrelay: 0 of 2 up'],
    ['No target of ingest is down', 'job ingest: 3 of 3 up'],
    ['The certificate of relay-1 expired at 02:00:00', 'is after 2027-05-19T02:00:00Z'],
  ]),
  ...untruths('r2', [
    ['3 targets of ingest are down', 'job ingest: 3 of 3 up'],
    ['ingest is down', 'job ingest: 3 of 3 up'],
    ['edge-9 is down since 02:00:00', EDGE_9_DOWN],
    ['edge-4 is down since 02:14:15', EDGE_9_DOWN],
    ['relay-1 is down since 02:14:15', RELAY_1_DOWN],
    ['4 targets are down', 'in all: 16 of 19 up, 3 down'],
    ['1 of 2 targets of mailrelay is up', 'job mailrelay: 0 of 2 up'],
    ['edge-9 is up', EDGE_9_DOWN],
    ['No target is down', 'in all: 16 of 19 up, 3 down'],
    ['relay-1 is down since 03:09:56', RELAY_1_DOWN],
  ]),
  ...truths('r3', [
    ['edge-4 has 1.7 % of /var left', EDGE_4_SHARE],
    ['edge-1 has 51 % of /var left', '{instance="edge-1:9100"} 0.5129'],
    ['/var is known of 14 nodes', 'result: vector, 14 series'],
    ['edge-9 has 61.3 % left, 36 times as much as edge-4', EDGE_4_SHARE],
  ]),
  ...untruths('r3', [
    ['edge-14 has 1.7 % of /var left', EDGE_4_SHARE],
    ['edge-4 has 16.9 % of /var left', EDGE_4_SHARE],
    ['edge-3 has 62.6 % of /var left', '{instance="edge-3:9100"} 0.5387'],
    ['No node is short of space', EDGE_4_SHARE],
  ]),
  ...truths('r4', [
    ['97 of the newest 100 lines are failed writes, from 03:00:54 to 03:09:03', WRITES_97],
    ['ingest rotated 40 segments and kept all at 03:05:00', 'rotated 40 segments kept=all retention=0h'],
    ['The writes of segments 9163 to 9259 failed', 'min seg=9163, max seg=9259'],
    ['Each segment that could not be written has 4 MiB', WRITES_97],
    ['ingest has no space left on edge-4 at 03:00:54', WRITES_97],
  ]),
  ...untruths('r4', [
    ['ingest failed exactly 97 times since 02:45', WRITES_97],
    ['The first write of ingest failed at 03:00:54', WRITES_97],
    ['ingest logged 100 lines between 02:45 and 03:10', LIMIT_100],
    ['edge-2 has no space left: 97 writes failed there', WRITES_97],
    ['ingest rotated 97 segments at 03:05:00', 'rotated 40 segments kept=all retention=0h'],
    ['No write of ingest failed before 03:00', LIMIT_100],
    ['Each failed write had 9163 bytes', WRITES_97],
    ['The last write failed at 03:05:00', '97 times, last at 2027-05-19T03:09:03.900Z'],
  ]),
  ...truths('r5', [
    ['260 failed writes of ingest since 02:47:03 are new', NEW_260],
    ['"compaction skipped" of compact fell from 16 lines to 4', COMPACTION],
    ['The 25 errors about an expired certificate are about as many as before', SAME_42],
    ['mailer sent digests 3 times, 9 times before', 'fallen count=3 before=9'],
    ['One of five patterns is new', 'result: 5 patterns of 309 lines: 1 new'],
    ['260 of 309 lines are failed writes', NEW_260],
  ]),
  ...untruths('r5', [
    ['The 25 errors about an expired certificate are new', SAME_42],
    ['"compaction skipped" of compact rose from 4 lines to 16', COMPACTION],
    ['mailer failed to write 260 times', NEW_260],
    ['Writes of ingest fail since 02:37:00', NEW_260],
    ['The digests of mailer fell from 16 to 4', 'fallen count=3 before=9'],
    ['309 writes failed', 'result: 5 patterns of 309 lines: 1 new'],
    ['The failed writes of ingest ended at 02:43:00', NEW_260],
    ['compact logs nothing any more', COMPACTION],
    ['260 writes of ingest had failed in the baseline', NEW_260],
  ]),
  ...truths('r6', [
    ['retention was made weekly by lena at 01:38:20, 1 h 14 min before the start', RETENTION],
    ['e4d90b7c raises keep_hours from 36 to 168', '+keep_hours: 168'],
    ['ingest 3.9.4 replaced b7710c2a at 02:31', INGEST_DEPLOY],
    [
      'mailer 1.20.0 was deployed 4 h 47 min before the start',
      'service "mailer", version "1.20.0", revision "9ac3ee10"',
    ],
    ['No change of mailrelay is recorded', FOUR_CHANGES],
    ['keep_hours is 4.7 times what it was', '+keep_hours: 168'],
  ]),
  ...untruths('r6', [
    ['e4d90b7c lowers keep_hours from 168 to 36', '+keep_hours: 168'],
    ['ingest 3.9.4 raised keep_hours to 168', '+keep_hours: 168'],
    ['lena deployed ingest 3.9.4', INGEST_DEPLOY],
    ['e4d90b7c was rolled out at 02:31:00', RETENTION],
    ['mailer 1.20.0 was deployed 21 min before the start', 'service "mailer", version "1.20.0", revision "9ac3ee10"'],
    ['The incident inc-77 came 10 min before the start', 'incident, 10 min 10 s after the start'],
    ['Nothing was changed in the six hours before the start', FOUR_CHANGES],
    ['ingest 3.9.4 is revision 7f3ab29c', INGEST_DEPLOY],
    ['compact was not changed', FOUR_CHANGES],
  ]),
  ...truths('r7', [
    ['node_filesystem_avail_bytes has 14 series', 'series: 14 of node_filesystem_avail_bytes now'],
    ['The most space that any node has available is 53.9 GB', 'its answer: 1 series: 53900085036'],
  ]),
  ...untruths('r7', [
    ['edge-4 has 53.9 GB available', 'its answer: 1 series: 53900085036'],
    ['14 nodes are full', 'series: 14 of node_filesystem_avail_bytes now'],
    ['No node is short of disk space', 'series: 14 of node_filesystem_avail_bytes now'],
  ]),
  ...truths('r8', [
    [
      'tls_certificate_not_after_seconds has no series now',
      'tls_certificate_not_after_seconds gauge (by its name), 0 series',
    ],
  ]),
  ...untruths('r8', [
    ['No certificate has expired', 'tls_certificate_not_after_seconds gauge (by its name), 0 series'],
    ['1 certificate has expired', 'result: metrics, 1 found of 6'],
    ['No certificate is used by mailrelay', 'tls_certificate_not_after_seconds gauge (by its name), 0 series'],
  ]),
  ...truths('r9', [
    ['The mail queue of mailer grew from 9 to 1,692', QUEUE],
    ['At 02:04 108 mails waited', QUEUE],
    ['The mail queue grows since about 02:01', QUEUE],
  ]),
  ...untruths('r9', [
    ['The mail queue of mailer fell from 1,692 to 9', QUEUE],
    ['At 02:04 900 mails waited', QUEUE],
    ['1,692 frames of ingest wait in its queue', QUEUE],
    ['The mail queue peaked at 1,692 at 02:31', QUEUE],
    ['On average 1,692 mails waited', QUEUE],
  ]),
  ...truths('r10', [['Loki knows no logs of mailrelay', 'The label service has no value "mailrelay" in this range']]),
  ...untruths('r10', [
    ['mailrelay logged no error', 'Found nothing: the query worked, and no line matched in this range.'],
    ['mailrelay had no trouble with its certificate', 'Found nothing: the query worked, and no line matched'],
  ]),
  ...truths('r11', [
    ['The push frames of ingest fell from 310 per second to 0 at 02:49', PUSH],
    ['/var of edge-4 fell from 61 GB to 1.35 GB', DISK_FALL],
    ['edge-9 went down at 02:14:30', 'up{instance="edge-9:9100", job="node"} first=1 last=0'],
    ['6 of 50 series changed', 'result: 50 series of 5 metrics looked at, 6 changed'],
    ['44 series did not change', 'not changed: 44 series'],
    ['The mail queue of mailer climbs since 02:01', 'mail_queue_length{instance="mailer-1:8080"'],
  ]),
  ...untruths('r11', [
    ['The pull frames of ingest fell from 310 per second to 0', PUSH],
    ['/var of edge-4 changed at 02:49:00', DISK_FALL],
    ['/var of edge-9 fell to 1.35 GB', DISK_FALL],
    ['The mail queue of mailer climbs since 02:14:30', 'mail_queue_length{instance="mailer-1:8080"'],
    ['The push frames of ingest rose from 0 to 310 per second', PUSH],
    ['30 series changed', 'not changed: 44 series, of which 30 hold one value all the time'],
    ['edge-9 came up at 02:14:30', 'up{instance="edge-9:9100", job="node"} first=1 last=0'],
  ]),
  ...truths('r12', [
    ['The logs of compact could not be read: Loki answered 500', 'Loki answered 500: too many outstanding requests'],
  ]),
  ...untruths('r12', [
    ['compact logged nothing in the last two hours', 'Loki answered 500: too many outstanding requests'],
    ['compact answers with 500', 'Loki answered 500: too many outstanding requests'],
    ['No compaction was skipped', 'Loki answered 500: too many outstanding requests'],
  ]),
  ...truths('r13', [
    ['edge-10 has 62.6 % of /var left', '{instance="edge-10:9100", job="node", mountpoint="/var"}'],
    ['edge-14 has 67 % of /var left', '{instance="edge-14:9100", job="node", mountpoint="/var"}'],
  ]),
  ...untruths('r13', [
    ['Only six nodes report /var', 'result: vector, 14 series; here a part of it'],
    ['edge-1 has 62.6 % of /var left', '{instance="edge-10:9100", job="node", mountpoint="/var"}'],
    ['No node has less than half of /var left', 'result: vector, 14 series; here a part of it'],
  ]),
  ...truths('r14', [['None of 6 metrics is about OOM kills', 'none of 6 metrics has one of these words']]),
  ...untruths('r14', [
    ['No process was killed for lack of memory', 'Found nothing: the question worked, and none of 6 metrics'],
    ['edge-4 had no OOM kills', 'Found nothing: the question worked, and none of 6 metrics'],
  ]),
];
