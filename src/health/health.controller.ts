import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Access } from '../auth/access';
import { Readiness, type ReadinessStatus } from './readiness';

class HealthyAnswer {
  @ApiProperty({ enum: ['healthy'] })
  status!: 'healthy';
}

class ReadyAnswer {
  @ApiProperty({ enum: ['ready', 'starting', 'draining', 'failing'] })
  status!: ReadinessStatus['status'];

  @ApiPropertyOptional({ enum: ['database', 'worker'], isArray: true, description: 'The parts that do not work' })
  failing?: readonly string[];
}

@ApiTags('health')
@Controller('-')
@Access('public')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('healthy')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiOkResponse({ description: 'It lives', type: HealthyAnswer, example: { status: 'healthy' } })
  healthy(): HealthyAnswer {
    return { status: 'healthy' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether it can do its work, or which part keeps it from it' })
  @ApiOkResponse({ description: 'It can', type: ReadyAnswer, example: { status: 'ready' } })
  @ApiServiceUnavailableResponse({
    description: 'It cannot',
    type: ReadyAnswer,
    example: { status: 'failing', failing: ['database'] },
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessStatus> {
    const checked = await this.readiness.check();
    response.status(checked.status === 'ready' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return checked;
  }
}
