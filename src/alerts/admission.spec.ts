import { admission, type AdmissionFacts } from './admission';

const until = new Date('2026-11-23T20:00:00Z');
const firing = (facts: Partial<AdmissionFacts> = {}): AdmissionFacts => ({ status: 'firing', ...facts });

describe('The admission of a firing', () => {
  it('opens a triage when nothing is known of its fingerprint', () => {
    expect(admission(firing())).toEqual({ ruling: 'open' });
  });

  it('does not investigate what is resolved, whatever else is known', () => {
    const facts = { status: 'resolved', unfinished: { triageId: 'T', status: 'running' } } as const;
    expect(admission(facts)).toEqual({ ruling: 'not_firing' });
  });

  it.each([
    ['queued', undefined],
    ['running', undefined],
    ['waiting', 'model_unavailable'],
    ['waiting', 'money'],
  ] as const)('is a duplicate while a triage of the fingerprint is %s (%s)', (status, waitReason) => {
    expect(admission(firing({ unfinished: { triageId: 'T', status, waitReason } }))).toMatchObject({
      ruling: 'duplicate',
      triageId: 'T',
      reason: `a triage of this alert is ${status}`,
    });
  });

  it('ends a re-send of a firing that has its report there, also while another firing of it is unfinished', () => {
    const own = { triageId: 'T1', outcome: 'complete', tries: 1 } as const;
    const facts = firing({ own, unfinished: { triageId: 'T2', status: 'queued' } });
    expect(admission(facts)).toMatchObject({ ruling: 'already_triaged', triageId: 'T1' });
  });

  it('joins the triage that waits for a cool-down', () => {
    const facts = firing({ unfinished: { triageId: 'T', status: 'waiting', waitReason: 'cool_down' } });
    expect(admission(facts)).toMatchObject({ ruling: 'wait_with', triageId: 'T' });
  });

  it.each(['complete', 'partial'] as const)('costs nothing once this firing has its %s report (GV-29)', (outcome) => {
    const facts = firing({ own: { triageId: 'T', outcome, tries: 1 } });
    expect(admission(facts)).toMatchObject({ ruling: 'already_triaged', triageId: 'T' });
  });

  it('tries a firing whose triage failed again after the cool-down', () => {
    const own = { triageId: 'T', outcome: 'failed', tries: 1 } as const;
    expect(admission(firing({ own: { ...own, coolingUntil: until } }))).toMatchObject({
      ruling: 'open_later',
      dueAt: until,
    });
    expect(admission(firing({ own }))).toEqual({ ruling: 'open' });
  });

  it('tries it at most twice again', () => {
    const facts = firing({ own: { triageId: 'T', outcome: 'error', tries: 3 } });
    expect(admission(facts)).toMatchObject({
      ruling: 'already_triaged',
      reason: expect.stringContaining('3 times') as string,
    });
  });

  it('waits while another firing of the fingerprint cools down', () => {
    const facts = firing({ recent: { triageId: 'T', coolingUntil: until } });
    expect(admission(facts)).toMatchObject({ ruling: 'open_later', dueAt: until });
  });
});
