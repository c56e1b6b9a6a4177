import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access } from '../auth/access';
import { Readiness, type Verdict } from './readiness';

@ApiTags('health')
@Controller('-')
@Access('public')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('healthy')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiOkResponse({ example: { status: 'healthy' } })
  healthy(): { status: 'healthy' } {
    return { status: 'healthy' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether it can do its work, or which part keeps it from it' })
  @ApiOkResponse({ example: { status: 'ready' } })
  @ApiServiceUnavailableResponse({ example: { status: 'failing', failing: ['database'] } })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Verdict> {
    const verdict = await this.readiness.verdict();
    response.status(verdict.status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return verdict;
  }
}
