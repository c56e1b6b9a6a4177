import { Controller, Get, Param, Query, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access } from '../../auth/access';
import { ViewerConfig } from '../../config/slices';
import { Rejected } from '../../domain/errors';
import { TriageReader } from '../ports/triage-reader';
import { SignedLinks } from '../signed-links';
import { PAGE_SECURITY_HEADERS } from './page-frame';
import { PageRefusalFilter } from './page-refusal.filter';
import { triagePage } from './triage-page';

/** The page behind a signed link: the signature is checked before anything is looked up. */
@ApiTags('triage')
@Controller('t')
@UseFilters(PageRefusalFilter)
export class TriagePageController {
  constructor(
    private readonly triages: TriageReader,
    private readonly links: SignedLinks,
    private readonly viewers: ViewerConfig,
  ) {}

  @Get(':id')
  @Access('public')
  @ApiOperation({
    summary: 'The page behind a signed link',
    description: 'For people. The `link` of a triage leads here: the signature is the permission, until it expires.',
  })
  @ApiProduces('text/html')
  @ApiParam({ name: 'id', type: String })
  @ApiQuery({ name: 'e', type: String, description: 'When the link expires, in seconds since 1970' })
  @ApiQuery({ name: 'k', type: String, description: 'The signature' })
  @ApiResponse({ status: 200, description: 'The report and the conversation behind it', schema: { type: 'string' } })
  @ApiResponse({ status: 403, description: 'Not a link that Vigil has made', schema: { type: 'string' } })
  @ApiResponse({ status: 404, description: 'The triage is no longer kept', schema: { type: 'string' } })
  @ApiResponse({ status: 410, description: 'The link has expired', schema: { type: 'string' } })
  @ApiResponse({ status: 503, description: 'It cannot be shown now', schema: { type: 'string' } })
  async get(
    @Param('id') id: string,
    @Query('e') e: unknown,
    @Query('k') k: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const verdict = await this.links.check(id, e, k);
    if (verdict === 'forged') throw new Rejected(403, 'link.forged', 'This link is not one that Vigil has made.');
    if (verdict === 'expired') throw new Rejected(410, 'link.expired', 'The time for which this link opens is over.');
    const triage = await this.triages.find(id);
    if (!triage) throw new Rejected(404, 'triage.not_found', 'Vigil has no triage of this id any more.');
    response.set(PAGE_SECURITY_HEADERS);
    return triagePage(triage, this.viewers);
  }
}
