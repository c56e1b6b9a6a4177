import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access } from '../../auth/access';
import { Rejected } from '../../domain/errors';
import { TriageReader } from '../ports/triage-reader';
import { SignedLinks } from '../signed-links';
import { PAGE_SECURITY_HEADERS, triagePage } from './triage-page';

/** The page behind a signed link: the signature is checked before anything is looked up. */
@ApiExcludeController()
@Controller('t')
export class TriagePageController {
  constructor(
    private readonly triages: TriageReader,
    private readonly links: SignedLinks,
  ) {}

  @Get(':id')
  @Access('public')
  async get(
    @Param('id') id: string,
    @Query('e') e: unknown,
    @Query('k') k: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const verdict = await this.links.check(id, e, k);
    if (verdict === 'forged') throw new Rejected(403, 'link.forged', 'This link is not one that Vigil has made.');
    if (verdict === 'expired') {
      throw new Rejected(
        410,
        'link.expired',
        'This link has expired. Look the triage up over the API, or ask for a new link.',
      );
    }
    const triage = await this.triages.find(id);
    if (!triage) throw new Rejected(404, 'triage.not_found', 'This triage is no longer kept.');
    response.set(PAGE_SECURITY_HEADERS).type('html');
    return triagePage(triage);
  }
}
