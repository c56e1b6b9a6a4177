import { QueryRunnerAlreadyReleasedError } from 'typeorm';
import { isUnavailable } from './postgres-errors';

it('A connection that is cut between two statements of one read is an outage, which passes, and no defect (F14)', () => {
  expect(isUnavailable(new QueryRunnerAlreadyReleasedError())).toBe(true);
  expect(isUnavailable(new TypeError('x is not a function'))).toBe(false);
});
