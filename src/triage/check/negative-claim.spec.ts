import { negativeClaims } from './negative-claim';

describe('A claim that something is not there', () => {
  it.each([
    ['There were no errors in inventory.', 'no errors'],
    ['Not a single restart since noon', 'Not a single restart'],
    ['It answers without errors', 'without errors'],
    ['payments logged 0 errors', '0 errors'],
    ['It runs without any timeouts', 'without any timeouts'],
    ['no change of it was recorded', 'no change'],
    ['Nothing was deployed in the six hours before', 'Nothing was deployed'],
    ['The configuration was not changed', 'not changed'],
    ['inventory has never been restarted', 'never been restarted'],
    ['The database did not restart', 'did not restart'],
    ['No new or unusual log lines', 'No new or unusual log lines'],
    ['zero 5xx requests', 'zero 5xx requests'],
    ['None of the pods restarted', 'None of the pods restarted'],
  ])('is seen in "%s"', (text, denied) =>
    expect(negativeClaims(text)).toEqual([{ sentence: text, denied, isOfTrouble: true }]),
  );

  it.each([
    'Its own errors did not rise',
    '30 errors a second',
    '1.0 errors a second, 10,000 errors in all',
    'no longer answers; the errors go on',
    'payments fails 34 % of its requests',
    'The log says: cannot connect',
    'Errors began after the deploy',
    'knows of changes',
  ])('is not seen in "%s"', (text) => expect(negativeClaims(text)).toEqual([]));

  it('is found sentence by sentence', () => {
    const text = 'payments fails 34 %. inventory shows no errors; nothing was deployed\nIts heap grows.';
    expect(negativeClaims(text).map(({ denied }) => denied)).toEqual(['no errors', 'nothing was deployed']);
  });

  it('is looked for in a text of any length without hurry', () => {
    const begun = performance.now();
    negativeClaims('no '.repeat(50_000));
    negativeClaims(`nothing ${'a-'.repeat(50_000)} ${'not '.repeat(50_000)}`);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
