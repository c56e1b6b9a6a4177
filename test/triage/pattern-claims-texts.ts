import type { SentText } from '../../src/domain/sent-texts';
import { result, section } from './sent-text-of';

/** What log_patterns told of an incident, by hand: a charge that fails since a deploy, beside what is old and loud. */
const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-11-24T12:08:15Z',
    'label alertname: CheckoutErrors',
    'label service: checkout',
  ]),
  result('r1', 'log_patterns', '{service=~"checkout|payments|inventory"}', [
    'range: 2026-11-24T11:53:15Z to 2026-11-24T12:13:15Z',
    'baseline: 2026-11-24T11:33:15Z to 2026-11-24T11:53:15Z, 1204 lines',
    'result: 15 patterns of 1871 lines: 3 new, 2 risen, 1 gone, 9 the same',
    `new count=41 before=0 first=2026-11-24T12:03:11Z last=2026-11-24T12:13:02Z level=error service="payments" trace=95eabee412ed9c8edde16b800f70f3ef: charge failed: Cannot read properties of undefined (reading 'currency') (status 500)`,
    'new count=38 before=0 first=2026-11-24T12:03:12Z last=2026-11-24T12:13:04Z level=error service="checkout": order <*> gave up: payments answered 500 after <*> attempts | e.g. order 8812 gave up: payments answered 500 after 3 attempts',
    'new count=1 before=0 first=2026-11-24T12:01:32Z level=info service="payments": service started version=<*> | e.g. service started version=2.14.0',
    'risen count=412 before=20 first=2026-11-24T12:06:02Z last=2026-11-24T12:13:14Z level=warn service="inventory": cache is cold: reading from the database',
    'risen count=96 before=12 first=2026-11-24T11:54:40Z last=2026-11-24T12:13:10Z level=warn service="checkout":60 service="payments":36: slow query took <*> ms | e.g. slow query took 2043 ms',
    'gone count=0 before=8 first=2026-11-24T11:34:00Z last=2026-11-24T11:48:30Z level=info service="inventory": nightly batch <*> settled | e.g. nightly batch 7 settled',
    'same: 1283 lines in 9 patterns, about as often as before: 1100 of "request", 120 of "client closed the connection", 40 of "heartbeat" …',
  ]),
];

/** Everything that was sent of it, by handle. */
export const PATTERN_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((text) => [text.handle, text]));
