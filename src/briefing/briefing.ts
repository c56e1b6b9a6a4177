import { Injectable, Logger } from '@nestjs/common';
import { clipped } from '../domain/clipped';
import { VigilError } from '../domain/errors';
import { NOT_KNOWN } from '../domain/sent-texts';
import { inTime, notKnown } from './in-time';
import type { BriefingSubject, SectionSource } from './section-source';

/** One section of the opening message, found or not: its place, and with it its handle, is always the same. */
export interface BriefingSection {
  readonly title: string;
  readonly text: string;
}

/** Each section has this long, and all are gathered side by side: nobody waits longer for what costs nothing. */
export const SECTION_TIMEOUT_MS = 2_500;

/** What can be known for free, before the first token. */
@Injectable()
export class Briefing {
  private readonly log = new Logger(Briefing.name);

  constructor(private readonly sources: readonly SectionSource[]) {}

  /** Never throws, except the reason of `signal` when that aborts. A section that fails says why. */
  gather(subject: BriefingSubject, signal: AbortSignal): Promise<BriefingSection[]> {
    return Promise.all(
      this.sources.map(async (source) => ({
        title: source.title,
        text: clipped(await this.textOf(source, subject, signal), source.maxChars),
      })),
    );
  }

  private async textOf(source: SectionSource, subject: BriefingSubject, signal: AbortSignal): Promise<string> {
    try {
      return await inTime((until) => source.gather(subject, until), signal, SECTION_TIMEOUT_MS);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof VigilError) return notKnown(error);
      this.log.error({ msg: 'a section of the opening message broke', section: source.title, err: error });
      return `${NOT_KNOWN}this part of Vigil broke: a defect of its own.`;
    }
  }
}
