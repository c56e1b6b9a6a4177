import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { LeaseLost, Unavailable } from '../domain/errors';
import { durationInWords } from '../domain/in-words';
import { moneyIsSpent } from '../domain/notice';
import type { Ending } from '../domain/triage';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { ModelFailure } from '../llm/language-model';
import { MoneySpent } from '../llm/money-limited-model';
import { inAttemptSpan, noteEnding, noteGivenBack } from './attempt-span';
import { Investigation } from './investigation';
import { type ClaimedTriage, TriageQueue } from './ports/triage-queue';

/** The third crash without a recorded turn between ends a triage … */
const MAX_STRIKES = 3;
/** … after those who are presumed dead had some rounds of their workers to say that they live. */
const HEARING_MS = 3_000;

/** A triage whose model is down is looked at again after between half of this and all of it … */
const PARK_MS = 60_000;
/** … or, where the failure says when, after that and a part of this: not all in the same moment. */
const PARK_SPREAD_MS = 5_000;

/** What could not be recorded is done again, and a model's answer paid for again: not as fast as the machine can. */
const PAUSES_MS = { drain: 0, database: 5_000, defect: 60_000 } as const;

/** The reason with which a triage waits for a word of its former workers before it ends by their crashes. */
class HearingDue extends Error {}

/** The reason with which a running triage is cut at shutdown: it goes back to the queue as it stands. */
export class Drained extends Error {}

/** Takes one claimed triage to its settled end, or gives it back. Never throws. */
@Injectable()
export class AttemptRunner {
  private readonly log = new Logger(AttemptRunner.name);

  constructor(
    private readonly investigation: Investigation,
    private readonly queue: TriageQueue,
    private readonly config: TriageConfig,
    private readonly chance: Chance,
    private readonly events: VigilEventEmitter,
  ) {}

  /** @returns whether the database knows that it is over */
  run(claimed: ClaimedTriage, signal: AbortSignal): Promise<boolean> {
    return inAttemptSpan(claimed, () => this.attempt(claimed, signal));
  }

  private async attempt(claimed: ClaimedTriage, signal: AbortSignal): Promise<boolean> {
    const triageId = claimed.lease.triageId;
    this.events.emit('triage.started', { triageId, attempt: claimed.attempt });
    try {
      await this.settle(claimed, await this.endingOf(claimed, signal));
      return true;
    } catch (error) {
      return this.giveBack(claimed, error).catch((failure: unknown) => {
        this.log.warn({ err: failure, triage_id: triageId }, 'a triage could not be given back yet');
        return false;
      });
    }
  }

  private async endingOf(claimed: ClaimedTriage, signal: AbortSignal): Promise<Ending> {
    if (claimed.strikes >= MAX_STRIKES) {
      if (claimed.struck) throw new HearingDue();
      return this.crashed(claimed);
    }
    try {
      return await this.investigation.run(claimed, signal);
    } catch (error) {
      if (error instanceof ModelFailure) return this.withoutModel(claimed, error);
      if (error instanceof MoneySpent) return this.withoutMoney(claimed, error);
      if (passesByItself(error)) throw error;
      this.noteDefect(claimed, error);
      return this.withRecord(claimed.lease.triageId, DEFECT);
    }
  }

  /** Where looking at the record is what ends the process, it is not looked at a second time. */
  private async crashed({ lease, strikes }: ClaimedTriage): Promise<Ending> {
    const end = endOfCrashed(strikes);
    return strikes > MAX_STRIKES ? end : this.withRecord(lease.triageId, end);
  }

  private noteDefect({ lease }: ClaimedTriage, error: unknown): void {
    this.log.error({ err: error, triage_id: lease.triageId }, 'a triage failed by a defect of ours');
  }

  /** What is on record goes with an end from outside, and no defect of looking at it keeps the end from being said. */
  private async withRecord(triageId: string, end: Ending): Promise<Ending> {
    try {
      return await this.investigation.endNow(triageId, end);
    } catch (error) {
      if (passesByItself(error)) throw error;
      this.log.error({ err: error, triage_id: triageId }, 'what a triage found could not be read');
      return end;
    }
  }

  /** An outage is waited for; a conversation that the model's side does not take, or a wait of a day, is the end. */
  private withoutModel({ lease, ageMs }: ClaimedTriage, failure: ModelFailure): Promise<Ending> {
    const { kind, message, detail } = failure;
    const ofItsOwn = kind === 'bad_request' || kind === 'other_conversation';
    const givenUp = ageMs >= this.config.giveUpAfterMs;
    if (!ofItsOwn && !givenUp) throw failure;
    this.log.warn({ msg: 'the model gave no answer: the triage ends', triage_id: lease.triageId, kind, detail });
    const waited = givenUp ? `The model was waited for ${durationInWords(ageMs)}, and Vigil gave up. ` : '';
    const analysis = `**This alert was not investigated to its end.** ${waited}${message} Look into the alert yourself.`;
    return this.withRecord(lease.triageId, { outcome: 'failed', endedBy: 'model_unavailable', analysis });
  }

