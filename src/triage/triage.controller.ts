import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import { Rejected } from '../domain/errors';
import { ApiProblem } from '../http/api-problem';
import { openCursor, sealCursor } from './list-cursor';
import { LinkKey } from './ports/link-key';
import { type ListPosition, type TriageFilter, TriageReader } from './ports/triage-reader';
import { SignedLinks } from './signed-links';
import { listedTriageView, TriageAnswer, TriageListAnswer, triageView } from './triage-answer';
import { TRIAGE_EXAMPLE, TRIAGE_LIST_EXAMPLE } from './triage.examples';
import { filterOf, TriageListQuery } from './triage-list-query';

/** What is no ULID may also be no text that Postgres takes. */
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

@ApiTags('triage')
@Controller('api/v1/triage')
@Access('triage:read')
export class TriageController {
  constructor(
    private readonly triages: TriageReader,
    private readonly links: SignedLinks,
    private readonly linkKey: LinkKey,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Triages, newest first',
    description:
      'Every parameter narrows the list. A triage that existed when the first part was read comes once, whatever arrives meanwhile; later ones are in a new list.',
  })
  @ApiOkResponse({ description: 'A part of the list', type: TriageListAnswer, example: TRIAGE_LIST_EXAMPLE })
  @ApiProblem(
    400,
    'A parameter is unknown, repeated or has a value that it does not take; or a cursor of another list',
    {
      code: 'http.invalid_input',
      detail: 'The request is not valid: limit is given once, a whole number from 1 to 200.',
      errors: ['limit is given once, a whole number from 1 to 200'],
    },
  )
  async list(@Query() query: TriageListQuery): Promise<TriageListAnswer> {
    const filter = filterOf(query);
    if (filter.since && filter.until && filter.since > filter.until) {
      throw new Rejected(400, 'triage.since_after_until', 'since lies after until: exchange or mend them.');
    }
    const key = await this.linkKey.key();
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor, filter, key);
    const { triages, next } = await this.triages.list(filter, query.limit, after);
    return {
      triages: await Promise.all(
        triages.map(async (triage) => listedTriageView(triage, await this.links.linkTo(triage.id))),
      ),
      next_cursor: next ? sealCursor(next, filter, key) : null,
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A triage, its report and its conversations' })
  @ApiParam({ name: 'id', example: TRIAGE_EXAMPLE.id, description: 'ULID, from the answer to the webhook' })
  @ApiOkResponse({ description: 'The triage as it is now', type: TriageAnswer, example: TRIAGE_EXAMPLE })
  @ApiProblem(404, 'No triage has this id', { code: 'triage.not_found', detail: 'No triage has this id.' })
  async get(@Param('id') id: string): Promise<TriageAnswer> {
    const triage = ULID.test(id) ? await this.triages.find(id) : undefined;
    if (!triage) throw new Rejected(404, 'triage.not_found', 'No triage has this id.');
    return triageView(triage, await this.links.linkTo(id));
  }
}

function placeOf(cursor: string, filter: TriageFilter, key: Uint8Array): ListPosition {
  const place = openCursor(cursor, filter, key);
  if (place) return place;
  throw new Rejected(
    400,
    'triage.bad_cursor',
    'This cursor is not of this list: send next_cursor as it came, with the same filters, or begin without one.',
  );
}
