import type { Request, Response } from 'express';
import type { KnownRequest } from '../auth/caller';
import { type Problem, problemBody } from './problem';

/**
 * Writes a problem as the answer, and tells the request's log line of it.
 * @param page the same for a person, where a person reads the answer
 */
export function answerProblem(
  request: Request,
  response: Response,
  problem: Problem,
  error: unknown,
  page?: string,
): void {
  response.locals['code'] = problem.code;
  if (problem.status >= 500) response.err = error instanceof Error ? error : new Error(String(error));
  if (response.headersSent) {
    // Half an answer is out: cut it, so that nobody takes it for a whole one.
    response.destroy();
    return;
  }

  if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (problem.retryAfterSeconds !== undefined) response.setHeader('retry-after', problem.retryAfterSeconds);
  // A stranger's body is not read at all. A known caller's is read and dropped, within the time limit of a request:
  // closed while it still sends, it would find a broken pipe instead of this answer.
  if (!request.complete && !(request as KnownRequest).caller) response.setHeader('connection', 'close');
  response.status(problem.status);
  if (page === undefined) {
    response.type('application/problem+json').send(JSON.stringify(problemBody(problem, String(request.id))));
  } else {
    response.type('html').send(page);
  }
}
