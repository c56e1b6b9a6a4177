import { Module } from '@nestjs/common';
import { ChangesController } from './changes.controller';

/** What was done to the system, as its pipelines tell it. Needs from outside: ChangeLedger and CursorKey. */
@Module({ controllers: [ChangesController] })
export class ChangesModule {}
