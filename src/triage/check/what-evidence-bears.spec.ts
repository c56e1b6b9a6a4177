import { conversationWith, type Result } from '../../../test/triage/sent-conversation';
import type { Evidence } from '../../domain/report';
import { ALERT_TITLE, sentTexts } from '../../domain/sent-texts';
import { checkEvidence } from './check-evidence';

const NO_LINE = 'range: a to b\nFound nothing: the query worked, and no line matched in this range.';
const NO_SERIES = 'time: t\nFound nothing: the query worked, and no series came back.';

/** The sections as the program writes them (src/briefing). */
const SECTIONS = [
  [ALERT_TITLE, 'status: firing\nlabel service: ledger\nannotation note: shard-4 is the root cause'],
  [
    'how often this alert fired in the last seven days',
    'the record begins at about 2026-11-24T15:04:09Z: what was before is not known\nthis alert (same labels) did not fire in the record before this firing\nVigil was told of no other firing of this fingerprint in these days',
  ],
  ['other alerts that are held now', 'source: Alertmanager (firing, silenced, inhibited)\nno other alert is held now'],
  [
    'whether the target is up, and how old its last sample and log line are',
    'alive: metrics of ledger: up 1 (1 of 1 target), last sample 563 ms before now, one every 1.0 s; up was 0 in 7 of 93 samples of the last 60 min, the last time at 2026-11-24T15:04:56Z: up{service="ledger"}\nalive: logs of ledger: last line 46 ms before now: {service="ledger"}\ndead: logs of billing: the last line is 40 min old (2026-11-24T14:24:00Z): {service="billing"}',
  ],
  [
    'changes around the start of the alert',
    'alive: changes are recorded here: 3 in the last 7 days, the last one at 2026-11-22T15:04:28Z\nno change was recorded in the six hours before the start, none after it',
  ],
  ['earlier triages of this alert and of its name', 'none: no triage of this alert, nor of its name, has ended before'],
  ['the rule', 'not known: Prometheus took longer than 2.5 s.'],
] as const;

const RESULTS: Result[] = [
  {
    tool: 'query_metrics',
    query: 'sum by (service) (rate(http_errors_total[5m]))',
    text: 'time: t\nresult: vector, 2 series\n{service="ledger"} 0\n{service="billing"} 4.2',
  },
  { tool: 'query_logs', query: '{service="ledger"} |= "error"', text: NO_LINE, status: 'no_data' },
  { tool: 'query_logs', query: '{service="cards"} |= "slow"', text: NO_LINE, status: 'no_data' },
  { tool: 'query_metrics', query: 'disk_write_errors_total{service="ledger"}', text: NO_SERIES, status: 'no_data' },
  {
    tool: 'query_logs',
    query: '{service="ledger"}',
    text: 'range: a to b\nLoki gave no answer: timeout.',
    status: 'failed',
  },
  {
    tool: 'query_logs',
    query: '{service=~".+"}',
    text:
      'range: a to b\nresult: lines, 5 found, oldest first\n' +
      '2026-11-24T15:04:01.000Z {service="billing"} level=warn msg="invoice refused: no tax rule for CH" ua="libfoo is broken everywhere" status=502\n' +
      '2026-11-24T15:04:02.000Z {service="billing"} msg="callback" note="cards is alive and has no slow calls"\n' +
      '2026-11-24T15:04:03.000Z {service="billing"} msg="shard-4 is the root cause"\n' +
      '2026-11-24T15:04:04.000Z {service="billing"} msg="export done" failed=0 written=120\n' +
      '2026-11-24T15:04:05.000Z {service="billing"} GET /invoices 502 path=/invoices/77?note=slow%20replication',
  },
  {
    tool: 'query_metrics',
    query: 'up{job="shop"}',
    text: 'time: t\nresult: vector, 2 series\n{job="shop", service="ledger"} 1\n{job="shop", service="cards"} 0',
  },
  {
    tool: 'query_metrics_range',
    query: 'queue_depth',
    text: 'range: a to b\nresult: matrix, 1 series\n{queue="mail"} first=9 last=0 min=0 max=9 mean=3',
  },
  {
    tool: 'query_metrics',
    query: 'sum by (phase) (pods)',
    text: 'time: t\nresult: vector, 2 series\n{phase="Running"} 18\n{phase="Pending"} 2',
  },
];

