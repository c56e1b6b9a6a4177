import { z } from 'zod';
import { countInWords } from '../../domain/in-words';
import { asOneLine, takeLines } from '../fit';
import { nearestNames } from '../nearest-names';
import { CEILINGS } from '../result-room';
import { withinMs } from '../time-limit';
import type { TimeRange } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { fitNotes } from './envelope';
import { familiesOf, type MetricFamily } from './metric-families';
import { type NameSearch, searchNames } from './name-search';
import type { MetadataAnswer } from './prometheus-catalog';
import type { PrometheusClient } from './prometheus-client';
import { countOf, seriesCounts } from './series-counts';
import { metricName, serviceSelectors } from './selector';
import { knownServices } from './services';

const DEFAULT_LIMIT = 15;
const MAX_HELP_CHARS = 110;
const MAX_NAME_CHARS = 200;
/** For the line on what is left out. */
const FOOT_CHARS = 200;
/** Of the room, what warnings may have. */
const SHARE_OF_NOTES = 0.2;
/** Names are what was asked for: types and help texts are not waited for any longer. */
const METADATA_MS = 5_000;
/** Metrics that were there shortly before the alert and are gone now are found too. */
const BEFORE_START_MS = 3_600_000;

const input = z.strictObject({
  query: z.string().min(1).max(300).describe('Words for what is measured, or a part of a name.'),
  service: z.string().min(1).max(200).nullish().describe('Only metrics of this service. Default: of everything.'),
  limit: z.int().min(1).max(50).nullish().describe(`At most so many. Default ${DEFAULT_LIMIT}.`),
});

const DESCRIPTION = `Finds metrics by words, in their names and help texts. Use it before you query a metric whose exact name you have not seen, and to learn what a service, a node or a database exports.

Examples of query
- "checkout error rate" as: query "error", service "checkout" (a service is rarely in the name of a metric)
- "disk full", "certificate expiry", "queue length", "connection pool", "memory": usual words find their kin (latency: duration; memory: heap, rss; disk: filesystem)
- a part of a name: "http_requests"

service is looked for in the labels service, job, app, service_name, container and component.

Comes back: one line a metric: name, type, number of series now, help; the closest first, a histogram's _bucket, _sum and _count as one. What is left out is counted. Errors often have no metric of their own: they are a label (status, code) of what counts requests. Then ask describe_metric for labels and a query that works.`;

/** `find_metrics`: names by words. */
export function findMetricsTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'find_metrics',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.list,
    async run({ query, service, limit }, context: ToolContext): Promise<ToolFinding> {
      const { now, startsAt, signal } = context;
      const range = { start: new Date(Math.min(startsAt.getTime(), now.getTime()) - BEFORE_START_MS), end: now };
      const selectors = service ? serviceSelectors(service) : [];
      const [names, told] = await Promise.all([
        prometheus.catalog.labelValues('__name__', { ...range, selectors }, signal),
        withinMs(METADATA_MS, signal, (until) => prometheus.catalog.metadata(undefined, until)),
      ]);
      const head = `query: ${query}${service ? `\nservice: ${asOneLine(service, 200)}` : ''}`;
      if (names.kind === 'failed') return { status: 'failed', text: `${head}\n${names.reason}` };
      const partial = fitNotes(names.notes, context.roomChars * SHARE_OF_NOTES);
      if (names.items.length === 0)
        return {
          status: 'no_data',
          text: [head, await noNames(prometheus, range, context, service), ...partial].join('\n'),
        };

      const families = familiesOf(names.items, told?.kind === 'metadata' ? told.of : undefined);
      const search = await searchNames(query, families);
      if (search.found.length === 0) {
        return { status: 'no_data', text: [head, nothingFound(query, families, service), ...partial].join('\n') };
      }
      const wanted = search.found.slice(0, limit ?? DEFAULT_LIMIT);
      const counts = await seriesCounts(prometheus, { families: wanted, service, at: now }, signal);
      const lines = wanted.map((family) => lineOf(family, countOf(family, counts)));
      const top = [head, resultLine(search, families.length, service)].join('\n');
      const notes = [...notesOn(search, told, service), ...partial];
      const room = context.roomChars - top.length - notes.join('\n').length - FOOT_CHARS;
      const shown = takeLines(lines, room);
      const left = search.found.length - shown.length;
      const rest =
        left > 0
          ? [`left out: ${countInWords(left, 'metric')} that match as many words. Add a word, or name a service.`]
          : [];
      return {
        status: 'ok',
        text: [top, ...shown, ...rest, ...notes].join('\n'),
        ...((left > 0 || wanted.some(({ help }) => help.length > MAX_HELP_CHARS)) && { full: fullOf(search.found) }),
      };
    },
  };
}

