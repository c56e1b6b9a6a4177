import { ERRORS, HEAP, LATENCY, POOL_USE, QUERY_TIME } from './measures.ts';
import type { Measure } from './measures.ts';
import {
  CHANGES,
  lastNamed,
  LOGS,
  loudPatterns,
  ownComplaint,
  RANKED,
  rankedSeries,
  suspicionIn,
  TARGETS,
} from './suspicion.ts';
import type { Alert, Step, ToolCall, Trail, Walk } from './trail.ts';

/*
 * How to investigate with Vigil's tools, written down for each alert of the lab: which question comes when, why, and
 * what in its answer decides the next one. A walk knows the alert and what came back, never which fault is on. It ends
 * at the telling fact after six calls at most; what lab-report.ts reports stands in their results.
 *
 * The lab lives in seconds: it scrapes every second, and a fault is some ten seconds older than its alert. In an
 * ordinary system the same questions have minutes, and most of the times below are the tools' own defaults.
 */

/** A rank needs 16 points or more, most of them from before the trouble. In seconds before the start of the alert. */
const RANKED_FROM = 32;
const MEASURED_FROM = 25;
/** The baseline of log_patterns is as long as the range, and lies right before it. */
const LOGS_FROM = 15;
const CHANGES_FROM = 60;
/** The last samples are still being scraped; what lies before them stays as it is. */
const SETTLED = '-3s';

/*
 * The alert is on the service that customers meet, wherever the fault lies, and says that requests fail, not why.
 * The logs of all services say it in words; `new` leaves out what they say on good days too. Who fails for want of
 * another names it, so the complaint that names nobody is nearest to the cause.
 */
const newInAllLogs: Step = {
  name: LOGS,
  why: 'What do the services say that they did not say before, and which of them complains of nobody else?',
  ask: ({ alert }) => patterns(alert, '{service=~".+"}'),
};

/* Words may mislead; that the share of failed requests rose in that service too, and since when, is measured. */
const whoFails = measured(ERRORS, 'Whose share of failed requests rose, and since when?');

/* Logs that say nothing are no dead end: a series that changed has a service in its labels. */
const whatChangedIfLogsAreSilent: Step = {
  name: RANKED,
  why: 'The logs name nobody: which series changed?',
  ask: (trail) => (loudPatterns(trail).length > 0 ? undefined : rankOfWork(trail)),
};

/*
 * Slow requests have no words of their own in the logs, but something got slow or full with them. All series of all
 * services are compared, without those that runtimes and scrapes tell of themselves: they move at every load. A series
 * with a `database` among those that changed leads to the database, anything else to the services.
 */
const whatChanged: Step = {
  name: RANKED,
  why: 'Requests are slow: what else changed, in any service?',
  ask: rankOfWork,
};

/* This alert names the database: all that is measured of it, whoever measures it. */
const whatChangedOfTheDatabase: Step = {
  name: RANKED,
  why: 'The pool is exhausted: what else changed of this database?',
  ask: ({ alert }) => rank(alert, `{database=${JSON.stringify(alert.database)}}`),
};

/*
 * The two questions that tell a slow database from a leak, which fire the same alerts: either way connections run short
 * and requests wait. When queries take longer, each connection is held for longer, and the pool follows: the database is
 * slow. When queries take as long as ever and more and more connections are out, they are not given back: it is the
 * service.
 */
const howLongQueriesTake = measured(QUERY_TIME, 'Does the database itself take longer?', pointsToDatabase);
const howFullThePoolIs = measured(POOL_USE, 'How many of its connections are given out?', pointsToDatabase);

const whoIsSlow = measured(
  LATENCY,
  'No database changed: whose requests take longer?',
  (trail) => !pointsToDatabase(trail),
);

/*
 * Resident memory says that the process grows, not of what. The alert sums up; beside it stand the parts, and the same
 * of the other services: one that grows alone has a leak, all together have more to do.
 */
const whatGrows: Step = {
  name: RANKED,
  why: 'Which part of the memory grows, and in this service alone?',
  ask: ({ alert }) =>
    rank(alert, '{__name__=~"process_resident_memory_bytes|nodejs_heap_size_.+|nodejs_external_memory_bytes"}'),
};

