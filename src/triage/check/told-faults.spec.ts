import { Logger } from '@nestjs/common';
import { conversationWith, type Sent } from '../../../test/triage/sent-conversation';
import type { Conversation } from '../../domain/conversation';
import type { Evidence, Report } from '../../domain/report';
import { checkReport, type CheckedReport } from './check-report';

const SENT: Sent = {
  results: [
    {
      tool: 'query_metrics',
      query: 'errors',
      text: 'time: t\nresult: vector, 1 series\n{service="payments"} 0.3412',
    },
  ],
};
const EVIDENCE: Evidence = { claim: 'payments fails', source: 'r1', quote: '{service="payments"} 0.3412' };

const reportWith = (over: Partial<Report>): Report => ({
  headline: 'payments fails',
  whatIsHappening: 'Its requests fail.',
  rootCause: { statement: 'Not known.', component: 'payments', change: null, confidence: 'high' },
  affected: [],
  evidence: [EVIDENCE],
  ruledOut: [],
  actions: [],
  urgency: 'now',
  couldNotCheck: [],
  flags: [],
  ...over,
});
const check = (over: Partial<Report>, sent: Sent = SENT): CheckedReport =>
  checkReport(reportWith(over), conversationWith(sent));

describe('The faults of a report, as they are told', () => {
  it('are one line a text, not one a figure', () => {
    const { faults } = check({ whatIsHappening: 'It rose from 1111 to 2222, then to 3333, then to 1111.' });
    expect(faults).toContain('what_is_happening: "1111", "2222", "3333" stand nowhere in what was sent.');
    expect(faults.filter((fault) => fault.startsWith('what_is_happening'))).toHaveLength(1);
  });

  it('are one line for pieces of evidence with the same doubt', () => {
    const evidence = Array.from({ length: 30 }, () => ({ ...EVIDENCE, quote: 'cannot read amount' }));
    expect(check({ evidence }).faults).toContain(
      'evidence.0, evidence.1, evidence.2 and 27 more (r1): Its quote does not stand in r1.',
    );
  });

  it('begin with the weightiest: the change, the headline, the cause', () => {
    const rootCause = { statement: '4444 wait', component: 'c', change: 'deadbee1', confidence: 'low' as const };
    const evidence = [{ ...EVIDENCE, source: 'r9' }];
    const { faults } = check({ headline: '5555 fail', whatIsHappening: '6666 wait', rootCause, evidence });
    expect(faults.map((fault) => fault.split(/[: ]/)[0])).toEqual([
      'root_cause.change',
      'headline',
      'root_cause.statement',
      'what_is_happening',
      'evidence.0',
    ]);
  });

  it('are at most a handful for the reader and a dozen for the model, and the rest is counted', () => {
    const evidence = Array.from({ length: 200 }, (_, i) => ({ ...EVIDENCE, claim: `${i}0001 errors` }));
    const { faults, report } = check({ evidence, headline: `${'9'.repeat(5_000)} errors` });
    expect(faults).toHaveLength(12);
    expect(faults.join('\n')).toMatch(/And \d+ more of the kind\./);
    expect(report.check!.faults).toHaveLength(7);
    for (const fault of faults) expect(fault.length).toBeLessThan(400);
  });
});

describe('The check of a report', () => {
  it('ends with 200 pieces of evidence, quotes of 50,000 characters and 64 results of 12,000', () => {
    const line = (i: number, n: number): string =>
      `2026-11-24T12:03:${String(n % 60).padStart(2, '0')}.120Z {app="a${n}", pod="p-${i}"} {"level":"error","msg":"x ${n}","note":"n ${i}","path":"/a/${n}","wait_ms":${n * 7}}`;
    const results = Array.from({ length: 64 }, (_, i) => ({
      tool: 'query_logs',
      query: '{app=~".+"}',
      text: `range: a to b\nresult: lines, 100 found\n${Array.from({ length: 100 }, (_, n) => line(i, n)).join('\n')}`,
      ...(i % 8 === 0 ? { status: 'no_data' as const } : {}),
    }));
    const evidence = Array.from({ length: 200 }, (_, i): Evidence => {
      const quote = i % 2 === 0 ? 'lorem "ipsum" … '.repeat(3_200) : line(i % 64, 7);
      return { claim: `a${i % 100} logged no errors in ${i}0 ms`, source: `r${(i % 64) + 1}`, quote };
    });
    const conversation = conversationWith({ results });
    const begun = performance.now();
    const { report } = checkReport(reportWith({ evidence }), conversation);
    expect(report.evidence).toHaveLength(200);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it('loses no report when it breaks: nothing in it is taken for a fact', () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const broken = { triageId: 'T', toolCalls: [], turns: undefined } as unknown as Conversation;
    const { report, faults } = checkReport(reportWith({}), broken);
    expect(faults).toEqual([]);
    expect(report).toMatchObject({ headline: 'payments fails', rootCause: { confidence: 'low' } });
    expect(report.evidence).toMatchObject([{ verified: 'unverified' }]);
    expect(report.check).toMatchObject({ claimedConfidence: 'high', faults: [expect.stringContaining('defect')] });
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it('names no report that was sent back among what could not be checked', () => {
    const couldNotCheck = ['submit_report gave no answer', 'The code.'];
    expect(check({ couldNotCheck }).report.couldNotCheck).toEqual(['The code.']);
  });
});
