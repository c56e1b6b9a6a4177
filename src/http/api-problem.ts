import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, type ApiResponseOptions, getSchemaPath } from '@nestjs/swagger';
import { ProblemBody } from './problem-body';

const REQUEST_ID = '01KAS6Q3M8W1T5Z0V4R9XJ2CNB';

/** What comes beside the body. */
const HEADERS: Readonly<Record<number, ApiResponseOptions['headers']>> = {
  401: { 'www-authenticate': { schema: { type: 'string', example: 'Bearer' } } },
  503: { 'retry-after': { description: 'Seconds to wait before the same is sent again', schema: { type: 'integer' } } },
};

/** Describes one way in which a route refuses. The example is a real answer, word for word. */
export function ApiProblem(
  status: number,
  description: string,
  example: Pick<ProblemBody, 'code' | 'detail' | 'errors'>,
): MethodDecorator & ClassDecorator {
  const { code, detail, errors } = example;
  const body: ProblemBody = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? '',
    status,
    detail,
    code,
    request_id: REQUEST_ID,
    errors,
  };
  return applyDecorators(
    ApiExtraModels(ProblemBody),
    ApiResponse({
      status,
      description,
      headers: HEADERS[status],
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemBody) }, example: body } },
    }),
  );
}
