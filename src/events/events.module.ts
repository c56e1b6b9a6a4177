import { Global, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { VigilEventEmitter } from './vigil-event-emitter';

@Global()
@Module({ imports: [EventEmitterModule.forRoot()], providers: [VigilEventEmitter], exports: [VigilEventEmitter] })
export class EventsModule {}
