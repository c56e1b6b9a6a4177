import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessCheck } from './access-check';
import { AccessGuard } from './access.guard';
import { TokenRegistry } from './token-registry';

@Module({
  imports: [DiscoveryModule],
  providers: [TokenRegistry, AccessCheck, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [TokenRegistry],
})
export class AuthModule {}
