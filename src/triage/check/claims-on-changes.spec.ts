import { conversationWith, type Result } from '../../../test/triage/sent-conversation';
import { ALERT_TITLE, sentTexts } from '../../domain/sent-texts';
import { checkEvidence } from './check-evidence';
import { checkFigures } from './check-figures';
import { namedChange } from './named-change';

/* Answers of list_changes as the tool writes them; the alert began at 19:20, the opening message says nothing of changes. */
const START = 'the start of the alert (2026-11-23T19:20:00Z)';
const ALIVE = 'alive: changes are recorded here: 14 in the last 7 days, the last one at 2026-11-23T19:24:00Z';
const DEPLOY =
  '- deploy, 12 min before the start (2026-11-23T19:08:00Z), source "ci", id "812", service "payments", version "2.14.0", revision "9f3c2e1aa0", before it "41be07d", author "kim": Deploy payments 2.14.0';
const RANGE = 'range: 2026-11-23T13:20:00Z to 2026-11-23T19:30:00Z';
const all: Result = {
  tool: 'list_changes',
  query: 'every change',
  input: {},
  text: [
    RANGE,
    `result: changes, 3 found: 2 before ${START}, 1 after it; by time, the newest first`,
    ALIVE,
    'the range begins 6 h before the start and ends 10 min after the start',
    '- flag, 4 min after the start (2026-11-23T19:24:00Z), source "ci", id "f-9", service "inventory", author "lee": Turn off the cache',
    DEPLOY,
    '    | --- a/src/amount.js',
    '    | +++ b/src/amount.js',
    '    | -  timeoutMs: 3000',
    '    | +  timeoutMs: 250',
    '- commit, 3 h 5 min before the start (2026-11-23T16:15:00Z), source "ci", id "c-1", revision "77aa01bc9d", author "noa": Rework the shared client',
  ].join('\n'),
};
const ofCheckout: Result = {
  tool: 'list_changes',
  query: 'kind flag, service "checkout" and those without a service',
  input: { service: 'checkout', kind: 'flag' },
  status: 'no_data',
  text: `range: 2026-11-22T19:20:00Z to 2026-11-23T19:30:00Z\nFound nothing: no flag is recorded in this range, neither of "checkout" nor without a service.\n${ALIVE}`,
};
const shortRange: Result = {
  tool: 'list_changes',
  query: 'every change, service "checkout" and those without a service',
  input: { service: 'checkout', start: '-1h' },
  status: 'no_data',
  text: `range: 2026-11-23T18:20:00Z to 2026-11-23T19:30:00Z\nFound nothing: no change is recorded in this range, neither of "checkout" nor without a service.\n${ALIVE}\nthe last one before this range:\n- deploy, 20 h before the start (2026-11-22T23:20:00Z), source "ci", id "700", service "checkout": Deploy checkout`,
};
const commit: Result = {
  tool: 'list_changes',
  query: 'every change, revision "77aa01bc9d"',
  input: { revision: '77aa01bc9d' },
  text: [
    `result: changes, 1 found of this revision or bringing it: 1 before ${START}, 0 after it; by time, the newest first`,
    ALIVE,
    '- commit, 3 h 5 min before the start (2026-11-23T16:15:00Z), source "ci", id "c-1", revision "77aa01bc9d", author "noa": Rework the shared client',
    'no recorded deploy names this revision; deploys of any service after the commit: the first of them:',
    DEPLOY,
  ].join('\n'),
};
const part: Result = {
  tool: 'read_result',
  query: '',
  input: { handle: 'r1', query: 'timeout' },
  text: '',
};

const conversation = conversationWith({
  sections: [[ALERT_TITLE, 'status: firing\nstarts at: 2026-11-23T19:20:00Z\nlabel service: checkout']],
  results: [all, ofCheckout, shortRange, commit, part],
});
const read = {
  ...conversation,
  toolCalls: conversation.toolCalls.map((call) =>
    call.name === 'read_result'
      ? {
          ...call,
          text: `[r5] read_result\n<<<data B\nr1 (list_changes): 2 of its 40 lines hold "timeout"; here lines 20 to 21\nquery: every change\n${RANGE}\nresult: changes, 3 found; here a part of it, the other lines are left out\n${DEPLOY}\n    | -  retryTimeoutMs: 9000\n    | +  retryTimeoutMs: 100\nB>>>`,
        }
      : call,
  ),
};
const sent = sentTexts(read);
const figures = (text: string, source = 'r1'): string[] =>
  checkFigures('evidence.0', text, { sent, source, quotes: [] })
    .filter(({ verified }) => verified === 'unverified')
    .map(({ text: figure }) => figure);
const verified = (claim: string, source: string, quote: string): string =>
  checkEvidence({ claim, source, quote }, 0, sent).piece.verified ?? '';

