import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import type { KnownRequest } from '../auth/caller';
import { allowedMethods } from './allowed-methods';
import { problemBody, problemOf, type Problem } from './problem';

/** The one place where an error becomes an answer. The request's log line tells of it: see `request-log.ts`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly express: Express) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = this.problemAt(request, response, error);
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
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem, String(request.id))));
  }

  private problemAt(request: Request, response: Response, error: unknown): Problem {
    const problem = problemOf(error);
    if (!(error instanceof HttpException) || problem.code !== 'http.not_found') return problem;
    const allowed = allowedMethods(this.express, request.path);
    if (allowed.length === 0) return problem;
    response.setHeader('allow', allowed.join(', '));
    return {
      status: 405,
      code: 'http.method_not_allowed',
      detail: `This path does not take ${request.method}: use ${allowed.join(' or ')}.`,
    };
  }
}