/* From its first second on it grows steadily: that second is what the changes are compared with. */
const howTheHeapWent = measured(HEAP, 'Since when does the heap grow, and how fast?');

/*
 * What does not answer cannot be asked. list_targets has the error of the last scrape: `connection refused` is a process
 * that is gone, a deadline one that hangs, no route a network. What else is down at the same moment tells of a host.
 */
const whatIsDown: Step = {
  name: TARGETS,
  why: 'What is down, since when, and why?',
  ask: () => ({ name: 'list_targets', input: {} }),
};

/* A process that ends by itself says so; one that is killed is silent: its patterns are gone, and no new one came. */
const lastWords: Step = {
  name: LOGS,
  why: 'What did it say at last?',
  ask: (trail) =>
    patterns(trail.alert, `{service=${JSON.stringify(suspicionIn(trail)?.service ?? trail.alert.service)}}`),
};

/*
 * Asked last, when it is known whose change matters and since when: a change is a suspect, and there are many. The one
 * that came shortly before the onset, to the service at fault, has its diff in the answer.
 */
const whatWasChanged: Step = {
  name: CHANGES,
  why: 'What was changed there shortly before it began?',
  ask: (trail) => {
    const suspicion = suspicionIn(trail);
    const start = iso(trail.alert.startsAt - CHANGES_FROM);
    return suspicion && { name: 'list_changes', input: { service: suspicion.service, start } };
  },
};

/* Of an alert that nobody wrote a walk for: is it one symptom of something larger? */
const whatElseFires: Step = {
  name: 'what else fires',
  why: 'What fires beside this alert?',
  ask: () => ({ name: 'list_alerts', input: {} }),
};

const requestsFail: Walk = [
  newInAllLogs,
  whatChangedIfLogsAreSilent,
  whoFails,
  howLongQueriesTake,
  howFullThePoolIs,
  whatWasChanged,
];

/** For every alert of the lab; six steps at most. */
const WALKS: Readonly<Record<string, Walk>> = {
  HighErrorRate: requestsFail,
  HighLatency: [whatChanged, whoIsSlow, howLongQueriesTake, howFullThePoolIs, newInAllLogs, whatWasChanged],
  DatabasePoolExhausted: [whatChangedOfTheDatabase, howLongQueriesTake, howFullThePoolIs, newInAllLogs, whatWasChanged],
  MemoryGrowing: [whatGrows, howTheHeapWent, newInAllLogs, whatWasChanged],
  TargetDown: [whatIsDown, lastWords, whatWasChanged],
};

export function walkFor({ name }: Alert): Walk {
  return WALKS[name] ?? [whatElseFires];
}

/** The alert names a database, a series of one changed, or the service at the end of all complaints speaks of one. */
function pointsToDatabase(trail: Trail): boolean {
  const { alert } = trail;
  const complaint = ownComplaint(trail, lastNamed(trail, alert.service));
  return (
    alert.database !== '' ||
    rankedSeries(trail).some(({ labels }) => labels.database !== undefined) ||
    /\bdatabase\b|\bquery\b/.test(complaint?.msg ?? '')
  );
}

/** @param when the question is asked; always, without it */
function measured({ name, query }: Measure, why: string, when: (trail: Trail) => boolean = () => true): Step {
  const ask = (trail: Trail): ToolCall | undefined => {
    if (!when(trail)) return undefined;
    const start = iso(trail.alert.startsAt - MEASURED_FROM);
    return { name: 'query_metrics_range', input: { query, start, end: SETTLED, step: '1s' } };
  };
  return { name, why, ask };
}

function rankOfWork({ alert }: Trail): ToolCall {
  return rank(alert, '{job="shop", __name__!~"(nodejs|process|scrape)_.+"}');
}

function rank({ startsAt, crossedAt }: Alert, query: string): ToolCall {
  const range = { start: iso(startsAt - RANKED_FROM), end: 'now', step: '1s' };
  return { name: 'rank_anomalies', input: { query, ...range, ...(crossedAt && { time: crossedAt }) } };
}

function patterns({ startsAt }: Alert, query: string): ToolCall {
  return { name: 'log_patterns', input: { query, start: iso(startsAt - LOGS_FROM) } };
}

function iso(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString();
}