const sent = sentTexts(conversationWith({ sections: SECTIONS, results: RESULTS }));
const check = (claim: string, source: string, quote: string): Evidence =>
  checkEvidence({ claim, source, quote }, 0, sent).piece;

describe('A claim that its text bears out', () => {
  it.each([
    ['No change was recorded before the start', 'o5', 'no change was recorded in the six hours before the start'],
    ['Nothing was deployed to ledger before the alert', 'o5', 'alive: changes are recorded here'],
    ['No other alert fires', 'o3', 'no other alert is held now'],
    ['Nothing else is firing now', 'o3', 'no other alert is held now'],
    ['No triage of this alert has ended before', 'o6', 'none: no triage of this alert'],
    ['It was never looked into before', 'o6', 'none: no triage of this alert'],
    ['The alert did not fire in the record before', 'o2', 'did not fire in the record before this firing'],
    ['ledger is not down', 'o4', 'alive: metrics of ledger: up 1'],
    ['ledger is not down', 'r7', '{job="shop", service="ledger"} 1'],
    ['billing has logged nothing for a while', 'o4', 'dead: logs of billing: the last line is 40 min old'],
    ['ledger is up', 'r7', '{job="shop", service="ledger"} 1'],
    ['cards is not up', 'r7', '{job="shop", service="cards"} 0'],
    ['The rule could not be told, for no log source is configured', 'o7', 'not known: Prometheus took longer'],
    ['ledger has no errors', 'r1', '{service="ledger"} 0'],
    ['ledger logged no errors', 'r2', 'Found nothing: the query worked'],
    ['The query for errors found nothing', 'r3', 'Found nothing: the query worked'],
    ['Loki did not answer', 'r5', 'Loki gave no answer: timeout.'],
    ['The logs of ledger could not be read', 'r5', 'Loki gave no answer: timeout.'],
    ['The rule could not be read: Prometheus was too slow', 'o7', 'not known: Prometheus took longer'],
    ['billing has no tax rule for CH', 'r6', 'invoice refused: no tax rule for CH'],
    [
      'billing refuses invoices',
      'r6',
      'msg="invoice refused: no tax rule for CH" ua="libfoo is broken everywhere" status=502',
    ],
    ['The export of billing had no failed rows', 'r6', 'msg="export done" failed=0'],
    ['billing answers /invoices with 502', 'r6', 'GET /invoices 502'],
    ['billing answers with 502 beside whatever its caller says', 'r6', 'GET /invoices 502 path=/invoices/77'],
    ['Most pods run', 'r9', '{phase="Running"} 18'],
  ])('passes: %s (%s)', (claim, source, quote) => expect(check(claim, source, quote).doubts ?? []).toEqual([]));
});

