import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import { Rejected } from '../domain/errors';
import { ApiProblem } from '../http/api-problem';
import { ApiPostChanges } from './api-post-changes';
import { ChangeListAnswer, changeView, type RecordedAnswer } from './change-answer';
import { parseChanges } from './change-body';
import { openChangeCursor, sealChangeCursor } from './change-cursor';
import { ChangeListQuery, filterOf } from './change-list-query';
import { CHANGE_LIST_EXAMPLE } from './changes.examples';
import { type ChangeFilter, ChangeLedger, type ChangePosition } from './ports/change-ledger';
import { CursorKey } from './ports/cursor-key';

@ApiTags('changes')
@Controller('api/v1/changes')
export class ChangesController {
  constructor(
    private readonly ledger: ChangeLedger,
    private readonly cursorKey: CursorKey,
  ) {}

  @Post()
  @HttpCode(202)
  @Access('changes:write')
  @ApiPostChanges()
  async post(@Body() body: unknown): Promise<RecordedAnswer> {
    const changes = parseChanges(body);
    await this.ledger.record(changes);
    return { changes: changes.map(changeView) };
  }

  @Get()
  @Access('triage:read')
  @ApiOperation({
    summary: 'Changes, newest first',
    description: 'Every parameter narrows the list; a filter by service gives the changes without a service as well.',
  })
  @ApiOkResponse({ description: 'A part of the list', type: ChangeListAnswer, example: CHANGE_LIST_EXAMPLE })
  @ApiProblem(
    400,
    'A parameter is unknown, repeated or has a value that it does not take; or a cursor of another list',
    {
      code: 'http.invalid_input',
      detail: 'The request is not valid: limit is given once, a whole number from 1 to 200.',
      errors: ['limit is given once, a whole number from 1 to 200'],
    },
  )
  async list(@Query() query: ChangeListQuery): Promise<ChangeListAnswer> {
    const filter = filterOf(query);
    if (filter.since && filter.until && filter.since > filter.until) {
      throw new Rejected(400, 'changes.since_after_until', 'since lies after until: exchange or mend them.');
    }
    const key = await this.cursorKey.key();
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor, filter, key);
    const { changes, next } = await this.ledger.list(filter, query.limit, after);
    return { changes: changes.map(changeView), next_cursor: next ? sealChangeCursor(next, filter, key) : null };
  }
}

function placeOf(cursor: string, filter: ChangeFilter, key: Uint8Array): ChangePosition {
  const place = openChangeCursor(cursor, filter, key);
  if (place) return place;
  throw new Rejected(
    400,
    'changes.bad_cursor',
    'This cursor is not of this list: send next_cursor as it came, with the same filters, or begin without one.',
  );
}
