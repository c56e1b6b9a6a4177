import type { SentText } from '../../src/domain/sent-texts';
import { section } from './sent-text-of';

/** Disks of a node fill, and with them a database slows: found by what changed most. The alert began at 12:10:00. */
const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-11-24T12:10:00Z',
    'label alertname: CheckoutSlow',
    'label service: checkout',
  ]),
  {
    handle: 'r1',
    source: 'rank_anomalies',
    status: 'ok',
    input: {},
    text: [
      'scope: everything',
      'range: 2026-11-24T11:10:00Z to 2026-11-24T12:20:00Z, step 40s',
      'result: 412 series of 96 metrics looked at, 5 changed',
      'common labels: {job="shop"}',
      'order: clearest change first, each dated to a step: points from 2026-11-24T11:10:00Z every 40s',
      'db_pool_waiting{service="orders"} first=0 last=18 min=0 max=21 mean=3.4 changed=2026-11-24T12:04:40Z from=0 to=17 (another level)',
      'http_requests_total{code="500", service="checkout"} first=0.02 last=4.2 min=0 max=5.1 mean=0.9 changed=2026-11-24T12:06:00Z from=0.03 to=4.4 (another level; per second: rate of a counter)',
      'node_filesystem_avail_bytes{instance="db-1"} first=52000000000 last=300000000 min=300000000 max=52100000000 mean=41000000000 changed=2026-11-24T11:52:00Z from=52000000000 to=410000000 (moves away steadily)',
      'up{instance="cache-2"} first=1 last=1 min=1 max=1 mean=1 changed=2026-11-24T12:01:20Z from=1 to=none (no samples any more)',
      'queue_depth{service="mailer"} first=4 last=5 min=3 max=96 mean=12 changed=2026-11-24T11:40:40Z until=2026-11-24T11:48:00Z from=4 to=90 (for a while)',
      'not changed: 407 series, of which 120 hold one value all the time',
    ].join('\n'),
  },
];

export const RANKED_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((sent) => [sent.handle, sent]));
