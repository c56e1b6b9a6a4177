import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../auth/access';
import { Rejected } from '../domain/errors';
import { TriageReader } from './ports/triage-reader';
import { SignedLinks } from './signed-links';
import { TRIAGE_EXAMPLE } from './triage.examples';
import { triageView } from './triage-view';

/** What is no ULID may also be no text that Postgres takes. */
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

@ApiTags('triage')
@Controller('api/v1/triage')
export class TriageController {
  constructor(
    private readonly triages: TriageReader,
    private readonly links: SignedLinks,
  ) {}

  @Get(':id')
  @Access('triage:read')
  @ApiOperation({ summary: 'A triage, its report and its conversations' })
  @ApiParam({ name: 'id', example: TRIAGE_EXAMPLE.id, description: 'ULID, from the answer to the webhook' })
  @ApiResponse({ status: 200, schema: { type: 'object', example: TRIAGE_EXAMPLE } })
  @ApiResponse({ status: 404, description: 'No triage has this id' })
  async get(@Param('id') id: string): Promise<Record<string, unknown>> {
    const triage = ULID.test(id) ? await this.triages.find(id) : undefined;
    if (!triage) throw new Rejected(404, 'triage.not_found', 'No triage has this id.');
    return triageView(triage, await this.links.linkTo(id));
  }
}
