import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { EventName, VigilEvents } from './events';

/** The typed face of the process' event emitter: names and payloads come from one vocabulary. */
@Injectable()
export class VigilEventEmitter {
  private readonly log = new Logger(VigilEventEmitter.name);

  constructor(private readonly emitter: EventEmitter2) {}

  /** Call it after the commit. Never throws: a listener that fails is logged, and what it missed is polled for. */
  emit<E extends EventName>(name: E, payload: VigilEvents[E]): void {
    this.emitter.emit(name, payload);
  }

  /** @returns what to call to stop listening */
  on<E extends EventName>(name: E, listener: (payload: VigilEvents[E]) => void): () => void {
    const guarded = (payload: VigilEvents[E]): void => {
      try {
        listener(payload);
      } catch (error) {
        this.log.error({ err: error, event: name }, `a listener of ${name} failed`);
      }
    };
    this.emitter.on(name, guarded);
    return () => void this.emitter.off(name, guarded);
  }
}
