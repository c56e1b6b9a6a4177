import { countInWords, dollarsInWords } from '../domain/in-words';
import { oneLine } from '../domain/one-line';
import { bad, type Finding, look, ok } from './finding';
import type { EndFacts, Ended, TriageFacts, Waiting } from './ports/installation-records';
import { isAnybodyThere, type Presence } from './presence';
import { roughly } from './rough-figures';

/** Workers ask every second: what is due for so long, while there is room, is taken by nobody. */
const STUCK_MS = 15_000;
/** Work that waits for so long because all workers are busy is worth a word. */
const BACKLOG_MS = 300_000;
const REASON_CHARS = 200;

/** The settings that matter here. */
export interface TriageLimits {
  readonly maxConcurrent: number;
  readonly leaseMs: number;
  readonly perDayUsd?: number;
}

export function judgeTriages(facts: TriageFacts, presence: Presence, limits: TriageLimits): Finding[] {
  const troubles = [
    ...judgeOwed(facts, presence, limits),
    ...judgeExpired(facts, presence, limits),
    ...judgeSuspects(facts),
    ...facts.waiting.flatMap((waiting) => judgeWaiting(waiting, facts, limits)),
  ];
  return [ok('triages', `${countsInWords(facts)}.${moneyInWords(facts.spentTodayUsd, limits)}`), ...troubles];
}

/** What is due, and is nobody's. */
function judgeOwed(facts: TriageFacts, presence: Presence, { maxConcurrent }: TriageLimits): Finding[] {
  const { due, overdueMs, running } = facts;
  if (due === 0) return [];
  const since = `${countInWords(due, 'triage')} due, the first for ${roughly(overdueMs)}`;
  if (!isAnybodyThere(presence)) {
    return [
      bad('nobody-takes-triages', `${since}, and no Vigil is there to take them.`, {
        means: 'They are kept, and begin when one starts.',
        todo: 'Start Vigil.',
      }),
    ];
  }
  const places = maxConcurrent * Math.max(1, presence.seen ?? 1);
  const isHeldBack = facts.suspects.some(({ strikes }) => strikes === 2);
  if (overdueMs > STUCK_MS && running < places && !isHeldBack) {
    return [
      bad(
        'triages-stuck',
        `${since}, and no worker takes them, though only ${running} of ${places} places are taken.`,
        {
          means: 'The workers that run cannot claim: they hang, or their database is not this one.',
          todo: 'Read Vigil\'s log for "the queue could not be asked"; restart it: nothing is lost.',
        },
      ),
    ];
  }
  if (overdueMs < BACKLOG_MS) return [];
  return [
    look('triages-backlog', `${since}: ${running} of ${places} places are taken.`, {
      means: isHeldBack
        ? 'A triage that crashed two workers runs alone; the others wait for its next turn.'
        : 'More alerts come than are worked on; the most urgent go first.',
      todo: 'Wait, add a replica, or raise max-concurrent-triages (it costs the model more at a time).',
    }),
  ];
}

/** Their workers died, or cannot reach the database. */
function judgeExpired(facts: TriageFacts, presence: Presence, { maxConcurrent }: TriageLimits): Finding[] {
  const { expired, expiredMs, expiredSuspects, running } = facts;
  if (expired === 0) return [];
  const what = `${countInWords(expired, 'running triage')} lost the worker: the lease ran out ${roughly(expiredMs)} ago`;
  if (!isAnybodyThere(presence)) {
    return [
      bad('lease-expired', `${what}, and no Vigil is there to take over.`, {
        means: 'Each goes on from its last recorded turn when one starts.',
        todo: 'Start Vigil.',
      }),
    ];
  }
  const places = maxConcurrent * Math.max(1, presence.seen ?? 1);
  if (expiredMs > STUCK_MS && running - expired < places && expiredSuspects < expired) {
    return [
      bad('lease-expired', `${what}, and nobody takes over, though there are free places.`, {
        means: 'The workers that run cannot claim: they hang, or their database is not this one.',
        todo: 'Read Vigil\'s log for "the queue could not be asked"; restart it: nothing is lost.',
      }),
    ];
  }
  return [
    look(
      'lease-expired',
      `${what}; another worker takes over as soon as ${expiredSuspects > 0 ? 'one is idle' : 'a place is free'}.`,
      {
        means: 'A Vigil was killed, or was cut off from its database.',
        todo: 'Nothing now. If it happens often, look why: memory limits, restarts, the network to the database.',
      },
    ),
  ];
}

