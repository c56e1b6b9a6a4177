import { countInWords } from '../domain/in-words';
import { oneLine } from '../domain/one-line';
import { bad, type Finding, look, ok } from './finding';
import type { DeliveryFacts } from './ports/installation-records';
import { isAnybodyThere, type Presence } from './presence';
import { roughly } from './rough-figures';

/** The ledger is asked every second, and one attempt takes ten at most. */
const OVERDUE_MS = 30_000;
/** A single repetition is no trouble. */
const LATE_ATTEMPTS = 2;
const REASON_CHARS = 200;

export interface DeliveryLimits {
  readonly isConfigured: boolean;
  readonly perHour: number;
}

export function judgeDeliveries(facts: DeliveryFacts, presence: Presence, limits: DeliveryLimits): Finding[] {
  const { pending, saidInLastHour } = facts;
  return [
    ok(
      'deliveries',
      `${pendingInWords(pending)}; ${saidInLastHour} of ${limits.perHour} were posted in the last hour.`,
    ),
    ...judgeUnconfigured(facts, limits),
    ...judgePending(facts, presence, limits),
    ...judgeGivenUp(facts),
  ];
}

function judgeUnconfigured({ notConfigured, pending }: DeliveryFacts, { isConfigured }: DeliveryLimits): Finding[] {
  if (isConfigured) return [];
  if (pending > 0) {
    return [
      bad('slack-not-configured', `slack-webhook-url is not set, and ${pendingInWords(pending)} from before.`, {
        means: 'They are kept until give-up-after-hours. What ends meanwhile is not posted later.',
        todo: 'Set slack-webhook-url and restart Vigil; reports can be read over the API.',
      }),
    ];
  }
  const count = notConfigured > 0 ? ` ${countInWords(notConfigured, 'report')} of the last 24 h went to nobody.` : '';
  return [
    look('slack-not-configured', `slack-webhook-url is not set: nothing is posted.${count}`, {
      means: 'Reports are kept, and can be read over the API.',
      todo: 'Set slack-webhook-url and restart Vigil; what has ended by then is not posted later.',
    }),
  ];
}

function judgePending(facts: DeliveryFacts, presence: Presence, { perHour, isConfigured }: DeliveryLimits): Finding[] {
  const { pending, oldestMs, overdueMs, attempts, reason, saidInLastHour } = facts;
  if (pending === 0 || !isConfigured) return [];
  const what = `${pendingInWords(pending)}, the oldest for ${roughly(oldestMs)}`;
  const why = reason ? ` The last of ${countInWords(attempts, 'attempt')}: ${oneLine(reason, REASON_CHARS)}.` : '';
  if (saidInLastHour >= Math.floor(perHour * 0.9)) {
    return [
      look('hourly-ceiling', `${what}: ${saidInLastHour} of the ${perHour} of an hour are posted.`, {
        means: 'A storm: the rest comes in digests, spread over the hour. Nothing is lost.',
        todo: 'Wait, or raise slack-messages-per-hour and restart Vigil.',
      }),
    ];
  }
  if (!isAnybodyThere(presence)) {
    return [
      bad('deliveries-late', `${what}, and no Vigil is there to post.${why}`, {
        means: 'They are kept and posted later.',
        todo: 'Start Vigil.',
      }),
    ];
  }
  if (attempts >= LATE_ATTEMPTS) {
    const next = overdueMs < 0 ? ` The next attempt is in ${roughly(-overdueMs)}.` : '';
    return [
      bad('deliveries-late', `${what}.${why}${next}`, {
        means: 'The first message holds back those behind it. Each is tried until give-up-after-hours.',
        todo: 'Mend what the reason says. When Slack answers again, they are posted by themselves.',
      }),
    ];
  }
  if (overdueMs <= OVERDUE_MS) return [];
  return [
    bad('deliveries-late', `${what}, and nobody posts it.${why}`, {
      means: 'The dispatcher of the running Vigil hangs, or its database is not this one.',
      todo: 'Read Vigil\'s log for "the deliveries cannot be read"; restart it: nothing is lost.',
    }),
  ];
}

function pendingInWords(pending: number): string {
  return `${countInWords(pending, 'message')} to Slack ${pending === 1 ? 'is' : 'are'} pending`;
}

function judgeGivenUp({ givenUp, givenUpReason, deliveredSince }: DeliveryFacts): Finding[] {
  if (givenUp === 0) return [];
  const what = `${countInWords(givenUp, 'message')} of the last two days given up. The last: ${oneLine(givenUpReason ?? 'no reason was kept', REASON_CHARS)}.`;
  const means = 'They are not posted again; their reports can be read over the API (GET /api/v1/triage).';
  return [
    deliveredSince
      ? look('deliveries-given-up', what, {
          means: `${means} Later ones were delivered.`,
          todo: 'Read the reports that Slack never showed.',
        })
      : bad('deliveries-given-up', what, {
          means,
          todo: 'Put right what the reason says (a removed webhook: make a new one), then restart Vigil.',
        }),
  ];
}
