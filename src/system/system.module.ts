import { Global, Injectable, Module } from '@nestjs/common';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { Ids } from '../domain/ids';
import { newUlid } from './new-ulid';
import { SystemClock } from './system-clock';

@Injectable()
class Ulids extends Ids {
  next(): string {
    return newUlid();
  }
}

@Injectable()
class SystemChance extends Chance {
  fraction(): number {
    return Math.random();
  }
}

/** Time, ids and chance as the machine gives them. */
@Global()
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    { provide: Ids, useClass: Ulids },
    { provide: Chance, useClass: SystemChance },
  ],
  exports: [Clock, Ids, Chance],
})
export class SystemModule {}
