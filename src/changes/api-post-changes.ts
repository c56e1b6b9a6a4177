import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiOperation, getSchemaPath } from '@nestjs/swagger';
import { ApiProblem } from '../http/api-problem';
import { ChangeBody, RecordedAnswer } from './change-answer';
import { POSTED_EXAMPLE, POSTED_SMALLEST_EXAMPLE, RECORDED_EXAMPLE } from './changes.examples';

const ONE_CHANGE = { $ref: getSchemaPath(ChangeBody) };

/** The description of `POST /api/v1/changes`. */
export function ApiPostChanges(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Takes changes: deploys, commits, flag flips, configuration changes, outside incidents',
      description:
        'One object, or an array of at most 1,000. A second post of the same `source` and `id` replaces what is stored. All of the body is stored, or nothing. Fields that are not named here are tolerated.',
    }),
    ApiExtraModels(ChangeBody),
    ApiBody({
      schema: { oneOf: [ONE_CHANGE, { type: 'array', items: ONE_CHANGE }] },
      examples: {
        deploy: { value: POSTED_EXAMPLE },
        several: { value: [POSTED_EXAMPLE, POSTED_SMALLEST_EXAMPLE] },
      },
    }),
    ApiAcceptedResponse({ description: 'Stored', type: RecordedAnswer, example: RECORDED_EXAMPLE }),
    ApiProblem(400, 'A change cannot be read: nothing of the body is stored', {
      code: 'changes.invalid',
      detail: 'Nothing was stored: [1].title is missing or blank.',
    }),
    ApiProblem(413, 'The body is larger than `max-body-bytes`', {
      code: 'http.body_too_large',
      detail: 'The body is larger than 16777216 bytes: send less at once.',
    }),
    ApiProblem(415, 'The body is not sent as JSON', {
      code: 'http.not_json',
      detail: 'The body must be JSON: send "Content-Type: application/json".',
    }),
  );
}