describe('A figure about a change that was listed', () => {
  it.each([
    'payments 2.14.0 was deployed 12 minutes before the alert',
    'The deploy of payments came at 19:08:00 UTC',
    'Revision 9f3c2e1 of payments replaced 41be07d',
    'The commit 77aa01b came 3 h 5 min before the start',
    'The flag came 4 min after the start',
    'The deploy of payments cut timeoutMs from 3000 to 250',
    'The deploy of payments cut the timeout from 3 s to 250 ms',
    '3 changes are recorded, 2 of them before the start',
    '14 changes were recorded in the last 7 days',
    'kim deployed payments 2.14.0 (id 812) 12 min before the start',
  ])('is borne out: %s', (text) => expect(figures(text)).toEqual([]));

  it.each([
    ['payments 2.14.0 was deployed 22 minutes before the alert', '22 minutes'],
    ['The deploy of payments came at 19:12:00 UTC', '19:12:00 UTC'],
    ['Revision 9f3c2e7 of payments was deployed', '9f3c2e7'],
    ['payments 2.15.0 was deployed', '2.15.0'],
    ['The flag came 40 min after the start', '40 min'],
    ['The deploy of payments cut timeoutMs from 3000 to 25', '25'],
    ['The deploy raised the timeout to 450 ms', '450 ms'],
    ['5 changes are recorded', '5'],
    ['The commit 77aa01b came 8 h before the start', '8 h'],
    ['Revision 41be07e was replaced', '41be07e'],
  ])('is not: %s', (text, bad) => expect(figures(text)).toEqual([bad]));

  it('is read in a part of the list too', () => {
    expect(figures('The deploy of payments cut retryTimeoutMs from 9000 to 100', 'r5')).toEqual([]);
    expect(figures('The deploy of payments cut retryTimeoutMs from 9000 to 10', 'r5')).toEqual(['10']);
    expect(verified('payments cut the retry timeout', 'r5', '+  retryTimeoutMs: 100')).toBe('quoted');
    expect(verified('payments cut the retry timeout', 'r5', 'hold "timeout"; here lines 20')).toBe('unverified');
  });
});

describe('A denial that rests on a list of changes', () => {
  const RESULT = 'result: changes, 3 found';
  const NONE = 'Found nothing: no change is recorded';
  it.each([
    ['No deploy of checkout was recorded in the last 6 h', 'r1', ALIVE],
    ['checkout was not deployed before the alert', 'r1', ALIVE],
    ['No configuration was changed before the alert', 'r1', ALIVE],
    ['No other deploy came before the alert', 'r1', DEPLOY],
    ['Nothing was deployed after the start', 'r1', ALIVE],
    ['No deploy of checkout came in the six hours before the alert', 'r1', ALIVE],
    ['No flag of checkout was changed in the day before the alert', 'r2', 'Found nothing: no flag is recorded'],
    ['No flag of checkout was changed before the alert', 'r2', ALIVE],
    ['checkout was not deployed in the hour before the alert', 'r3', NONE],
    ['No deploy names revision 77aa01bc9d', 'r4', 'no recorded deploy names this revision'],
  ])('holds: %s (%s)', (claim, source, quote) => expect(verified(claim, source, quote)).not.toBe('unverified'));

  it.each([
    ['No deploy of payments came in the last 6 h', 'r1', ALIVE],
    ['Nothing was deployed before the alert', 'r1', ALIVE],
    ['No commit came before the alert', 'r1', ALIVE],
    ['No flag was changed after the start', 'r1', ALIVE],
    ['No deploy came in the hour before the alert', 'r1', RESULT],
    ['No deploy of checkout came in the last 24 h', 'r1', ALIVE],
    ['checkout was not deployed before the alert', 'r2', ALIVE],
    ['No flag of inventory was changed before the alert', 'r2', 'Found nothing: no flag is recorded'],
    ['checkout was not deployed in the 3 hours before the alert', 'r3', NONE],
    ['checkout was not deployed before the alert', 'r3', NONE],
    ['No deploy of checkout is recorded', 'r4', 'no recorded deploy names this revision'],
    ['No deploy of checkout came before the alert', 'r5', DEPLOY],
    ['checkout has no errors', 'r2', 'Found nothing: no flag is recorded'],
  ])('does not: %s (%s)', (claim, source, quote) => expect(verified(claim, source, quote)).toBe('unverified'));

  it('does not where the list says that nobody tells of changes', () => {
    const dead = {
      ...ofCheckout,
      text: ofCheckout.text.replace(
        ALIVE,
        'dead: no change was recorded in the last 7 days, the last one at 2026-11-01T00:00:00Z: it cannot be said that nothing changed',
      ),
    };
    const alone = sentTexts(
      conversationWith({
        sections: [[ALERT_TITLE, 'starts at: 2026-11-23T19:20:00Z\nlabel service: checkout']],
        results: [dead],
      }),
    );
    const claim = {
      claim: 'No flag of checkout was changed before the alert',
      source: 'r1',
      quote: 'Found nothing: no flag is recorded',
    };
    expect(checkEvidence(claim, 0, alone).piece.verified).toBe('unverified');
  });
});

describe('The change that is blamed after a list of changes', () => {
  it.each(['812', 'ci/812', '9f3c2e1', '9f3c2e1aa0', '2.14.0', '77aa01b', 'c-1', 'payments 2.14.0'])(
    'is recorded: %s',
    (named) => expect(namedChange(named, sent).is).toBe('recorded'),
  );
  it.each([
    ['f-9', 'that change came after the alert had started'],
    ['9f3c2e7', 'it stands nowhere in what was sent'],
    ['41be07d', 'no change of that name is recorded'],
    ['813', 'it stands nowhere in what was sent'],
    ['2.15.0', 'it stands nowhere in what was sent'],
  ])('is not: %s', (named, why) => expect(namedChange(named, sent)).toMatchObject({ is: 'not_recorded', why }));
});
