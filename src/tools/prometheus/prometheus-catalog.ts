import type { Labels } from '../../domain/alert';
import type { BackendClient } from '../backend-client';
import { isObject, readLabels } from '../metric-result';
import type { TimeRange } from '../time-input';
import { dataOf, type Failed, failed, inField, listOf, type ListAnswer, seconds } from './envelope';

/** What the targets tell of a metric. */
export interface MetricMetadata {
  /** `counter`, `gauge`, `histogram` …; `unknown` where the target does not say. */
  readonly type: string;
  readonly help: string;
  /** Mostly empty: it stands in the name. */
  readonly unit: string;
}

/** By the name of the metric; of a histogram by the name without `_bucket`. */
export type MetadataAnswer = { readonly kind: 'metadata'; readonly of: ReadonlyMap<string, MetricMetadata> } | Failed;

/** Something that is scraped, as the scraping server knows it. */
export interface ActiveTarget {
  /** Those of its `up`. */
  readonly labels: Labels;
  readonly health: 'up' | 'down' | 'unknown';
  /** Of the last scrape; empty when it went well. */
  readonly lastError: string;
  /** Absent: not scraped yet. */
  readonly lastScrape?: Date;
}

/** Which part of what is stored is asked about. */
export interface Scope extends TimeRange {
  /** Series that match one of these; none: all. */
  readonly selectors?: readonly string[];
}

/** What can be asked about, of Prometheus or whatever speaks its API: names, labels, types, targets. */
export class PrometheusCatalog {
  constructor(private readonly backend: BackendClient) {}

  /** Servers older than 3 know no limit: the answer has all of them. */
  async labelValues(label: string, { selectors, start, end }: Scope, signal: AbortSignal): Promise<ListAnswer<string>> {
    const asked = new URLSearchParams((selectors ?? []).map((selector): [string, string] => ['match[]', selector]));
    asked.append('start', seconds(start));
    asked.append('end', seconds(end));
    const path = `/api/v1/label/${encodeURIComponent(label)}/values`;
    return listOf(await this.backend.get(path, asked, signal), (data) => data ?? [], readText);
  }

  /** The names of the labels that the series of a selector have. */
  async labelNames(selector: string, { start, end }: TimeRange, signal: AbortSignal): Promise<ListAnswer<string>> {
    const form = { 'match[]': selector, start: seconds(start), end: seconds(end) };
    return listOf(await this.backend.post('/api/v1/labels', form, signal), (data) => data ?? [], readText);
  }

  /** @param metric absent: of all metrics */
  async metadata(metric: string | undefined, signal: AbortSignal): Promise<MetadataAnswer> {
    const asked = new URLSearchParams(metric === undefined ? {} : { metric });
    const data = dataOf(await this.backend.get('/api/v1/metadata', asked, signal));
    if (data.kind === 'failed') return data;
    if (!isObject(data.data)) return failed('Prometheus answered in a form that is not known.');
    const of = Object.entries(data.data).flatMap(([name, told]): [string, MetricMetadata][] => {
      const first: unknown = Array.isArray(told) ? told[0] : undefined; // targets that disagree: any of them will do
      return isObject(first) ? [[name, readMetadata(first)]] : [];
    });
    return { kind: 'metadata', of: new Map(of) };
  }

  /** @param pool narrows the list where the server can (Prometheus 2.43 and later); others give every target */
  async targets(pool: string | undefined, signal: AbortSignal): Promise<ListAnswer<ActiveTarget>> {
    const asked = new URLSearchParams({ state: 'active', ...(pool !== undefined && { scrapePool: pool }) });
    return listOf(await this.backend.get('/api/v1/targets', asked, signal), inField('activeTargets'), readTarget);
  }
}

function readText(raw: unknown): string | undefined {
  return typeof raw === 'string' ? raw : undefined;
}

function readMetadata({ type, help, unit }: Readonly<Record<string, unknown>>): MetricMetadata {
  return { type: readText(type) ?? 'unknown', help: readText(help) ?? '', unit: readText(unit) ?? '' };
}

function readTarget(raw: unknown): ActiveTarget | undefined {
  if (!isObject(raw)) return undefined;
  const labels = readLabels(raw.labels);
  if (!labels) return undefined;
  const scraped = Date.parse(readText(raw.lastScrape) ?? '');
  return {
    labels,
    health: raw.health === 'up' || raw.health === 'down' ? raw.health : 'unknown',
    lastError: readText(raw.lastError) ?? '',
    /* Go's zero time stands for "never" */
    ...(scraped > 0 && { lastScrape: new Date(scraped) }),
  };
}
