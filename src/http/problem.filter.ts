import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { allowedMethods } from './allowed-methods';
import { answerProblem } from './answer-problem';
import { problemOf, type Problem } from './problem';

/** The one place where an error becomes an answer for programs. The request's log line tells of it: see `request-log.ts`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly express: Express) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    answerProblem(request, response, this.problemAt(request, response, error), error);
  }

  private problemAt(request: Request, response: Response, error: unknown): Problem {
    const problem = problemOf(error);
    if (!(error instanceof HttpException) || problem.code !== 'http.not_found') return problem;
    const allowed = allowedMethods(this.express, request.path);
    // Swagger has routes that answer 404 themselves.
    if (allowed.length === 0 || allowed.includes(request.method)) return problem;
    response.setHeader('allow', allowed.join(', '));
    const useful = allowed.filter((method) => method !== 'OPTIONS').join(' or ');
    return {
      status: 405,
      code: 'http.method_not_allowed',
      detail: `This path does not take ${request.method}: use ${useful}.`,
    };
  }
}
