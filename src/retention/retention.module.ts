import { Module } from '@nestjs/common';
import { RetentionJob } from './retention-job';

/** Needs from outside: ExpiredRecords, Clock, Chance and the configuration. */
@Module({ providers: [RetentionJob] })
export class RetentionModule {}
