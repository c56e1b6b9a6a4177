import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

/** Looks at the others; what it looks at (`DatabasePing`, `WorkerPulse`) is bound by the composition root. */
@Module({
  // What fails is said in the answer; a line at each probe would say nothing more.
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [Readiness],
  controllers: [HealthController],
  exports: [Readiness],
})
export class HealthModule {}