function resultLine({ found, fewer }: NameSearch, all: number, service: string | null | undefined): string {
  const others = fewer > 0 ? `; ${fewer} more match fewer of the words` : '';
  return `result: metrics, ${found.length} found of ${all}${service ? ' that this service exports' : ''}${others}`;
}

/** `http_requests_total counter, 24 series: requests served`. */
function lineOf(family: MetricFamily, count: number | undefined): string {
  const { name, type, isGuessed, help } = family;
  const kind = `${type}${isGuessed && type !== 'recorded' ? ' (by its name)' : ''}`;
  const series = count === undefined ? '' : `, ${count} series`;
  return `${asOneLine(metricName(name), MAX_NAME_CHARS)} ${kind}${series}${help ? `: ${asOneLine(help, MAX_HELP_CHARS)}` : ''}`;
}

function fullOf(found: readonly MetricFamily[]): string {
  return found
    .map(({ name, type, help }) => `${metricName(name)} ${type}${help ? `: ${asOneLine(help, 2_000)}` : ''}`)
    .join('\n');
}

function notesOn(
  { unknown }: NameSearch,
  told: MetadataAnswer | undefined,
  service: string | null | undefined,
): string[] {
  const words = unknown.map((word) => JSON.stringify(word)).join(', ');
  const hint = service ? '' : '; the name of a service belongs into service';
  return [
    ...(unknown.length > 0 ? [`in no name and no help text: ${words}${hint}`] : []),
    ...(told?.kind === 'metadata' && told.of.size > 0 ? [] : [`not known: types and help texts: ${reasonOf(told)}`]),
  ];
}

function reasonOf(told: MetadataAnswer | undefined): string {
  if (told === undefined) return `no answer within ${METADATA_MS / 1000} s.`;
  return told.kind === 'failed' ? told.reason : 'this server holds none.';
}

async function noNames(
  prometheus: PrometheusClient,
  range: TimeRange,
  { signal }: ToolContext,
  service: string | null | undefined,
): Promise<string> {
  if (!service) {
    return 'Found nothing: the question worked, and this Prometheus held no metric at all in the last hours. Its targets may all be down (list_targets), or the tenant may be another one.';
  }
  const services = await knownServices(prometheus.catalog, range, signal);
  const known = services ? ` Known are: ${services}.` : ' No label names a service here.';
  return `Found nothing: the question worked, and no metric of the last hours has this service as service, job, app, service_name, container or component.${known}`;
}

function nothingFound(query: string, families: readonly MetricFamily[], service: string | null | undefined): string {
  const near = nearestNames(
    query,
    families.map(({ name }) => name),
    6,
  );
  const nearest =
    near.length > 0 ? ` The nearest names: ${near.map((name) => asOneLine(metricName(name), 90)).join(', ')}.` : '';
  const where = service ? `the ${families.length} metrics that this service exports` : `${families.length} metrics`;
  const next = service ? ' Ask without service, too: others may measure it (a node, a database, a proxy).' : '';
  return `Found nothing: the question worked, and none of ${where} has one of these words in its name or help text.${nearest}${next}`;
}