function judgeSuspects({ suspects }: TriageFacts): Finding[] {
  const [worst, ...others] = suspects;
  if (!worst) return [];
  const { id, alertName, strikes } = worst;
  const more = others.length > 0 ? ', and is not the only one' : '';
  return [
    look(
      'suspects',
      `Triage ${id} (${oneLine(alertName, 80)}) lost ${countInWords(strikes, 'worker')} in a row without a new turn${more}.`,
      {
        means: 'It may be what kills them. After the third it ends as error; from the second on it runs alone.',
        todo: 'See why the workers ended: their log, the memory limit, the restarts at that time.',
      },
    ),
  ];
}

function judgeWaiting(waiting: Waiting, facts: TriageFacts, { perDayUsd }: TriageLimits): Finding[] {
  const { reason, count, oldestMs, nextInMs, notice } = waiting;
  const since = `${countInWords(count, 'triage')} ${count === 1 ? 'waits' : 'wait'}`;
  const next = nextInMs > 0 ? `the next look is in ${roughly(nextInMs)}` : 'the next look is due now';
  const said = notice
    ? ` The day's notice, ${roughly(notice.ageMs)} ago: ${oneLine(notice.happened, REASON_CHARS)}`
    : '';
  switch (reason) {
    case 'cool_down':
      return [];
    case 'model_unavailable':
      return [
        bad('waiting-for-model', `${since} for the model, the oldest is ${roughly(oldestMs)} old; ${next}.${said}`, {
          means: 'Nothing is lost: they go on by themselves within a minute after the model answers.',
          todo:
            'Mend what is said of the model here; where it is well, wait a minute. A notice is said once a day and may be of ' +
            'an earlier outage: the log\'s last "Triages wait meanwhile" has the reason of now, and shows missing credit (402).',
        }),
      ];
    case 'money': {
      const limit = perDayUsd === undefined ? 'no limit is set now' : `the limit is ${dollarsInWords(perDayUsd)}`;
      return [
        bad(
          'waiting-for-money',
          `${since} for the day's money: ${dollarsInWords(facts.spentTodayUsd)} are spent today (UTC), ${limit}; ${next}.`,
          {
            means: 'They go on by themselves on the next UTC day, or after the limit was raised.',
            todo: 'Wait, or raise max-cost-usd-per-day and restart Vigil.',
          },
        ),
      ];
    }
  }
}

/** How the last day ended. */
export function judgeEnds({ finished, error, failed }: EndFacts): Finding[] {
  const good = finished - error.count - failed.count;
  const findings: Finding[] = [ok('ends', endsInWords(finished, good))];
  if (error.count > 0) {
    findings.push(
      look('ended-as-error', `${endedInWords(error)} as error in the last 24 h.`, {
        means: `A defect of Vigil, or three workers in a row that ended with it.${lastInWords(error)}`,
        todo: `Look up the triage's id in Vigil's log, and report it.`,
      }),
    );
  }
  if (failed.count > 0) {
    findings.push(
      look('ended-as-failed', `${endedInWords(failed)} as failed in the last 24 h.`, {
        means: `The model gave no usable answer.${lastInWords(failed)}`,
        todo: 'Read the reason; the alert is triaged again when it next begins to fire.',
      }),
    );
  }
  return findings;
}

function endsInWords(finished: number, good: number): string {
  if (finished === 0) return 'No triage ended in the last 24 h.';
  return `${countInWords(finished, 'triage')} ended in the last 24 h, ${good} of them with a result or cancelled.`;
}

function endedInWords({ count }: Ended): string {
  return `${countInWords(count, 'triage')} ended`;
}

function lastInWords({ lastId, lastReason }: Ended): string {
  if (lastId === undefined) return '';
  const reason = lastReason ? `: ${oneLine(lastReason, REASON_CHARS)}` : '';
  return ` The last one, ${lastId}${reason}`;
}

function countsInWords({ queued, running, waiting }: TriageFacts): string {
  const waits = waiting.reduce((sum, { count }) => sum + count, 0);
  const cooling = waiting.find(({ reason }) => reason === 'cool_down')?.count ?? 0;
  return `${queued} queued, ${running} running, ${waits} waiting${cooling > 0 ? ` (${cooling} in a cool-down)` : ''}`;
}

function moneyInWords(spentUsd: number, { perDayUsd }: TriageLimits): string {
  if (perDayUsd === undefined) return '';
  return ` ${dollarsInWords(spentUsd)} of ${dollarsInWords(perDayUsd)} are spent today (UTC).`;
}
