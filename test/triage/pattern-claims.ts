import { type Claim, right, wrong } from './claims';

const CHARGE = 'new count=41 before=0';

/** What a model may say of the patterns in pattern-claims-texts.ts, true and untrue (see Claim). */
export const PATTERN_CLAIMS: readonly Claim[] = [
  ...right('true', [
    ['payments logged "charge failed" 41 times', 'r1', CHARGE],
    ['The charge failures of payments are new since 12:03:11', 'r1', CHARGE],
    ['payments first logged "charge failed" at 12:03:11 UTC', 'r1'],
    ['checkout gave up 38 orders, the first at 12:03:12', 'r1'],
    ['checkout gave up order 8812 after 3 attempts', 'r1', 'order 8812 gave up'],
    ['payments answered 500 to checkout', 'r1'],
    ['The cache of inventory was cold 412 times, and 20 times before', 'r1'],
    ['The cold cache lines of inventory rose from 20 to 412', 'r1', 'risen count=412'],
    ['payments logged 36 slow queries', 'r1'],
    ['checkout logged 60 slow queries', 'r1'],
    ['Slow queries rose from 12 to 96', 'r1', 'risen count=96 before=12'],
    ['The nightly batch of inventory was last settled at 11:48:30', 'r1', 'gone count=0'],
    ['payments 2.14.0 started at 12:01:32', 'r1', 'service started version=2.14.0'],
    ['The failed charges of payments began 99 s after its start at 12:01:32', 'r1', CHARGE],
    ['3 of the 15 patterns are new', 'r1', 'result: 15 patterns of 1871 lines: 3 new'],
    ['1871 lines were read', 'r1', 'result: 15 patterns of 1871 lines'],
    ['Trace 95eabee412ed9c8edde16b800f70f3ef holds a charge that failed', 'r1', CHARGE],
    ['Since 12:03 payments fails its charges; checkout gives up its orders since then'],
    ['The slow queries are not new: there were 12 before', 'r1', 'risen count=96 before=12'],
    ['Slow queries came 8 times as often as before', 'r1', 'risen count=96 before=12'],
  ]),
  ...wrong('invented', [
    ['payments logged "charge failed" 57 times', ['57'], 'r1', CHARGE],
    ['The charge failures of payments are new since 11:47:20', ['11:47:20'], 'r1', CHARGE],
    ['The cold cache lines of inventory rose from 3 to 412', ['3'], 'r1', 'risen count=412'],
    ['Slow queries came 20 times as often as before', ['20 times'], 'r1', 'risen count=96 before=12'],
    ['7 of the 15 patterns are new', ['7'], 'r1', 'result: 15 patterns of 1871 lines: 3 new'],
    ['checkout gave up order 9001 after 3 attempts', ['9001'], 'r1', 'order 8812 gave up'],
  ]),
  ...wrong('misattributed', [
    ['inventory logged "charge failed" 41 times', ['41'], 'r1'],
    ['payments logged "charge failed" 412 times', ['412'], 'r1'],
    ['payments logged 60 slow queries', ['60'], 'r1'],
    ['checkout logged 36 slow queries', ['36'], 'r1'],
    ['The cold cache of inventory came 41 times', ['41'], 'r1'],
    ['The cold cache of inventory first came at 12:03:11', ['12:03:11'], 'r1'],
    ['The slow queries are new: 96 of them', ['96'], 'r1'],
    ['The cold cache warnings of inventory are new since 12:06:02', ['12:06:02'], 'r1'],
    ['The cold cache lines of inventory rose from 412 to 20', ['412', '20'], 'r1'],
  ]),
];
