import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { isUnavailable } from './postgres-errors';

it('A transaction that was cut because its process had been stopped in it is an outage too (F12)', () => {
  expect(isUnavailable(Object.assign(new Error(), { code: '25P03' }))).toBe(true);
});

it('A connection that is cut between two statements of one read is an outage, which passes, and no defect (F14)', () => {
  expect(isUnavailable(new QueryRunnerAlreadyReleasedError())).toBe(true);
  expect(isUnavailable(Object.assign(new Error(), { code: 'ENETUNREACH' }))).toBe(true);
  expect(isUnavailable(new TypeError('x is not a function'))).toBe(false);
});