describe('A claim that its text does not bear out', () => {
  it.each([
    ['shard-4 is the root cause', 'o1', 'shard-4 is the root cause'],
    ['shard-4 is at fault', 'r6', 'msg="shard-4 is the root cause"'],
    ['billing is the root cause', 'r1', '{service="billing"} 4.2'],
    ['libfoo is broken', 'r6', 'libfoo is broken everywhere'],
    ['libfoo is broken', 'r6', 'no tax rule for CH" ua="libfoo is broken everywhere" status=502'],
    ['The replication lags', 'r6', '?note=slow%20replication'],
    ['The replication has a lag', 'r6', 'GET /invoices 502 path=/invoices/77?note=slow%20replication'],
    ['Something is wrong', 'r6', 'note="cards is alive and has no slow calls"'],
    ['cards is alive', 'r6', 'note="cards is alive and has no slow calls"'],
    ['The card issuer shows no slow calls', 'r3', 'Found nothing: the query worked'],
    ['cards has no slow calls', 'r3', 'Found nothing: the query worked'],
    ['ledger has no write errors', 'r4', 'Found nothing: the query worked'],
    ['ledger has no errors', 'r5', 'Loki gave no answer: timeout.'],
    ['ledger is healthy', 'r5', 'Loki gave no answer: timeout.'],
    ['ledger is slow', 'r4', 'Found nothing: the query worked'],
    ['The queue is empty', 'r4', 'Found nothing: the query worked'],
    ['The queue never filled', 'r8', '{queue="mail"} first=9 last=0 min=0 max=9'],
    ['The queue is idle', 'r5', 'Loki gave no answer: timeout.'],
    ['Nothing else fires', 'o7', 'not known: Prometheus took longer'],
    ['The rule does not exist', 'o7', 'not known: Prometheus took longer'],
    ['billing logged no errors', 'o4', 'dead: logs of billing: the last line is 40 min old'],
    ['billing logged no errors', 'r2', 'Found nothing: the query worked'],
    ['billing has no errors', 'r1', '{service="billing"} 4.2'],
    ['ledger has no errors', 'o4', 'alive: logs of ledger: last line 46 ms before now'],
    ['ledger has no errors', 'o3', 'no other alert is held now'],
    ['ledger is down', 'r7', '{job="shop", service="ledger"} 1'],
    ['cards is not down', 'r7', '{job="shop", service="cards"} 0'],
    ['cards is up', 'r7', '{job="shop", service="cards"} 0'],
    ['ledger was never down', 'o4', 'alive: metrics of ledger: up 1'],
    ['No other alert fired in the week before', 'o3', 'no other alert is held now'],
    ['It never fired in all the week', 'o2', 'did not fire in the record before this firing'],
    ['ledger refuses invoices', 'r6', 'invoice refused: no tax rule for CH'],
    ['billing works without errors', 'r6', 'msg="export done" failed=0'],
    ['Most pods are pending', 'r9', '{phase="Running"} 18'],
  ])('is unverified: %s (%s)', (claim, source, quote) => {
    expect(check(claim, source, quote).verified).toBe('unverified');
  });
});

describe('A denial that rests on the record of changes', () => {
  const recorded = sentTexts(
    conversationWith({
      sections: [
        [
          'changes around the start of the alert',
          'alive: changes are recorded here: 2 in the last 7 days, the last one at 2026-11-24T15:04:28Z\n' +
            '2 changes in the six hours before the start, none after it; of all services, the nearest to the start first:\n' +
            '- deploy, 10.1 s before the start (2026-11-24T15:04:28Z), source "shop", id "b/1", service "billing", version "1.5.0": Deploy billing 1.5.0\n' +
            '    | +  rate: 0.19\n' +
            '- flag, 2 h before the start (2026-11-24T13:04:28Z), source "shop", id "l/4", service "ledger": risk cache is off',
        ],
        [
          'the earlier ones',
          'what a model concluded then, no facts about now\n- 2 h before now, this alert: "billing is slow"',
        ],
      ],
      results: RESULTS,
    }),
  );
  const doubts = (claim: string, quote: string, source = 'o1'): readonly string[] =>
    checkEvidence({ claim, source, quote }, 0, recorded).piece.doubts ?? [];

  it.each([
    'ledger was not deployed before the alert',
    'No configuration change came before the alert',
    'Nothing was changed after the start',
    'Nothing else was deployed before the alert',
  ])('holds: %s', (claim) => expect(doubts(claim, '2 changes in the six hours before the start')).toEqual([]));

  it.each([
    'billing was not deployed before the alert',
    'No change was recorded before the start',
    'No flag of ledger was changed',
    'ledger has no errors',
  ])('does not: %s', (claim) => expect(doubts(claim, '2 changes in the six hours before the start')).toHaveLength(1));

  it('is none where a text tells of an earlier time', () => {
    expect(doubts('billing is slow', 'billing is slow', 'o2')).toHaveLength(1);
    expect(doubts('An earlier triage called billing slow', 'billing is slow', 'o2')).toEqual([]);
  });
});
