import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerProblem } from '../../http/answer-problem';
import { problemOf } from '../../http/problem';
import { PAGE_SECURITY_HEADERS } from './page-frame';
import { refusalPage } from './refusal-page';

/** Whoever opens a link reads a page, also when it is refused. */
@Catch()
export class PageRefusalFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = problemOf(error);
    if (!response.headersSent) response.set(PAGE_SECURITY_HEADERS);
    answerProblem(request, response, problem, error, refusalPage(problem, String(request.id)));
  }
}