  /** Another day has other money, until the triage is too old to matter. */
  private withoutMoney({ lease, ageMs }: ClaimedTriage, spent: MoneySpent): Promise<Ending> {
    if (ageMs < this.config.giveUpAfterMs) throw spent;
    const analysis = `**This alert was not investigated to its end.** It waited ${durationInWords(ageMs)} for money. ${moneyIsSpent(spent.spentUsd, spent.limitUsd)} Look into the alert yourself, and raise the limit if this happens often.`;
    return this.withRecord(lease.triageId, { outcome: 'failed', endedBy: 'model_unavailable', analysis });
  }

  private async settle(claimed: ClaimedTriage, ending: Ending): Promise<void> {
    const { lease } = claimed;
    const settled = await this.queue.settle(lease, ending).then(
      () => ending,
      async (error: unknown) => {
        if (passesByItself(error)) throw error;
        // What cannot be stored now cannot be stored later: said without it, or it would be tried again for ever.
        this.noteDefect(claimed, error);
        await this.queue.settle(lease, DEFECT);
        return DEFECT;
      },
    );
    noteEnding(settled);
    const { outcome, endedBy } = settled;
    this.log.log({ msg: 'triage finished', triage_id: lease.triageId, outcome, ended_by: endedBy });
    this.events.emit('triage.finished', { triageId: lease.triageId, outcome, endedBy });
    this.events.emit('delivery.owed', {});
  }

  private async giveBack({ lease, ageMs }: ClaimedTriage, reason: unknown): Promise<boolean> {
    if (reason instanceof LeaseLost) {
      noteGivenBack('lease lost');
      return false;
    }
    if (reason instanceof HearingDue) {
      noteGivenBack('hearing');
      await this.queue.release(lease, HEARING_MS);
      return true;
    }
    if (reason instanceof MoneySpent) {
      noteGivenBack('money');
      const { neededUsd } = reason;
      const wake = { nextUtcDayWithinMs: this.config.giveUpAfterMs - ageMs, neededUsd }; // then it is given up
      await this.queue.park(lease, 'money', wake, moneyIsSpent(reason.spentUsd, reason.limitUsd));
      this.log.warn({ msg: 'triage waits for money', triage_id: lease.triageId, spent_usd: reason.spentUsd });
      return true;
    }
    if (reason instanceof ModelFailure) {
      noteGivenBack(reason.code);
      const afterMs = this.parkMs(reason);
      await this.queue.park(lease, 'model_unavailable', afterMs, reason.message);
      const { kind, detail } = reason;
      this.log.log({
        msg: 'triage waits for the model',
        triage_id: lease.triageId,
        kind,
        detail,
        after_ms: Math.round(afterMs),
      });
      return true;
    }
    const why = reason instanceof Drained ? 'drain' : reason instanceof Unavailable ? 'database' : 'defect';
    noteGivenBack(why);
    await this.queue.release(lease, PAUSES_MS[why]);
    this.log.log({ msg: 'triage given back', triage_id: lease.triageId, why });
    return true;
  }

  /** Never sooner than the model's side asks for, unless that is longer than an outage may go unnoticed to be over. */
  private parkMs({ retryAfterMs = PARK_MS }: ModelFailure): number {
    const fraction = this.chance.fraction();
    return retryAfterMs < PARK_MS ? retryAfterMs + PARK_SPREAD_MS * fraction : (PARK_MS / 2) * (1 + fraction);
  }
}

/** The triage is another worker's, the process ends, or a dependency is away: not the end of the triage. */
function passesByItself(error: unknown): boolean {
  return (
    error instanceof LeaseLost ||
    error instanceof HearingDue ||
    error instanceof Drained ||
    error instanceof Unavailable
  );
}

const BY_HAND =
  "Look into the alert yourself; Vigil's log has the error under this triage's id, and whoever runs Vigil should read it.";

const DEFECT: Ending = {
  outcome: 'error',
  endedBy: 'crashed',
  analysis: `**This alert was not investigated to its end.** Vigil failed by a defect of its own. ${BY_HAND}`,
};

function endOfCrashed(strikes: number): Ending {
  return {
    outcome: 'error',
    endedBy: 'crashed',
    analysis: `**This alert was not investigated to its end.** Its investigation stopped its process ${strikes} times in a row, so it is not tried again. ${BY_HAND}`,
  };
}
