import { VigilError } from '../domain/errors';
import { unreachedWhy } from './doctor/unreached-database';

/** The database cannot be asked at all. The message says why, without its address, and what to do. */
export class DatabaseUnreached extends VigilError {
  constructor(cause: unknown) {
    const { reason, todo } = unreachedWhy(cause);
    super('database.unreached', `The database cannot be used: ${reason}. ${todo}`, cause);
  }
}
