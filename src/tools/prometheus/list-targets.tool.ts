import { labelsKey } from '../../domain/labels-key';
import { z } from 'zod';
import { asOneLine, commonLabels, commonLine, takeLines } from '../fit';
import { CEILINGS } from '../result-room';
import { formatTime } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { type DownSince, downSince } from './down-since';
import { fitNotes } from './envelope';
import type { ActiveTarget } from './prometheus-catalog';
import type { PrometheusClient } from './prometheus-client';
import { scrapedTargets } from './scraped-targets';
import { SERVICE_LABELS } from './selector';
import { knownServices } from './services';
import { downLines, fitJobs, fullTargets, jobLines } from './targets-text';

const DEFAULT_LIMIT = 20;
/** Of the room, the part for targets that are down, where not all have a line and where they have; the rest is for the jobs. */
const SHARE_OF_DOWN = 0.6;
const SHARE_OF_ALL_DOWN = 0.8;
/** And for the labels that all of them share. */
const SHARE_OF_COMMON = 0.25;
/** For the lines on what is left out. */
const FOOT_CHARS = 200;
/** Of the room, what warnings may have. */
const SHARE_OF_NOTES = 0.2;

const input = z.strictObject({
  query: z
    .string()
    .max(300)
    .nullish()
    .describe('Words that all stand in the labels or the error of a target. Default: every target.'),
  service: z.string().min(1).max(200).nullish().describe('Only targets of this service (or job, app, container …).'),
  limit: z.int().min(1).max(100).nullish().describe(`At most so many that are down. Default ${DEFAULT_LIMIT}.`),
});

const DESCRIPTION = `Lists what Prometheus scrapes: what is down, why (the error of its last scrape) and since when; what is up, counted by job.

Use it to tell "nothing went wrong" from "nothing was measured", to see whether several things of one node, zone or job were lost at once, and whether a process died (connection refused), hangs (context deadline exceeded) or cannot be reached (no route to host).

Examples
- everything: no input
- one service: service "checkout"
- one node: query "node-7"; one kind of fault: query "deadline exceeded"; one job: query "job kubelet" is two words, both must stand there

Comes back: one line a target that is down, {labels} down since …, last scrape …: error, then one line a job, "job shop: 2 of 3 up". "since" looks back three hours. A target that was taken out of the configuration or the service discovery is not listed: compare with count by (job) (up offset 1h). Servers that scrape nothing themselves are asked for up, without errors.`;

/** `list_targets`: what is scraped, what is down and why. */
export function listTargetsTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'list_targets',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.list,
    async run({ query, service, limit }, context: ToolContext): Promise<ToolFinding> {
      const { now, signal } = context;
      const asked = query?.trim() || 'every target';
      const head = [
        `query: ${asked}`,
        ...(service ? [`service: ${asOneLine(service, 200)}`] : []),
        `time: ${formatTime(now)}`,
      ].join('\n');
      const answer = await scrapedTargets(prometheus, { service, now }, signal);
      if (answer.kind === 'failed') return { status: 'failed', text: `${head}\n${answer.reason}` };
      const note = [
        ...(answer.fromUp ? [`told by up, not by the list of targets: ${answer.fromUp}`] : []),
        ...fitNotes(answer.notes, context.roomChars * SHARE_OF_NOTES),
      ];
      const wanted = answer.targets.filter((target) => isOf(target, service) && hasWords(target, query));
      if (wanted.length === 0) {
        const why = await nothingFound(prometheus, answer.targets.length, service, context);
        return { status: 'no_data', text: [head, why, ...note].join('\n') };
      }
      const down = inOrder(wanted.filter(({ health }) => health === 'down'));
      const listed = down.slice(0, limit ?? DEFAULT_LIMIT);
      const since = await downSince(
        prometheus,
        listed.map(({ labels }) => labels),
        now,
        signal,
      );
      const seen = { since, now };
      const text = textOf({ head, note, wanted, down, listed }, seen, context.roomChars);
      return {
        status: 'ok',
        text,
        full: fullTargets([...down, ...wanted.filter(({ health }) => health !== 'down')], seen),
      };
    },
  };
}

interface Found {
  readonly head: string;
  readonly note: readonly string[];
  readonly wanted: readonly ActiveTarget[];
  readonly down: readonly ActiveTarget[];
  /** Those of `down` that are shown as far as there is room. */
  readonly listed: readonly ActiveTarget[];
}

function textOf(found: Found, seen: { since: ReadonlyMap<string, DownSince>; now: Date }, roomChars: number): string {
  const { head, note, wanted, down, listed } = found;
  const common = commonLabels(listed.map(({ labels }) => labels));
  const top = [
    head,
    `result: ${wanted.length} targets, ${down.length} down`,
    ...commonLine(common, roomChars * SHARE_OF_COMMON),
  ];
  const room = roomChars - [...top, ...note].join('\n').length - FOOT_CHARS;
  const told = downLines(listed, seen);
  const lines = takeLines(told, room * (told.length === down.length ? SHARE_OF_ALL_DOWN : SHARE_OF_DOWN));
  const left = down.length - lines.length;
  const more =
    left > 0 ? [`left out: ${left} more that are down, counted by job below. Narrow by query or service.`] : [];
  const used = [...lines, ...more].reduce((sum, line) => sum + line.length + 1, 0);
  const jobs = fitJobs(jobLines(wanted, left > 0), room - used);
  const all = jobs.length > 1 ? [inAll(wanted, down.length)] : [];
  return [...top, ...lines, ...more, ...all, ...jobs, ...note].join('\n');
}

function inAll(targets: readonly ActiveTarget[], down: number): string {
  const up = targets.filter(({ health }) => health === 'up').length;
  return `in all: ${up} of ${targets.length} up, ${down} down`;
}

function isOf({ labels }: ActiveTarget, service: string | null | undefined): boolean {
  return !service || SERVICE_LABELS.some((label) => labels[label] === service);
}

function hasWords({ labels, lastError, health }: ActiveTarget, query: string | null | undefined): boolean {
  if (!query?.trim()) return true;
  const text = `${Object.entries(labels).flat().join(' ')} ${lastError} ${health}`.toLowerCase();
  return query
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** One of each job first: four hundred of one job would hide every other one. */
function inOrder(down: readonly ActiveTarget[]): ActiveTarget[] {
  const places = new Map<string, number>();
  return down
    .toSorted((a, b) => (labelsKey(a.labels) < labelsKey(b.labels) ? -1 : 1))
    .map((target) => {
      const job = target.labels.job ?? '';
      const place = places.get(job) ?? 0;
      places.set(job, place + 1);
      return { target, place: Math.min(place, FIRST_OF_A_JOB) };
    })
    .sort((a, b) => a.place - b.place)
    .map(({ target }) => target);
}

const FIRST_OF_A_JOB = 3;

async function nothingFound(
  prometheus: PrometheusClient,
  all: number,
  service: string | null | undefined,
  { now, signal }: ToolContext,
): Promise<string> {
  if (all === 0 && !service)
    return 'Found nothing: the question worked, and nothing is scraped, nor has a sample of up.';
  const others = `Found nothing: the question worked, and none of ${all} targets is meant by it.`;
  if (!service) return `${others} Ask without query to see their jobs.`;
  const services = await knownServices(
    prometheus.catalog,
    { start: new Date(now.getTime() - 3_600_000), end: now },
    signal,
  );
  return `${others} The service may be measured by others only (a proxy, the cluster). Known are: ${services || 'no services by any label'}.`;
}
