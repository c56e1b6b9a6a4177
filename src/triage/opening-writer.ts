import { Injectable } from '@nestjs/common';
import { Briefing } from '../briefing/briefing';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import type { ClaimedTriage } from './ports/triage-queue';
import { openingMessage } from './prompts/opening-message';

/** Writes the opening message of a triage: the alert, and what can be known before the first token. */
@Injectable()
export class OpeningWriter {
  constructor(
    private readonly briefing: Briefing,
    private readonly config: TriageConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws the signal's reason when it aborts, and nothing else */
  async write({ lease, alertName, firings, truncatedAlerts }: ClaimedTriage, signal: AbortSignal): Promise<string> {
    const { triageId } = lease;
    const now = this.clock.now();
    const [firing] = firings;
    const sections = firing ? await this.briefing.gather({ triageId, alertName, firing, now }, signal) : [];
    const { maxToolCalls } = this.config;
    return openingMessage({ firings, truncatedAlerts, sections, now, maxToolCalls, boundary: boundaryOf(triageId) });
  }
}

/** The random end of the triage's id: whoever wrote the alert's text could not know it. */
function boundaryOf(triageId: string): string {
  return triageId.slice(-12);
}
